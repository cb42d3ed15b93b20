"""Whoever takes a yes back sees what rests on it without a look at every disclosure."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0038_a_pack_holds_what_was_agreed")]

    operations = [
        migrations.AddIndex(
            "disclosure",
            models.Index("answer_id", condition=models.Q(("answer_id__isnull", False)), name="disclosure_rests_on"),
        )
    ]
