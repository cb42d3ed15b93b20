"""Which records a reference names in any table, and who stood in a relation that opens them, and when.

For the operator's own role, and for a guardian of what is in their own agency; to anybody else both say nothing.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
ASKS = "(session_user = 'wb_sequencer' OR (ctx_role() = 'data_guardian' AND ctx_purpose() = 'oversight'))"

RECORDS = f"""
CREATE FUNCTION web_records_of(p_reference text) RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE named uuid[] := ARRAY(SELECT agencies_named(upper(p_reference))); t record;
BEGIN
    IF NOT {ASKS} THEN RETURN; END IF;
    RETURN QUERY SELECT unnest(named);
    -- every table that keeps something of a person says so by its column; one that is made later is found too
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute k ON k.attrelid = c.oid AND k.attname = 'id'
             JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'person_id'
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND k.atttypid = 'uuid'::regtype
               AND p.atttypid = 'uuid'::regtype AND has_table_privilege('wb_search', c.oid, 'SELECT')
    LOOP
        RETURN QUERY EXECUTE format('SELECT id FROM %I WHERE person_id = ANY ($1)', t.relname) USING named;
    END LOOP;
END $$;
"""

COULD = f"""
CREATE FUNCTION web_could_see(p_reference text)
RETURNS TABLE (membership_id uuid, agency_id uuid, how text, since timestamptz, until timestamptz)
LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE named uuid[] := ARRAY(SELECT agencies_named(upper(p_reference)));
BEGIN
    IF NOT {ASKS} THEN RETURN; END IF;
    RETURN QUERY SELECT r.who, coalesce(m.agency_id, r.whose), r.rel, r.a, r.b FROM (
        SELECT a.membership_id AS who, NULL::uuid AS whose, 'assigned' AS rel, a.starts AS a,
               least(a.ended_at, a.until) AS b
        FROM survivors_assignment a WHERE a.person_id = ANY (named)
        UNION ALL
        SELECT r.membership_id, NULL, 'same_centre', greatest(p.since, r.recorded_at), least(p.until, r.until)
        FROM reception_presence p JOIN reception_centreroster r ON r.centre_id = p.centre_id
        WHERE p.person_id = ANY (named) AND coalesce(r.until, 'infinity') > p.since
          AND coalesce(p.until, 'infinity') > r.recorded_at
        UNION ALL
        SELECT c.membership_id, NULL, 'case_member', c.since, c.until FROM operations_casemember c
        WHERE c.operation_id = ANY (named)
           OR c.operation_id IN (SELECT s.operation_id FROM survivors_person s WHERE s.id = ANY (named))
        UNION ALL
        SELECT o.membership_id, NULL, 'op_member', o.since, o.until FROM operations_roster o
        WHERE o.operation_id = ANY (named)
        UNION ALL
        SELECT o.membership_id, NULL, 'op_lead', o.since, o.until FROM operations_command o
        WHERE o.operation_id = ANY (named) AND o.is_lead
        UNION ALL
        SELECT e.membership_id, NULL, 'break_glass', e.opened_at, e.expires_at FROM sharing_emergency e
        WHERE e.subject_id = ANY (named)
        UNION ALL
        SELECT NULL, d.to_agency_id, 'disclosed', d.completed_at, least(d.recalled_at, d.expires_at)
        FROM sharing_disclosure d WHERE d.subject_id = ANY (named) AND d.completed_at IS NOT NULL
    ) r LEFT JOIN agencies_membership m ON m.id = r.who
    WHERE session_user = 'wb_sequencer' OR coalesce(m.agency_id, r.whose) = ctx_agency()
    ORDER BY r.a DESC LIMIT 5000;
END $$;

GRANT SELECT ON survivors_assignment, reception_presence, reception_centreroster, operations_casemember,
    operations_roster, operations_command, survivors_person, sharing_emergency, sharing_disclosure, agencies_membership
    TO wb_search;
REVOKE ALL ON FUNCTION web_records_of(text), web_could_see(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION web_records_of(text), web_could_see(text) TO wb_app, wb_sequencer;
ALTER FUNCTION web_records_of(text) OWNER TO wb_search;
ALTER FUNCTION web_could_see(text) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0005_who_told_us"),
        ("sharing", "0006_withdrawn"),
        ("reception", "0011_how_many_are_registered"),
    ]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (RECORDS, COULD)]
