"""A hold of an agency that another took over from is looked at again by the successor's guardians, and ended by nobody: the
records stay shut under the agency that ended, and nothing under them is erased."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
TODAY = "(access_now() AT TIME ZONE 'Europe/London')::date"

HEIRS = f"""
CREATE FUNCTION stewardship_heirs() RETURNS TABLE (gone uuid, heir uuid) LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE line AS (
        SELECT a.id AS first, a.id, a.successor_id, a.ends, 0 AS step FROM agencies_agency a WHERE a.ends <= {TODAY}
        UNION ALL SELECT l.first, a.id, a.successor_id, a.ends, l.step + 1 FROM line l
        JOIN agencies_agency a ON a.id = l.successor_id WHERE l.ends <= {TODAY} AND l.step < 9
    )
    SELECT l.first, l.id FROM line l WHERE l.ends IS NULL OR l.ends > {TODAY};
END $$;
ALTER FUNCTION stewardship_heirs() OWNER TO wb_search;
REVOKE ALL ON FUNCTION stewardship_heirs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stewardship_heirs() TO wb_app;
GRANT SELECT ON agencies_agency TO wb_search;
"""

LOOKS = """
CREATE POLICY heirs_read ON stewardship_hold FOR SELECT USING (
    (SELECT ctx_role()) = 'data_guardian'
    AND agency_id = ANY (ARRAY(SELECT h.gone FROM stewardship_heirs() h WHERE h.heir = (SELECT ctx_agency()))));
CREATE POLICY heirs_look_again ON stewardship_hold FOR UPDATE USING (
    (SELECT ctx_role()) = 'data_guardian'
    AND agency_id = ANY (ARRAY(SELECT h.gone FROM stewardship_heirs() h WHERE h.heir = (SELECT ctx_agency()))))
    WITH CHECK (ended_at IS NULL AND ended_by IS NULL);
"""

REMINDS = f"""
CREATE FUNCTION stewardship_remind_heirs() RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE moved integer;
BEGIN
    IF ctx_role() IS DISTINCT FROM 'system' THEN
        RETURN 0;
    END IF;
    UPDATE deadlines_deadline d SET agency_id = h.heir, told_at = NULL FROM stewardship_heirs() h
    WHERE d.agency_id = h.gone AND d.rule = 'hold-review' AND d.met_at IS NULL AND d.cancelled_at IS NULL;
    GET DIAGNOSTICS moved = ROW_COUNT;
    RETURN moved;
END $$;
ALTER FUNCTION stewardship_remind_heirs() OWNER TO wb_search;
REVOKE ALL ON FUNCTION stewardship_remind_heirs() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stewardship_remind_heirs() TO wb_app;
GRANT SELECT, UPDATE (agency_id, told_at) ON deadlines_deadline TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself, and nothing depends on its absence."""

    dependencies = [
        ("stewardship", "0015_what_was_before_a_correction_goes"),
        ("agencies", "0001_organisations_people_roles"),
        ("deadlines", "0003_late_is_escalated"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (HEIRS, LOOKS, REMINDS)]
