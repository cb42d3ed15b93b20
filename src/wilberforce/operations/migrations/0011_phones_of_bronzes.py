"""Phones of bronzes that work without a network: who sits at each, and every sealed row as it arrived."""

import django.db.models.deletion
from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids

TOLD = """
CREATE FUNCTION operations_told_of_phone() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_notify('wb_changed', p.operation_id::text) FROM operations_phone p WHERE p.id = NEW.phone_id;
    RETURN NULL;
END $$;
CREATE TRIGGER told AFTER INSERT OR UPDATE ON operations_phonerow FOR EACH ROW EXECUTE FUNCTION operations_told_of_phone();
CREATE FUNCTION operations_phones_forget() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM operations_phonerow r USING operations_phone p WHERE p.id = r.phone_id AND p.operation_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forgotten AFTER DELETE ON operations_operation FOR EACH ROW EXECUTE FUNCTION operations_phones_forget();
GRANT SELECT ON operations_phonerow TO wb_search;
REVOKE DELETE, TRUNCATE ON operations_phone, operations_phoneseat, operations_phonerow FROM wb_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON operations_life FROM wb_app;
INSERT INTO operations_life (id, since) VALUES (gen_random_uuid(), clock_timestamp());
CREATE FUNCTION operations_begin_life() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    INSERT INTO operations_life (id, since) VALUES (gen_random_uuid(), clock_timestamp())
$$;
REVOKE ALL ON FUNCTION operations_begin_life() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations_begin_life() TO wb_app;
"""
UNTOLD = """
DROP FUNCTION operations_told_of_phone() CASCADE;
DROP FUNCTION operations_phones_forget() CASCADE;
DROP FUNCTION operations_begin_life();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("operations", "0010_contingencies_threat_and_bronzes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Life",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateTimeField(default=wilberforce.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("controller_id", models.UUIDField()),
                ("operation_id", models.UUIDField(db_index=True)),
                ("site_id", models.UUIDField()),
                ("label", models.CharField(max_length=40)),
                ("token_hash", models.BinaryField(unique=True)),
                ("public_key", models.BinaryField(null=True)),
                ("enrolled_by", models.UUIDField()),
                ("enrolled_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("lost_at", models.DateTimeField(blank=True, null=True)),
                ("wiped_at", models.DateTimeField(blank=True, null=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("unsent", models.PositiveIntegerField(default=0)),
                ("offset_ms", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PhoneSeat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.random_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("membership_id", models.UUIDField()),
                ("session_hash", models.BinaryField()),
                ("proof_hash", models.BinaryField()),
                ("share", models.BinaryField(null=True)),
                ("wrong", models.PositiveSmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "phone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="seats", to="operations.phone"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhoneRow",
            fields=[
                ("seq", models.BigAutoField(primary_key=True, serialize=False)),
                ("id", models.UUIDField(db_index=True)),
                ("dseq", models.PositiveIntegerField()),
                ("prev", models.BinaryField()),
                ("digest", models.BinaryField()),
                ("kid", models.CharField(max_length=8)),
                ("box", models.BinaryField()),
                ("sig", models.BinaryField()),
                ("received_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("offset_ms", models.BigIntegerField(default=0)),
                ("reason", models.CharField(blank=True, max_length=12)),
                ("why", models.CharField(blank=True, max_length=200)),
                ("taken_in", models.BooleanField(default=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_by", models.UUIDField(blank=True, null=True)),
                (
                    "phone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="operations.phone"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(models.F("phone"), models.F("dseq"), name="operations_row_of_phone"),
                    models.Index(
                        models.F("phone"),
                        condition=models.Q(("settled_at", None), ("taken_in", False)),
                        name="operations_row_waits",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(models.F("phone"), models.F("digest"), name="operations_row_arrives_once")
                ],
            },
        ),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
