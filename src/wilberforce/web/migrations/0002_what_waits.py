"""What waits for the person who is signed in: for each kind of thing how many and how new, and nothing about it.

One call for every role; what belongs to a role that is not held is never asked. The function belongs to the search role,
because a person's own page has no purpose and so no right to any class table.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

LOOKED = f"""
CREATE TABLE web_looked (
    membership uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    before timestamptz
);
REVOKE ALL ON web_looked FROM PUBLIC, wb_app;

CREATE FUNCTION web_look() RETURNS timestamptz LANGUAGE sql {DEFINER} AS $$
    -- when the actor looked before; looks within a quarter of an hour are one look
    INSERT INTO web_looked AS l SELECT ctx_membership(), access_now(), NULL WHERE ctx_membership() IS NOT NULL
    ON CONFLICT (membership) DO UPDATE SET at = access_now(),
        before = CASE WHEN l.at < access_now() - interval '15 minutes' THEN l.at ELSE l.before END
    RETURNING before
$$;
REVOKE ALL ON FUNCTION web_look() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION web_look() TO wb_app;
"""

DESK = """
    IF 'report_desk' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'report_new', r.id, r.received_at FROM concerns_report r
        WHERE r.controller_id = me.agency AND r.state = 'new'
          AND NOT EXISTS (SELECT 1 FROM concerns_claim c WHERE c.record_id = r.id AND c.released_at IS NULL)
        UNION ALL
        SELECT 'report_mine', c.record_id, c.at FROM concerns_claim c
        WHERE c.membership_id = me.membership AND c.released_at IS NULL;
    END IF;
    IF 'intel_officer' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'item_new', i.id, i.recorded_at FROM intelligence_item i
        WHERE i.controller_id = me.agency AND i.originator <> me.membership
          AND i.recorded_at > access_now() - interval '7 days';
    END IF;
"""

OPERATION = """
    IF 'op_commander' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'command', o.id, o.recorded_at FROM operations_operation o
        WHERE o.id = ANY (ARRAY(SELECT fact_op_lead())) AND o.ended_at IS NULL
        UNION ALL
        SELECT 'answered', p.id, p.answered_at FROM operations_partner p JOIN operations_operation o ON o.id = p.operation_id
        WHERE o.id = ANY (ARRAY(SELECT fact_op_lead())) AND o.ended_at IS NULL
          AND p.answered_at IS NOT NULL;
    END IF;
    IF 'op_member' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'roster', r.operation_id, r.since FROM operations_roster r
        WHERE r.membership_id = me.membership AND r.until IS NULL
          AND r.operation_id = ANY (ARRAY(SELECT fact_op_window()))
        UNION ALL
        SELECT 'brief', b.id, greatest(b.opens_at, b.recorded_at) FROM operations_brief b
        WHERE b.agency_id = me.agency AND b.opens_at <= access_now()
          AND b.operation_id = ANY (ARRAY(SELECT fact_op_member()))
          AND b.operation_id = ANY (ARRAY(SELECT fact_op_window()));
    END IF;
"""

CUSTODY = """
    IF me.roles && ARRAY['custody_officer', 'review_officer'] THEN
        RETURN QUERY
        SELECT 'arrest', a.id, a.arrested_at FROM custody_arrest a
        WHERE a.taken_to = me.agency AND a.arrested_by <> me.membership
          AND NOT a.operation_id = ANY (ARRAY(SELECT fact_case_member() UNION SELECT fact_op_lead()))
          AND NOT EXISTS (SELECT 1 FROM custody_detention d WHERE d.arrest_id = a.id)
        UNION ALL
        SELECT 'detained', d.id, d.arrived_at FROM custody_detention d
        WHERE d.controller_id = me.agency AND d.ended_at IS NULL AND d.arrested_by <> me.membership
          AND NOT d.operation_id = ANY (ARRAY(SELECT fact_case_member() UNION SELECT fact_op_lead()));
    END IF;
    IF me.roles && ARRAY['investigator', 'disclosure_officer'] THEN
        RETURN QUERY
        SELECT 'case', c.operation_id, c.since FROM operations_casemember c
        WHERE c.membership_id = me.membership AND c.until IS NULL;
    END IF;
"""

PEOPLE = """
    IF 'reception_manager' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'on_the_way', f.id, coalesce(f.set_off_at, f.found_at) FROM operations_found f
        WHERE f.heading_to = 'centre' AND f.centre_id = ANY (ARRAY(SELECT fact_same_centre()))
          AND NOT EXISTS (SELECT 1 FROM reception_presence p WHERE p.found_id = f.id OR p.reference = f.reference)
        UNION ALL
        SELECT 'nobody_assigned', p.person_id, p.since FROM reception_presence p
        WHERE p.until IS NULL AND p.centre_id = ANY (ARRAY(SELECT fact_same_centre()))
          AND NOT EXISTS (SELECT 1 FROM survivors_assignment a WHERE a.person_id = p.person_id AND a.ended_at IS NULL
                          AND a.until > access_now());
    END IF;
    IF me.roles && ARRAY['reception_manager', 'reception_worker', 'health_worker'] THEN
        RETURN QUERY
        SELECT 'here', p.person_id, p.since FROM reception_presence p
        WHERE p.until IS NULL AND p.centre_id = ANY (ARRAY(SELECT fact_same_centre()));
    END IF;
    IF me.roles && ARRAY['first_responder', 'reception_worker', 'health_worker', 'housing_officer', 'safeguarding_lead',
                        'emergency_duty', 'benefit_support'] THEN
        RETURN QUERY
        SELECT CASE WHEN 'first_responder' = ANY (me.roles) THEN 'to_refer' ELSE 'assigned' END, a.person_id, a.starts
        FROM survivors_assignment a
        WHERE a.membership_id = me.membership AND a.ended_at IS NULL AND a.until > access_now()
          AND NOT ('first_responder' = ANY (me.roles) AND (
              EXISTS (SELECT 1 FROM referrals_nrmform n WHERE n.person_id = a.person_id AND n.submitted_at IS NOT NULL)
              OR EXISTS (SELECT 1 FROM referrals_notification n WHERE n.person_id = a.person_id AND n.sent_at IS NOT NULL)));
    END IF;
"""

SENT = """
    IF me.roles && ARRAY['partner_investigator', 'investigator', 'emergency_duty', 'safeguarding_lead',
                        'benefit_support'] THEN
        RETURN QUERY
        SELECT 'sent_to_us', d.id, d.completed_at FROM sharing_disclosure d
        WHERE d.to_agency_id = me.agency AND d.completed_at <= access_now() AND d.recalled_at IS NULL
          AND (d.expires_at IS NULL OR d.expires_at > access_now())
          AND (NOT 'partner_investigator' = ANY (me.roles) OR d.purpose = 'regulatory')
          AND (NOT 'investigator' = ANY (me.roles) OR d.purpose = 'criminal_investigation')
          AND (NOT 'emergency_duty' = ANY (me.roles) OR d.projection = 'safeguarding_alert');
    END IF;
    IF 'data_guardian' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'to_let_go', d.id, d.asked_at FROM sharing_disclosure d
        WHERE d.id = ANY (ARRAY(SELECT sharing_pending()))
        UNION ALL
        SELECT 'to_sign', a.id, a.starts::timestamptz FROM sharing_agreement a
        WHERE a.ended_at IS NULL
          AND (a.from_agency_id = me.agency AND a.signed_by_from IS NULL
               OR a.to_agency_id = me.agency AND a.signed_by_to IS NULL);
    END IF;
    IF me.kind IN ('police', 'redcross') AND me.roles && ARRAY['op_commander', 'reception_manager', 'data_guardian'] THEN
        RETURN QUERY
        SELECT 'to_answer', b.id, b.submitted_at FROM press_bulletin b
        WHERE b.id = ANY (ARRAY(SELECT press_pending()))
          AND me.membership NOT IN (b.cut_by, b.drafted_by);
    END IF;
    IF 'comms_officer' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'to_write', f.id, f.cut_at FROM press_factsheet f
        WHERE f.controller_id = me.agency
          AND NOT EXISTS (SELECT 1 FROM press_bulletin b WHERE b.fact_sheet_id = f.id);
    END IF;
    IF 'auditor' = ANY (me.roles) THEN
        RETURN QUERY
        SELECT 'refused', l.id, l.at FROM ledger_leaf l
        WHERE l.at > access_now() - interval '1 day' AND NOT l.allowed;
    END IF;
"""

WAITING = f"""
CREATE FUNCTION web_waits() RETURNS TABLE (code text, subject uuid, at timestamptz) LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE me record;
BEGIN
    SELECT c.membership, c.agency, c.kind, c.roles INTO me FROM ctx() c;
    IF me.membership IS NULL THEN RETURN; END IF;
{DESK}{OPERATION}{CUSTODY}{PEOPLE}{SENT}END $$;

CREATE FUNCTION web_waiting(p_since timestamptz) RETURNS TABLE (code text, number bigint, newest timestamptz, fresh bigint)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT w.code, count(*), max(w.at), count(*) FILTER (WHERE w.at > p_since) FROM web_waits() w
    WHERE w.subject <> ALL (ARRAY(SELECT fact_conflict() UNION SELECT fact_subject_block()))
    GROUP BY w.code
$$;
GRANT SELECT ON concerns_report, concerns_claim, intelligence_item, operations_operation, operations_partner,
    operations_roster, operations_brief, operations_casemember, operations_found, custody_arrest, custody_detention,
    reception_presence, survivors_assignment, referrals_nrmform, referrals_notification, sharing_disclosure,
    sharing_agreement, press_bulletin, press_factsheet, ledger_leaf TO wb_search;
ALTER FUNCTION web_waits() OWNER TO wb_search;
ALTER FUNCTION web_waiting(timestamptz) OWNER TO wb_search;
REVOKE ALL ON FUNCTION web_waits(), web_waiting(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION web_waiting(timestamptz) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_shared_cache"),
        ("access", "0003_only_our_own_processes"),
        ("agencies", "0004_on_shift"),
        ("concerns", "0003_claims_stay_in_the_force"),
        ("custody", "0002_never_changed"),
        ("intelligence", "0001_items_and_suspicion"),
        ("operations", "0002_facts"),
        ("reception", "0002_facts"),
        ("survivors", "0002_facts"),
        ("referrals", "0002_facts"),
        ("sharing", "0002_facts"),
        ("press", "0004_one_of_the_police_one_of_support"),
        ("ledger", "0002_sequence"),
    ]

    operations = [migrations.RunSQL(LOOKED, migrations.RunSQL.noop), migrations.RunSQL(WAITING, migrations.RunSQL.noop)]
