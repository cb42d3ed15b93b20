"""An exercise has its own clock, and its id says that it is one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0007_debriefs"),
    ]

    operations = [
        migrations.AddField(
            model_name="operation",
            name="pace",
            field=models.PositiveSmallIntegerField(default=1, help_text="minutes of the exercise in each real one"),
        ),
        migrations.AddField(
            model_name="operation",
            name="plays_from",
            field=models.DateTimeField(blank=True, help_text="where the exercise's clock begins", null=True),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("exercise", False),
                    models.Q(("pace__gte", 1), ("plays_from__isnull", False), ("started_at__isnull", False)),
                    _connector="OR",
                ),
                name="operations_exercise_has_a_clock",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE operations_operation ADD CONSTRAINT operations_exercise_by_its_id"
            " CHECK (exercise = (substr(id::text, 15, 1) = '8'));",
            "ALTER TABLE operations_operation DROP CONSTRAINT operations_exercise_by_its_id;",
        ),
    ]
