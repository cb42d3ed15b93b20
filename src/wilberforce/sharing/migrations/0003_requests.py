from django.db import migrations, models

import wilberforce.base.clock
import wilberforce.base.ids

SIDES = """
ALTER TABLE sharing_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_request FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_request FOR SELECT
    USING ((SELECT ctx_agency()) IN (from_agency_id, to_agency_id));
CREATE POLICY asks ON sharing_request FOR INSERT WITH CHECK (from_agency_id = (SELECT ctx_agency()));
CREATE POLICY goes_on ON sharing_request FOR UPDATE USING ((SELECT ctx_agency()) IN (from_agency_id, to_agency_id));
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_request FROM wb_app;
GRANT UPDATE (answered_by, disclosure_id, refused_at, disputed_at) ON sharing_request TO wb_app;
"""
GROUND = """
CREATE FUNCTION sharing_ground(p_person uuid, p_to uuid, p_class text, p_basis text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- the latest yes to exactly this recipient for this class and purpose, or the law recorded for them
    SELECT found.id FROM (
        SELECT a.id FROM survivors_answer a JOIN survivors_person p ON p.id = a.person_id
        WHERE p_basis = 'consent' AND a.person_id = p_person AND a.recipient_id = p_to AND a.about_class = p_class
          AND a.purpose = ctx_purpose() AND a.answer = 'given' AND a.controller_id = ctx_agency()
          AND (a.expires_at IS NULL OR a.expires_at > access_now()) AND a.language = ANY (p.languages)
          AND NOT EXISTS (
            SELECT 1 FROM survivors_answer later
            WHERE later.person_id = a.person_id AND later.purpose = a.purpose AND later.about_class = a.about_class
              AND later.recipient_id = a.recipient_id AND (later.recorded_at, later.id) > (a.recorded_at, a.id))
        UNION ALL
        SELECT b.id FROM survivors_legalbasis b
        WHERE b.person_id = p_person AND b.recipient_id = p_to AND b.basis = p_basis AND p_class = ANY (b.about_classes)
          AND b.controller_id = ctx_agency() AND (b.ends_at IS NULL OR b.ends_at > access_now())
    ) found LIMIT 1
$$;
ALTER FUNCTION sharing_ground(uuid, uuid, text, text) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0002_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("from_agency_id", models.UUIDField(help_text="who asks")),
                ("to_agency_id", models.UUIDField(help_text="who controls the record")),
                ("data_class", models.CharField(max_length=20)),
                ("projection", models.CharField(blank=True, max_length=40)),
                ("purpose", models.CharField(max_length=30)),
                ("basis", models.CharField(max_length=40)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField(default=wilberforce.base.clock.now)),
                ("answered_by", models.UUIDField(blank=True, null=True)),
                ("disclosure_id", models.UUIDField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("disputed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("to_agency_id"), models.F("asked_at"), name="request_to"),
                    models.Index(models.F("from_agency_id"), models.F("asked_at"), name="request_from"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("from_agency_id", models.F("to_agency_id")), _negated=True),
                        name="request_from_another_agency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("refused_at", None), ("disclosure_id", None), _connector="OR"),
                        name="request_refused_or_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("disputed_at", None), ("refused_at__isnull", False), _connector="OR"),
                        name="request_disputed_after_refusal",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(GROUND, "DROP FUNCTION sharing_ground(uuid, uuid, text, text)"),
    ]
