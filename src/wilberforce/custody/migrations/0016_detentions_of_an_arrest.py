"""What is asked of one arrest finds its detentions without reading those of the whole operation."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("custody", "0015_after_custody")]

    operations = [migrations.AddIndex("detention", models.Index("arrest_id", name="custody_of_arrest"))]
