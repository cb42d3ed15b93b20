"""The newest disclosures, and those about one person, are found by an index."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("sharing", "0023_disclosed_while_its_giver_acts")]

    operations = [
        migrations.AddIndex("disclosure", models.Index(F("asked_at").desc(), F("id").desc(), name="disclosure_latest")),
        migrations.AddIndex("disclosure", models.Index("subject_id", name="disclosure_of")),
    ]
