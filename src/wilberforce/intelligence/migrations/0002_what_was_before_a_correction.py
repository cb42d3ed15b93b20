import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("intelligence", "0001_items_and_suspicion"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerItem",
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
                ("operation_id", models.UUIDField(null=True)),
                (
                    "handling",
                    models.CharField(
                        choices=[
                            ("P", "P: lawful sharing permitted"),
                            ("C", "C: lawful sharing permitted with conditions"),
                        ],
                        max_length=1,
                    ),
                ),
                ("handling_level", models.PositiveSmallIntegerField()),
                (
                    "handling_agencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerSuspect",
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
                ("operation_id", models.UUIDField(null=True)),
                (
                    "handling",
                    models.CharField(
                        choices=[
                            ("P", "P: lawful sharing permitted"),
                            ("C", "C: lawful sharing permitted with conditions"),
                        ],
                        max_length=1,
                    ),
                ),
                ("handling_level", models.PositiveSmallIntegerField()),
                (
                    "handling_agencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON intelligence_formeritem, intelligence_formersuspect FROM wb_app",
            migrations.RunSQL.noop,
        ),
    ]
