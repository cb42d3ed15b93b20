"""That a debrief was held, and what each agency would keep or change."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0006_handovers_checks_and_rejected_options"),
    ]

    operations = [
        migrations.CreateModel(
            name="Debrief",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("operation_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("hot", "Hot debrief, the same day"), ("structured", "Structured debrief")],
                        max_length=10,
                    ),
                ),
                ("held_at", models.DateTimeField()),
                ("led_by", models.UUIDField(help_text="membership")),
                (
                    "agencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("operation_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("hot", "Hot debrief, the same day"), ("structured", "Structured debrief")],
                        max_length=10,
                    ),
                ),
                ("agency_id", models.UUIDField()),
                ("by", models.UUIDField(help_text="membership")),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("planning", "Planning and briefing"),
                            ("entry", "Entry and search"),
                            ("people", "The people found"),
                            ("centre", "Reception centre"),
                            ("custody", "Arrests and custody"),
                            ("partners", "Working together"),
                            ("words", "Communications and the public"),
                            ("welfare", "Welfare of those who worked"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("keep", "Keep it"), ("change", "Change it"), ("not sure", "Not sure")], max_length=8
                    ),
                ),
                ("text", wilberforce.base.sealed.SealedField(blank=True)),
                ("follows", wilberforce.base.sealed.SealedField(blank=True)),
                ("owner_id", models.UUIDField(blank=True, help_text="the agency that does it", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON operations_debrief, operations_lesson FROM wb_app;",
            migrations.RunSQL.noop,
        ),
    ]
