from django.db import migrations, models

import wilberforce.base.ids

COLUMNS = (
    "id, at, request, op, actor, controller_id, kind, role, purpose, subject_class, action, projection, rule, "
    "policy, allowed, reason, recipient_id, objects_seen"
)

SEQUENCE = f"""
CREATE TABLE ledger_horizon (xact xid8 NOT NULL);
CREATE UNIQUE INDEX ledger_horizon_one ON ledger_horizon ((true));
INSERT INTO ledger_horizon VALUES ('0');
CREATE INDEX ledger_leaf_xact ON ledger_leaf (xact);

-- who writes a leaf can't say in which transaction
REVOKE INSERT ON ledger_leaf FROM wb_app;
GRANT INSERT ({COLUMNS}) ON ledger_leaf TO wb_app;

REVOKE ALL ON ledger_horizon, ledger_position, ledger_node, ledger_checkpoint, ledger_cosignature FROM wb_app;
GRANT SELECT ON ledger_position, ledger_node, ledger_checkpoint, ledger_cosignature TO wb_app;

GRANT SELECT ON ledger_leaf TO wb_sequencer;
GRANT SELECT, UPDATE ON ledger_horizon TO wb_sequencer;
GRANT SELECT, INSERT ON ledger_position, ledger_node, ledger_checkpoint, ledger_cosignature TO wb_sequencer;
CREATE POLICY sequencer_reads ON ledger_leaf FOR SELECT TO wb_sequencer USING (true);
"""

BACK = """
DROP POLICY sequencer_reads ON ledger_leaf;
REVOKE SELECT ON ledger_leaf FROM wb_sequencer;
GRANT INSERT ON ledger_leaf TO wb_app;
DROP INDEX ledger_leaf_xact;
DROP TABLE ledger_horizon;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_leaves")]

    operations = [
        migrations.CreateModel(
            name="Position",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("leaf_id", models.UUIDField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "ledger_position"},
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"db_table": "ledger_node"},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("note", models.TextField()),
            ],
            options={"db_table": "ledger_checkpoint"},
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                ("id", models.UUIDField(default=wilberforce.base.ids.new_id, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("witness", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("line", models.TextField()),
            ],
            options={
                "db_table": "ledger_cosignature",
                "indexes": [models.Index(fields=["size", "witness"], name="ledger_cosignature_size")],
            },
        ),
        migrations.RunSQL(SEQUENCE, BACK),
    ]
