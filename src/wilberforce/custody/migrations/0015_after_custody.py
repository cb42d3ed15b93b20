"""What the case team writes after custody, and more of what victims hear."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0014_handed_over_between_forces"),
    ]

    operations = [
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
        migrations.CreateModel(
            name="Proceeding",
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
                ("arrest_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("requisition", "Charged by post: written charge and requisition issued"),
                            ("no-further-action", "No further action"),
                            ("bail-over", "Police bail is over: they answered it, or were arrested again"),
                            ("appeared", "First appearance before magistrates, kept in custody"),
                            ("sent", "Sent for trial to the Crown Court, kept in custody"),
                            ("indicted", "New or preferred indictment, kept in custody"),
                            ("extended", "The court extended the custody time limit"),
                            ("court-bail", "The court gave bail"),
                            ("trial", "The trial began"),
                            ("case-over", "The case is over without a trial"),
                            ("struck-out", "None of these: the line that it corrects is struck out"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, help_text="the last day of an extended time limit", null=True)),
                (
                    "spent",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="days already in custody that the limit counts"
                    ),
                ),
                (
                    "offences",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                ("text", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "unweighed",
                    wilberforce.base.sealed.SealedField(
                        blank=True, help_text="why a charge went on before the defence was weighed"
                    ),
                ),
                ("by", models.UUIDField(help_text="membership")),
                ("instead_of", models.UUIDField(blank=True, help_text="the step that it corrects", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("instead_of"),
                        condition=models.Q(("instead_of", None), _negated=True),
                        name="custody_step_corrected_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "extended"), _negated=True), ("until__isnull", False), _connector="OR"
                        ),
                        name="custody_extended_until",
                    ),
                ],
            },
        ),
        migrations.RunSQL("REVOKE UPDATE, DELETE, TRUNCATE ON custody_proceeding FROM wb_app;", migrations.RunSQL.noop),
    ]
