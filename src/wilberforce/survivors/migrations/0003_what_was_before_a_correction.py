from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("survivors", "0002_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAccount",
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
                ("person_id", models.UUIDField()),
                ("operation_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerPerson",
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
                ("centre_id", models.UUIDField()),
                ("operation_id", models.UUIDField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(
            "ALTER TABLE survivors_formeridentity ADD COLUMN why bytea NULL",
            "ALTER TABLE survivors_formeridentity DROP COLUMN why",
            state_operations=[
                migrations.AddField(
                    model_name="formeridentity",
                    name="why",
                    field=wilberforce.base.sealed.SealedField(blank=True, null=True),
                ),
            ],
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON survivors_formerperson, survivors_formeraccount FROM wb_app",
            migrations.RunSQL.noop,
        ),
    ]
