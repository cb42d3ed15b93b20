"""Whose hands each person is in, how they are looked upon, what the desk was asked, and the options not taken."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

TOLD = """
CREATE TRIGGER told AFTER INSERT OR UPDATE ON operations_handover
    FOR EACH ROW EXECUTE FUNCTION operations_told('operation_id');
CREATE TRIGGER told AFTER INSERT OR UPDATE ON operations_classified
    FOR EACH ROW EXECUTE FUNCTION operations_told('operation_id');
CREATE TRIGGER told AFTER INSERT OR UPDATE ON operations_fastcheck
    FOR EACH ROW EXECUTE FUNCTION operations_told('operation_id');
"""
REJECTED = "ALTER TABLE operations_decision ADD COLUMN rejected bytea NULL"
KEPT = "REVOKE UPDATE, DELETE, TRUNCATE ON operations_classified FROM wb_app;"


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0005_operation_order"),
    ]

    operations = [
        migrations.CreateModel(
            name="Classified",
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
                ("found_id", models.UUIDField(db_index=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("victim", "Possible victim"),
                            ("suspect", "Suspect"),
                            ("both", "Suspect and possible victim"),
                            ("witness", "Witness"),
                            ("not sure", "Not sure"),
                        ],
                        max_length=8,
                    ),
                ),
                ("why", wilberforce.base.sealed.SealedField(blank=True)),
                ("by", models.UUIDField(help_text="membership")),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.SeparateDatabaseAndState(
            # A sealed column can't be filled by the database, so it begins empty.
            [migrations.RunSQL(REJECTED, "ALTER TABLE operations_decision DROP COLUMN rejected")],
            [
                migrations.AddField(
                    model_name="decision",
                    name="rejected",
                    field=wilberforce.base.sealed.SealedField(blank=True, null=True),
                )
            ],
        ),
        migrations.CreateModel(
            name="FastCheck",
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
                ("number", models.PositiveIntegerField()),
                ("site_id", models.UUIDField(blank=True, null=True)),
                ("question", wilberforce.base.sealed.SealedField(blank=True)),
                ("asked_by", models.UUIDField(help_text="membership")),
                ("asked_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("answer", wilberforce.base.sealed.SealedField(blank=True)),
                ("answered_by", models.UUIDField(blank=True, help_text="membership", null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("operation_id"), models.F("number"), name="operations_check_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                ("found_id", models.UUIDField(db_index=True)),
                ("number", models.PositiveSmallIntegerField()),
                ("reference", models.CharField(max_length=12)),
                (
                    "from_place",
                    models.CharField(
                        choices=[
                            ("site", "At the site"),
                            ("vehicle", "In a vehicle"),
                            ("centre", "At the reception centre"),
                            ("hospital", "In hospital"),
                            ("custody", "In custody"),
                            ("left", "Left by their own choice"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "to_place",
                    models.CharField(
                        choices=[
                            ("site", "At the site"),
                            ("vehicle", "In a vehicle"),
                            ("centre", "At the reception centre"),
                            ("hospital", "In hospital"),
                            ("custody", "In custody"),
                            ("left", "Left by their own choice"),
                        ],
                        max_length=8,
                    ),
                ),
                ("to_id", models.UUIDField(blank=True, db_index=True, null=True)),
                ("given_by", models.UUIDField(help_text="membership")),
                ("given_at", models.DateTimeField()),
                ("received_by", models.UUIDField(blank=True, help_text="membership", null=True)),
                ("received_words", wilberforce.base.sealed.SealedField(blank=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_why", wilberforce.base.sealed.SealedField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("found_id"), models.F("number"), name="operations_handover_number"
                    ),
                    models.UniqueConstraint(
                        models.F("found_id"),
                        condition=models.Q(("received_at", None), ("undone_at", None)),
                        name="operations_handover_open_once",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
