"""What investigator and prosecutor weigh of the defence, written once; and why a charge went on without it."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

COLUMN = "ALTER TABLE custody_outcome ADD COLUMN unweighed bytea"


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0011_until_when_bail_runs"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [migrations.RunSQL(COLUMN, "ALTER TABLE custody_outcome DROP COLUMN unweighed")],
            [
                migrations.AddField(
                    model_name="outcome",
                    name="unweighed",
                    field=wilberforce.base.sealed.SealedField(
                        blank=True, null=True, help_text="why a charge went on before the defence was weighed"
                    ),
                )
            ],
        ),
        migrations.CreateModel(
            name="Weighing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("operation_id", models.UUIDField(db_index=True)),
                ("recorded_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("arrested_by", models.UUIDField(help_text="membership")),
                ("arrest_id", models.UUIDField(db_index=True)),
                ("taken_to", models.UUIDField()),
                (
                    "whose",
                    models.CharField(
                        choices=[("investigator", "The investigator"), ("prosecutor", "The prosecutor")], max_length=12
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField(help_text="membership")),
                ("decided_by", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "may_be_victim",
                    models.CharField(choices=[("yes", "Yes"), ("no", "No"), ("not sure", "Not sure")], max_length=8),
                ),
                (
                    "age",
                    models.CharField(
                        choices=[
                            ("adult", "18 or over"),
                            ("child", "Under 18"),
                            ("not sure", "Not sure: weighed as under 18"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "offences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                (
                    "scheduled",
                    models.CharField(
                        choices=[
                            ("yes", "Yes, all of them"),
                            ("some", "Some of them"),
                            ("no", "None of them"),
                            ("not sure", "Not sure"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "compelled",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("no", "No"),
                            ("not sure", "Not sure"),
                            ("not-asked", "Not asked: they were, or may be, under 18"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "linked",
                    models.CharField(choices=[("yes", "Yes"), ("no", "No"), ("not sure", "Not sure")], max_length=8),
                ),
                (
                    "reasonable",
                    models.CharField(choices=[("yes", "Yes"), ("no", "No"), ("not sure", "Not sure")], max_length=8),
                ),
                ("considered", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "conclusion",
                    models.CharField(
                        choices=[
                            ("may-apply", "The defence may apply"),
                            ("does-not-apply", "The defence does not apply"),
                            ("excluded", "Schedule 4 excludes it: the public interest is weighed"),
                            ("more-needed", "More is needed before it can be said"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "charging",
                    models.CharField(
                        blank=True,
                        choices=[("charge", "To charge"), ("no-charge", "Not to charge"), ("later", "Not decided yet")],
                        max_length=10,
                    ),
                ),
                ("reason", wilberforce.base.sealed.SealedField(blank=True)),
                ("instead_of", models.UUIDField(blank=True, help_text="the weighing that it corrects", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("instead_of"),
                        condition=models.Q(("instead_of", None), _negated=True),
                        name="custody_weighing_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("charging__gt", ""), ("whose", "prosecutor")),
                            models.Q(("charging", ""), ("whose", "investigator")),
                            _connector="OR",
                        ),
                        name="custody_only_a_prosecutor_charges",
                    ),
                ],
            },
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON custody_weighing FROM wb_app;", migrations.RunSQL.noop),
    ]
