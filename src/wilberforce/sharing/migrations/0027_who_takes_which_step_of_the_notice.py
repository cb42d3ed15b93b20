"""Who may excuse the notice, who may say that it can be given, and through whom a child has it: the database says.

A senior officer agrees to an exception as to counselling records, and the keeper sees neither before. What was said and
who had the notice are written in the act that gives it, and only then. Sealing anew passes these triggers: it changes
nothing that they guard.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

VIR = f"""
CREATE OR REPLACE FUNCTION fact_vir() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    SELECT r.id FROM sharing_victimrequest v JOIN sharing_disclosure d ON d.id = v.disclosure_id
    CROSS JOIN LATERAL unnest(v.records) AS r(id)
    WHERE v.from_agency_id = ctx_agency() AND v.operation_id = ANY (ARRAY(SELECT fact_case_member()))
      AND (v.noticed_at IS NOT NULL OR v.notice_form = 'none' AND v.excused_at IS NOT NULL)
      AND (NOT v.counselling AND v.notice_form = 'whole' OR v.senior_at IS NOT NULL)
      AND v.refused_at IS NULL AND v.taken_back_at IS NULL AND v.expires_at > access_now()
      AND d.completed_at <= access_now() AND d.recalled_at IS NULL
      AND (v.counselling OR NOT EXISTS (
            SELECT 1 FROM survivors_note n WHERE n.id = r.id AND n.counselling
            UNION ALL SELECT 1 FROM survivors_clinicalnote n WHERE n.id = r.id AND n.counselling));
END $$;
"""

STEPS = f"""
CREATE OR REPLACE FUNCTION sharing_victim_request_step() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role(); keeps boolean; asks boolean;
BEGIN
    keeps := home = OLD.to_agency_id AND held = CASE OLD.data_class
        WHEN 'health' THEN 'health_worker' ELSE 'reception_manager' END;
    asks := home = OLD.from_agency_id AND held = 'investigator';
    IF OLD.refused_at IS NOT NULL OR OLD.taken_back_at IS NOT NULL
       OR (NEW.senior_by, NEW.senior_at) IS DISTINCT FROM (OLD.senior_by, OLD.senior_at) AND (OLD.senior_at IS NOT NULL OR home <> OLD.from_agency_id
            OR NEW.senior_by IS DISTINCT FROM me OR held NOT IN ('op_commander', 'review_officer'))
       OR (NEW.excused_by, NEW.excused_at) IS DISTINCT FROM (OLD.excused_by, OLD.excused_at) AND (OLD.excused_at IS NOT NULL
            OR home <> OLD.to_agency_id OR held <> 'reception_manager' OR NEW.excused_by IS DISTINCT FROM me)
       OR NEW.notice_may_at IS DISTINCT FROM OLD.notice_may_at AND (OLD.notice_may_at IS NOT NULL OR NOT asks)
       OR (NEW.noticed_by, NEW.noticed_at, NEW.language, NEW.view, NEW.given_to, NEW.given_because)
            IS DISTINCT FROM (OLD.noticed_by, OLD.noticed_at, OLD.language, OLD.view, OLD.given_to, OLD.given_because)
            AND (OLD.noticed_at IS NOT NULL OR home <> OLD.to_agency_id OR held <> 'reception_manager'
                OR NEW.noticed_by IS DISTINCT FROM me OR OLD.notice_form = 'none' AND OLD.notice_may_at IS NULL)
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
CREATE OR REPLACE TRIGGER sharing_victim_request_step BEFORE UPDATE OF senior_by, senior_at, excused_by, excused_at,
    notice_may_at, noticed_by, noticed_at, language, view, given_to, given_because, records, chosen_by, chosen_at, narrowed,
    expires_at, disclosure_id, sent_at, refused_by, refused_at, refusal, taken_back_at ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_step();
"""

SAID = """
CREATE FUNCTION sharing_victim_request_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- with the keys' own role it is only sealed anew
    IF current_user = 'wb_app' AND (OLD.noticed_at IS NOT NULL OR NEW.noticed_at IS NULL) THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: this is written when the notice is given';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_victim_request_said BEFORE UPDATE OF said, given_who ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_said();
"""

CHILD = f"""
CREATE FUNCTION sharing_victim_request_child() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NEW.given_to = 'person' AND EXISTS (SELECT 1 FROM survivors_person p WHERE p.id = NEW.person_id AND p.age = 'child') THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: a child has the notice through somebody else';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_victim_request_child() OWNER TO wb_search;
CREATE TRIGGER sharing_victim_request_child BEFORE UPDATE OF given_to ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_child();
"""

SIDES = """
DROP POLICY sides ON sharing_victimrequest;
CREATE POLICY sides ON sharing_victimrequest USING (
    (from_agency_id = (SELECT ctx_agency()) AND (
        (SELECT ctx_role()) IN ('data_guardian', 'op_commander', 'review_officer')
        OR (SELECT ctx_role()) = 'investigator' AND operation_id = ANY (ARRAY(SELECT fact_case_member()))))
    OR (to_agency_id = (SELECT ctx_agency()) AND (NOT counselling AND notice_form = 'whole' OR senior_at IS NOT NULL)
        AND (SELECT ctx_role()) IN ('reception_manager', 'health_worker', 'data_guardian')));
DROP POLICY asks ON sharing_victimrequest;
CREATE POLICY asks ON sharing_victimrequest AS RESTRICTIVE FOR INSERT WITH CHECK (
    from_agency_id = (SELECT ctx_agency()) AND asked_by = (SELECT ctx_membership())
    AND (SELECT ctx_role()) = 'investigator' AND operation_id = ANY (ARRAY(SELECT fact_case_member()))
    AND senior_at IS NULL AND noticed_at IS NULL AND excused_at IS NULL AND notice_may_at IS NULL AND given_to = ''
    AND disclosure_id IS NULL AND expires_at IS NULL AND records = '{}');
GRANT UPDATE (excused_by, excused_at, notice_may_at, given_to, given_because, given_who) ON sharing_victimrequest TO wb_app;
GRANT UPDATE (ground_why, given_who) ON sharing_victimrequest TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the earlier steps come back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0026_exceptions_to_the_notice"), ("survivors", "0007_said_in_counselling")]

    operations = [migrations.RunSQL(sql) for sql in (VIR, STEPS, SAID, CHILD, SIDES)]
