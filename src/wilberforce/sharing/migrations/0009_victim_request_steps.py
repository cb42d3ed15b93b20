"""Who takes which step of a victim information request, whom it is about, and which records it opens: the database says.

``fact_vir`` names records, not people: exactly those that were chosen, for that case alone, and never a counselling
record that was not asked for as one. A case now reaches the people of its operation as well as the operation.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

SUBJECT = f"""
CREATE FUNCTION sharing_victim_request_subject() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    -- an unknown reference is about nobody; whoever asks can't tell the difference
    SELECT p.id INTO NEW.person_id FROM survivors_person p
    WHERE p.reference = NEW.reference AND p.controller_id = NEW.to_agency_id AND p.operation_id = NEW.operation_id;
    NEW.person_id := coalesce(NEW.person_id, gen_random_uuid());
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_victim_request_subject() OWNER TO wb_search;
CREATE TRIGGER sharing_victim_request_subject BEFORE INSERT ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_subject();
"""

CASE = f"""
CREATE OR REPLACE FUNCTION fact_case_member() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    WITH mine AS (
        SELECT c.operation_id FROM operations_casemember c
        WHERE c.membership_id = (SELECT ctx_membership()) AND c.until IS NULL)
    SELECT operation_id FROM mine
    UNION ALL SELECT p.id FROM survivors_person p JOIN mine USING (operation_id)
$$;
GRANT SELECT ON operations_casemember, sharing_victimrequest TO wb_search;
ALTER FUNCTION fact_case_member() OWNER TO wb_search;
"""

VIR = f"""
CREATE OR REPLACE FUNCTION fact_vir() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT r.id FROM sharing_victimrequest v JOIN sharing_disclosure d ON d.id = v.disclosure_id
    CROSS JOIN LATERAL unnest(v.records) AS r(id)
    WHERE v.from_agency_id = ctx_agency() AND v.operation_id = ANY (ARRAY(SELECT fact_case_member()))
      AND v.noticed_at IS NOT NULL AND (NOT v.counselling OR v.senior_at IS NOT NULL)
      AND v.refused_at IS NULL AND v.taken_back_at IS NULL AND v.expires_at > access_now()
      AND d.completed_at <= access_now() AND d.recalled_at IS NULL
      AND (v.counselling OR NOT EXISTS (
            SELECT 1 FROM survivors_note n WHERE n.id = r.id AND n.counselling
            UNION ALL SELECT 1 FROM survivors_clinicalnote n WHERE n.id = r.id AND n.counselling))
$$;
GRANT SELECT ON survivors_note, survivors_clinicalnote TO wb_search;
ALTER FUNCTION fact_vir() OWNER TO wb_search;
"""

STEPS = f"""
CREATE FUNCTION sharing_victim_request_step() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role(); keeps boolean; asks boolean;
BEGIN
    keeps := home = OLD.to_agency_id AND held = CASE OLD.data_class
        WHEN 'health' THEN 'health_worker' ELSE 'reception_manager' END;
    asks := home = OLD.from_agency_id AND held = 'investigator';
    IF OLD.refused_at IS NOT NULL OR OLD.taken_back_at IS NOT NULL
       OR (NEW.senior_by, NEW.senior_at) IS DISTINCT FROM (OLD.senior_by, OLD.senior_at) AND (OLD.senior_at IS NOT NULL OR home <> OLD.from_agency_id
            OR NEW.senior_by IS DISTINCT FROM me OR held NOT IN ('op_commander', 'review_officer'))
       OR (NEW.noticed_by, NEW.noticed_at, NEW.language, NEW.view, NEW.said)
            IS DISTINCT FROM (OLD.noticed_by, OLD.noticed_at, OLD.language, OLD.view, OLD.said) AND (OLD.noticed_at IS NOT NULL OR home <> OLD.to_agency_id
            OR held <> 'reception_manager' OR NEW.noticed_by IS DISTINCT FROM me)
       OR (NEW.records, NEW.chosen_by, NEW.chosen_at, NEW.narrowed, NEW.expires_at)
            IS DISTINCT FROM (OLD.records, OLD.chosen_by, OLD.chosen_at, OLD.narrowed, OLD.expires_at)
            AND (NOT keeps OR OLD.sent_at IS NOT NULL OR NEW.chosen_by IS DISTINCT FROM me)
       OR (NEW.disclosure_id, NEW.sent_at) IS DISTINCT FROM (OLD.disclosure_id, OLD.sent_at) AND (NOT keeps OR OLD.sent_at IS NOT NULL)
       OR (NEW.refused_by, NEW.refused_at, NEW.refusal)
            IS DISTINCT FROM (OLD.refused_by, OLD.refused_at, OLD.refusal) AND (NEW.refused_by IS DISTINCT FROM me OR NOT (keeps
            OR home = OLD.from_agency_id AND OLD.senior_at IS NULL AND held IN ('op_commander', 'review_officer')))
       OR NEW.taken_back_at IS DISTINCT FROM OLD.taken_back_at AND NOT asks
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else takes this step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_victim_request_step BEFORE UPDATE ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_step();
"""

SIDES = """
ALTER TABLE sharing_victimrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_victimrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_victimrequest USING (
    (from_agency_id = (SELECT ctx_agency()) AND (
        (SELECT ctx_role()) IN ('data_guardian', 'op_commander', 'review_officer')
        OR (SELECT ctx_role()) = 'investigator' AND operation_id = ANY (ARRAY(SELECT fact_case_member()))))
    OR (to_agency_id = (SELECT ctx_agency()) AND (NOT counselling OR senior_at IS NOT NULL)
        AND (SELECT ctx_role()) IN ('reception_manager', 'health_worker', 'data_guardian')));
CREATE POLICY asks ON sharing_victimrequest AS RESTRICTIVE FOR INSERT WITH CHECK (
    from_agency_id = (SELECT ctx_agency()) AND asked_by = (SELECT ctx_membership())
    AND (SELECT ctx_role()) = 'investigator' AND operation_id = ANY (ARRAY(SELECT fact_case_member()))
    AND senior_at IS NULL AND noticed_at IS NULL AND disclosure_id IS NULL AND expires_at IS NULL AND records = '{}');
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_victimrequest FROM wb_app;
GRANT UPDATE (senior_by, senior_at, noticed_by, noticed_at, language, view, said, records, chosen_by, chosen_at,
    narrowed, disclosure_id, sent_at, refused_by, refused_at, refusal, taken_back_at, expires_at)
    ON sharing_victimrequest TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [
        ("sharing", "0008_victim_requests"),
        ("survivors", "0007_said_in_counselling"),
        ("operations", "0002_facts"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (SUBJECT, CASE, VIR, STEPS, SIDES)]
