"""How a detention ended can be put right: a further row stands in place of the one that was wrong, which stays."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0017_found_again_after_it_ended"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outcome",
            name="custody_ends_once",
        ),
        migrations.AddField(
            model_name="outcome",
            name="instead_of",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="news",
            name="kind",
            field=models.CharField(
                choices=[
                    ("arrested", "Arrested"),
                    ("interview", "Interviewed under caution"),
                    ("bail", "Bail changed or extended"),
                    ("charged", "Charged"),
                    ("bailed", "Released on bail"),
                    ("under-investigation", "Released under investigation"),
                    ("no-further-action", "No further action"),
                    ("immigration", "Moved to immigration detention"),
                    ("transferred", "Handed to another force"),
                    ("reclassified", "No longer a suspect"),
                    ("mistaken", "Still in custody: that it had ended was written by mistake"),
                    ("requisition", "Charged by post"),
                    ("appeared", "Kept in custody by magistrates"),
                    ("sent", "Sent for trial, kept in custody"),
                    ("court-bail", "Released by the court on bail"),
                    ("trial", "The trial began"),
                    ("case-over", "The case is over"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="outcome",
            name="kind",
            field=models.CharField(
                choices=[
                    ("charged", "Charged"),
                    ("bailed", "Released on bail before charge"),
                    ("under-investigation", "Released under investigation"),
                    ("no-further-action", "No further action"),
                    ("immigration", "Transferred to immigration detention"),
                    ("transferred", "Handed over to another force"),
                    ("reclassified", "No longer a suspect: may be a victim"),
                    ("mistaken", "It had not ended: they are still detained"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                models.F("detention_id"), condition=models.Q(("instead_of", None)), name="custody_ends_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(models.F("instead_of"), name="custody_ending_corrected_once"),
        ),
    ]
