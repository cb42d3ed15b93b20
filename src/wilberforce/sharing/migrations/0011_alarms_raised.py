"""Opening a record in an emergency alarms the person's workers in the same transaction; what waits in sharing, for
the page of whoever it waits for."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

RAISED = f"""
CREATE FUNCTION sharing_alarm_workers() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    INSERT INTO sharing_emergencyalarm (id, emergency_id, membership_id, raised_at, said)
    SELECT DISTINCT ON (a.membership_id) gen_random_uuid(), NEW.id, a.membership_id, access_now(), ''
    FROM survivors_assignment a
    WHERE a.person_id = NEW.subject_id AND a.ended_at IS NULL AND a.until > access_now()
      AND a.membership_id <> NEW.membership_id;
    RETURN NULL;
END $$;
GRANT INSERT, SELECT ON sharing_emergencyalarm TO wb_search;
ALTER FUNCTION sharing_alarm_workers() OWNER TO wb_search;
CREATE TRIGGER sharing_alarm_workers AFTER INSERT ON sharing_emergency
    FOR EACH ROW EXECUTE FUNCTION sharing_alarm_workers();

CREATE FUNCTION sharing_alarms() RETURNS TABLE (id uuid, reference text, opened_at timestamptz, reason text,
    agency text, role text, seen_at timestamptz, said text)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT l.id, e.reference::text, e.opened_at, e.reason::text, a.name::text,
        coalesce((SELECT h.role FROM agencies_roleheld h WHERE h.membership_id = e.membership_id AND h.ends IS NULL
                  ORDER BY h.starts LIMIT 1), '')::text, l.seen_at, l.said::text
    FROM sharing_emergencyalarm l JOIN sharing_emergency e ON e.id = l.emergency_id
    JOIN agencies_agency a ON a.id = e.agency_id
    WHERE l.membership_id = ctx_membership() ORDER BY l.seen_at IS NOT NULL, e.opened_at DESC LIMIT 25
$$;
GRANT SELECT ON agencies_roleheld TO wb_search;
ALTER FUNCTION sharing_alarms() OWNER TO wb_search;
REVOKE ALL ON FUNCTION sharing_alarms() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_alarms() TO wb_app;
"""

SIDES = """
ALTER TABLE sharing_emergencyalarm ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_emergencyalarm FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sharing_emergencyalarm USING (membership_id = (SELECT ctx_membership()));
CREATE POLICY guards ON sharing_emergencyalarm FOR SELECT USING (
    (SELECT ctx_role()) = 'data_guardian' AND EXISTS (SELECT 1 FROM sharing_emergency e WHERE e.id = emergency_id));
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON sharing_emergencyalarm FROM wb_app;
GRANT UPDATE (seen_at, said) ON sharing_emergencyalarm TO wb_app;
"""

WAITS = f"""
CREATE FUNCTION sharing_waits() RETURNS TABLE (code text, subject uuid, at timestamptz)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT 'alarm', l.id, l.raised_at FROM sharing_emergencyalarm l
    WHERE l.membership_id = ctx_membership() AND l.seen_at IS NULL
    UNION ALL
    SELECT 'police_ask', v.id, v.asked_at FROM sharing_victimrequest v
    WHERE v.refused_at IS NULL AND v.taken_back_at IS NULL AND v.sent_at IS NULL AND (
        v.from_agency_id = ctx_agency() AND v.counselling AND v.senior_at IS NULL
            AND ctx_roles() && ARRAY['op_commander', 'review_officer']
        OR v.to_agency_id = ctx_agency() AND (NOT v.counselling OR v.senior_at IS NOT NULL)
            AND CASE v.data_class WHEN 'health' THEN 'health_worker' ELSE 'reception_manager' END = ANY (ctx_roles()))
$$;
ALTER FUNCTION sharing_waits() OWNER TO wb_search;
REVOKE ALL ON FUNCTION sharing_waits() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0010_alarms_to_workers"),
        ("survivors", "0002_facts"),
        ("agencies", "0001_organisations_people_roles"),
    ]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (RAISED, SIDES, WAITS)]
