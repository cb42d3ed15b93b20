"""When a phone that was reported lost was found again: what was written on it before then waits for a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0020_taken_out_of_the_plan")]

    operations = [migrations.AddField("phone", "found_at", models.DateTimeField(blank=True, null=True))]
