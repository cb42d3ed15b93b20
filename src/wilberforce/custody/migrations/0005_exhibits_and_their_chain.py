"""What was seized, what was written of it before a correction, and the hands through which it goes."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0004_entries_bail_and_transfer"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerExhibit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("record_id", models.UUIDField(db_index=True)),
                ("record_version", models.PositiveIntegerField()),
                ("replaced_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("replaced_by", models.UUIDField()),
                ("was", wilberforce.base.sealed.SealedField(blank=True)),
                ("why", wilberforce.base.sealed.SealedField(blank=True)),
                ("operation_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Exhibit",
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
                ("reference", models.CharField(max_length=12)),
                ("site_id", models.UUIDField(blank=True, null=True)),
                ("mark", wilberforce.base.sealed.SealedField(blank=True)),
                ("mark_digest", models.BinaryField(max_length=32)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("passport", "Passport or identity document"),
                            ("phone", "Telephone or computer"),
                            ("papers", "Papers, tenancy or wage records"),
                            ("money", "Money or a bank card"),
                            ("keys", "Keys or locks"),
                            ("clothing", "Clothing or bedding"),
                            ("weapon", "Weapon"),
                            ("drugs", "Drugs"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("description", wilberforce.base.sealed.SealedField(blank=True)),
                ("place", wilberforce.base.sealed.SealedField(blank=True)),
                ("bag", wilberforce.base.sealed.SealedField(blank=True)),
                ("power", models.CharField(max_length=16)),
                ("seized_at", models.DateTimeField()),
                ("seized_by", wilberforce.base.sealed.SealedField(blank=True)),
                ("written_by", models.UUIDField(help_text="membership")),
                ("owner_id", models.UUIDField(blank=True, null=True)),
                ("owner", models.CharField(blank=True, max_length=12)),
                ("control_id", models.UUIDField(blank=True, null=True)),
                ("control", models.CharField(blank=True, max_length=12)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("operation_id"),
                        models.F("controller_id"),
                        models.F("mark_digest"),
                        name="custody_exhibit_mark_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExhibitMove",
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
                ("exhibit_id", models.UUIDField(db_index=True)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("handed-over", "Handed over"), ("returned", "Returned"), ("disposed", "Disposed of")],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("given_by", wilberforce.base.sealed.SealedField(blank=True)),
                ("received_by", wilberforce.base.sealed.SealedField(blank=True)),
                ("place", wilberforce.base.sealed.SealedField(blank=True)),
                ("bag", wilberforce.base.sealed.SealedField(blank=True)),
                ("why", wilberforce.base.sealed.SealedField(blank=True)),
                ("by", models.UUIDField(help_text="membership")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("exhibit_id"), models.F("number"), name="custody_exhibit_one_chain"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON custody_exhibitmove, custody_formerexhibit FROM wb_app;"
            " REVOKE DELETE, TRUNCATE ON custody_exhibit FROM wb_app;",
            migrations.RunSQL.noop,
        ),
    ]
