"""Each change of an agreement, a disclosure, a request or an outside recipient leaves what was there before: the database
writes it, nobody can leave it out, and the guardians of the two sides read it."""

from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids

KEPT = """
CREATE FUNCTION sharing_keep_before() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE before jsonb := to_jsonb(OLD); after jsonb := to_jsonb(NEW); lost jsonb;
BEGIN
    SELECT jsonb_object_agg(o.key, o.value) INTO lost FROM jsonb_each(before) o WHERE o.value IS DISTINCT FROM after -> o.key;
    IF lost IS NOT NULL THEN
        INSERT INTO sharing_before (id, what, record_id, from_agency_id, to_agency_id, at, by, was, why) VALUES (
            gen_random_uuid(), TG_ARGV[0], OLD.id,
            coalesce(before ->> 'from_agency_id', before ->> 'agency_id')::uuid,
            coalesce(before ->> 'to_agency_id', before ->> 'agency_id')::uuid,
            access_now(), ctx_membership(), lost, coalesce(current_setting('sharing.why', true), ''));
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION sharing_keep_before() OWNER TO wb_search;
GRANT INSERT, SELECT ON sharing_before TO wb_search;
""" + "".join(
    f"CREATE TRIGGER sharing_keep_before AFTER UPDATE ON sharing_{what}"
    f" FOR EACH ROW EXECUTE FUNCTION sharing_keep_before('{what}');\n"
    for what in ("agreement", "disclosure", "request", "outsider")
)
SIDES = """
ALTER TABLE sharing_before ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_before FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_before FOR SELECT USING (
    (SELECT ctx_agency()) IN (from_agency_id, to_agency_id) AND (SELECT ctx_role()) = 'data_guardian');
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON sharing_before FROM wb_app;
GRANT UPDATE (name, reached) ON sharing_outsider TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0031_nobody_signs_or_answers_for_another")]

    operations = [
        migrations.CreateModel(
            name="Before",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(max_length=20)),
                ("record_id", models.UUIDField()),
                ("from_agency_id", models.UUIDField()),
                ("to_agency_id", models.UUIDField()),
                ("at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("by", models.UUIDField(blank=True, null=True)),
                ("was", models.JSONField()),
                ("why", models.CharField(blank=True, max_length=500)),
            ],
            options={"indexes": [models.Index(models.F("record_id"), models.F("at"), name="before_of")]},
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(SIDES, migrations.RunSQL.noop),
    ]
