"""What an arrest and a custody record said before a correction; never changed again."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("custody", "0007_latest_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerArrest",
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
                ("arrested_by", models.UUIDField()),
                ("taken_to", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerDetention",
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
                ("arrested_by", models.UUIDField()),
                ("arrest_id", models.UUIDField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON custody_formerarrest, custody_formerdetention FROM wb_app;",
            migrations.RunSQL.noop,
        ),
    ]
