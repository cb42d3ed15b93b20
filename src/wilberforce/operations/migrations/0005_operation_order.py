"""The operation order: its parts, each agency's numbered copy of them, and who has read it."""

import django.contrib.postgres.fields
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids
import wilberforce.base.sealed

SITES_OPEN = """
-- Operations whose sites the commander has opened to this planner before the last hours.
CREATE FUNCTION operations_sites_open() RETURNS SETOF uuid LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT operation_id FROM operations_roster
    WHERE membership_id = (SELECT ctx_membership()) AND until IS NULL AND sites_from <= access_now()
$$;
"""
KEPT = "REVOKE UPDATE, DELETE, TRUNCATE ON operations_orderreading FROM wb_app;"


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0004_changes_are_told"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderPart",
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
                    "heading",
                    models.CharField(
                        choices=[
                            ("information", "Information"),
                            ("intent", "Intent"),
                            ("method", "Method"),
                            ("administration", "Administration"),
                            ("risk", "Risk assessment"),
                            ("communications", "Communications"),
                            ("humanitarian", "Humanitarian issues"),
                        ],
                        max_length=16,
                    ),
                ),
                ("text", wilberforce.base.sealed.SealedField(blank=True)),
                (
                    "agencies",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("names_site", models.BooleanField(default=False, help_text="opens with the sites, in the last hours")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="brief",
            name="heading",
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name="brief",
            name="order",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="brief",
            name="superseded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="OrderReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("operation_id", models.UUIDField(db_index=True)),
                ("order", models.PositiveSmallIntegerField()),
                ("copy", models.PositiveSmallIntegerField()),
                ("agency_id", models.UUIDField()),
                ("membership_id", models.UUIDField()),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("operation_id"),
                        models.F("copy"),
                        models.F("membership_id"),
                        name="operations_read_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(SITES_OPEN, "DROP FUNCTION operations_sites_open()"),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
