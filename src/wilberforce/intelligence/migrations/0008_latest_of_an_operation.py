"""Who is under suspicion in an operation is read from its newest on, without sorting all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0007_a_suspicion_ends")]

    operations = [
        migrations.RemoveIndex("suspectentry", "intelligence_suspect_op"),
        migrations.AddIndex(
            "suspectentry",
            models.Index(fields=["operation_id", "-recorded_at", "-id"], name="intelligence_suspect_op_latest"),
        ),
    ]
