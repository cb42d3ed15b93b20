"""An interpreter is called off, or did not come: it stays, and never begins."""

from django.db import migrations, models
from django.db.models import Q

WHY = [
    ("", "It was not called off"),
    ("not needed", "Nobody needs it any more"),
    ("did not come", "The interpreter did not come, or called off"),
    ("mistake", "It was written down by mistake"),
]


class Migration(migrations.Migration):
    dependencies = [("reception", "0028_who_left_lately")]

    operations = [
        migrations.AddField(
            "interpreting", "called_off", models.CharField(blank=True, choices=WHY, default="", max_length=12)
        ),
        migrations.AddField("interpreting", "called_off_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "interpreting",
            models.CheckConstraint(condition=Q(called_off_at=None) | Q(began_at=None), name="called_off_never_began"),
        ),
    ]
