"""An emergency's facts, whose record it is, and who may answer, agree and review: all decided by the database."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
LIVE = """e.membership_id = ctx_membership() AND e.purpose = ctx_purpose()
      AND e.opened_at <= access_now() + interval '1 minute' AND e.expires_at > access_now()"""

SUBJECT = f"""
CREATE FUNCTION sharing_find_subject() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    -- an unknown reference, or one that two agencies use, is about nobody; whoever asks can't tell the difference
    SELECT (array_agg(p.id))[1], (array_agg(p.controller_id))[1] INTO NEW.subject_id, NEW.holder_id
    FROM survivors_person p WHERE p.reference = NEW.reference AND p.ended_at IS NULL HAVING count(*) = 1;
    NEW.subject_id := coalesce(NEW.subject_id, gen_random_uuid());
    NEW.holder_id := coalesce(NEW.holder_id, NEW.agency_id);
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_find_subject() OWNER TO wb_search;
CREATE TRIGGER sharing_find_subject BEFORE INSERT ON sharing_emergency
    FOR EACH ROW EXECUTE FUNCTION sharing_find_subject();
"""

FACTS = f"""
CREATE OR REPLACE FUNCTION fact_break_glass() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT e.subject_id FROM sharing_emergency e WHERE {LIVE}
$$;
CREATE OR REPLACE FUNCTION fact_threat_to_life() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT e.subject_id FROM sharing_emergency e WHERE {LIVE} AND e.threat_reference <> ''
$$;
CREATE OR REPLACE FUNCTION fact_peer_ok() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT e.subject_id FROM sharing_emergency e
    WHERE {LIVE} AND e.peer_said = 'yes' AND e.peer_at <= e.opened_at + interval '10 minutes'
$$;
CREATE OR REPLACE FUNCTION fact_second_command() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    -- a no of the other agency that comes later still shuts it
    SELECT e.subject_id FROM sharing_emergency e
    WHERE {LIVE} AND e.second_at >= e.opened_at + interval '2 minutes'
      AND (e.peer_at IS NULL OR (e.peer_at > e.second_at AND e.peer_said = 'yes'))
$$;
ALTER FUNCTION fact_break_glass() OWNER TO wb_search;
ALTER FUNCTION fact_threat_to_life() OWNER TO wb_search;
ALTER FUNCTION fact_peer_ok() OWNER TO wb_search;
ALTER FUNCTION fact_second_command() OWNER TO wb_search;
"""

COMMAND = f"""
CREATE FUNCTION sharing_same_command(p_membership uuid) RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    -- whoever commands or works in an operation that the other one commands or works in is of the same command
    WITH works AS (
        SELECT c.operation_id, c.membership_id FROM operations_command c WHERE c.until IS NULL
        UNION SELECT r.operation_id, r.membership_id FROM operations_roster r WHERE r.until IS NULL)
    SELECT EXISTS (SELECT 1 FROM works a JOIN works b USING (operation_id)
                   WHERE a.membership_id = p_membership AND b.membership_id = ctx_membership())
$$;
ALTER FUNCTION sharing_same_command(uuid) OWNER TO wb_search;

CREATE FUNCTION sharing_emergency_answered() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role();
BEGIN
    IF NEW.peer_by IS DISTINCT FROM OLD.peer_by AND (OLD.peer_by IS NOT NULL OR NEW.peer_by IS DISTINCT FROM me
            OR home <> OLD.holder_id OR home = OLD.agency_id
            OR held NOT IN ('reception_manager', 'safeguarding_lead', 'emergency_duty'))
       OR NEW.second_by IS DISTINCT FROM OLD.second_by AND (OLD.second_by IS NOT NULL OR NEW.second_by IS DISTINCT FROM me
            OR ctx_kind() <> 'police' OR held NOT IN ('op_commander', 'review_officer') OR OLD.peer_by IS NOT NULL
            OR sharing_same_command(OLD.membership_id))
       OR NEW.own_review_by IS DISTINCT FROM OLD.own_review_by AND (OLD.own_review_by IS NOT NULL
            OR NEW.own_review_by IS DISTINCT FROM me OR home <> OLD.agency_id OR held <> 'data_guardian')
       OR NEW.holder_review_by IS DISTINCT FROM OLD.holder_review_by AND (OLD.holder_review_by IS NOT NULL
            OR NEW.holder_review_by IS DISTINCT FROM me OR home <> OLD.holder_id OR held <> 'data_guardian')
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else answers this';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_emergency_answered BEFORE UPDATE ON sharing_emergency
    FOR EACH ROW EXECUTE FUNCTION sharing_emergency_answered();
"""

SIDES = """
ALTER TABLE sharing_emergency ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_emergency FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_emergency USING (
    membership_id = (SELECT ctx_membership())
    OR ((SELECT ctx_agency()) IN (agency_id, holder_id) AND (SELECT ctx_role()) = 'data_guardian')
    OR (threat_reference <> '' AND (SELECT ctx_agency()) = holder_id AND holder_id <> agency_id
        AND (SELECT ctx_role()) IN ('reception_manager', 'safeguarding_lead', 'emergency_duty'))
    OR (threat_reference <> '' AND (SELECT ctx_kind()) = 'police'
        AND (SELECT ctx_role()) IN ('op_commander', 'review_officer')));
CREATE POLICY begins ON sharing_emergency AS RESTRICTIVE FOR INSERT WITH CHECK (
    membership_id = (SELECT ctx_membership()) AND agency_id = (SELECT ctx_agency())
    AND purpose = (SELECT ctx_purpose()) AND peer_at IS NULL AND second_at IS NULL
    AND own_review_at IS NULL AND holder_review_at IS NULL);
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_emergency FROM wb_app;
GRANT UPDATE (peer_by, peer_said, peer_at, second_by, second_at, own_review_by, own_review, own_review_at,
    holder_review_by, holder_review, holder_review_at) ON sharing_emergency TO wb_app;
GRANT SELECT ON sharing_emergency TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("sharing", "0004_emergencies"), ("operations", "0002_facts"), ("access", "0002_context")]

    operations = [migrations.RunSQL(sql) for sql in (SUBJECT, FACTS, COMMAND, SIDES)]
