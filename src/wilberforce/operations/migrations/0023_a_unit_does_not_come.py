"""A team or a vehicle that does not come is neither on its way nor finished."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("operations", "0022_an_address_told_otherwise")]

    operations = [
        migrations.AlterField(
            "unit",
            "doing",
            models.CharField(
                choices=[
                    ("standing-by", "Standing by"),
                    ("travelling", "On the way to a site"),
                    ("outside", "Waiting outside"),
                    ("working", "At work"),
                    ("with-people", "With the people found"),
                    ("bringing", "Bringing people away"),
                    ("held-up", "Held up"),
                    ("not-coming", "Not coming"),
                    ("done", "Finished"),
                ],
                default="standing-by",
                max_length=12,
            ),
        ),
    ]
