"""A hold is looked at by somebody: where nobody took over from an agency that ended, by whoever led the operation that it last
took part in; where its owner has left, now, and whoever looks at it answers for it from then on."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
TODAY = "(access_now() AT TIME ZONE 'Europe/London')::date"

HEIRS = f"""
CREATE OR REPLACE FUNCTION stewardship_heirs() RETURNS TABLE (gone uuid, heir uuid) LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    WITH RECURSIVE line AS (
        SELECT a.id AS first, a.id, a.successor_id, a.ends, 0 AS step FROM agencies_agency a WHERE a.ends <= {TODAY}
        UNION ALL SELECT l.first, a.id, a.successor_id, a.ends, l.step + 1 FROM line l
        JOIN agencies_agency a ON a.id = l.successor_id WHERE l.ends <= {TODAY} AND l.step < 9
    ), took AS (
        SELECT l.first, l.id FROM line l WHERE l.ends IS NULL OR l.ends > {TODAY}
    ), led AS (
        SELECT DISTINCT ON (p.agency_id) p.agency_id, o.controller_id
        FROM line l JOIN operations_partner p ON p.agency_id = l.first AND p.answer = 'yes'
        JOIN operations_operation o ON o.id = p.operation_id AND NOT o.exercise
        JOIN agencies_agency a ON a.id = o.controller_id AND (a.ends IS NULL OR a.ends > {TODAY})
        WHERE l.first NOT IN (SELECT t.first FROM took t) ORDER BY p.agency_id, o.planned_for DESC, o.id
    )
    SELECT t.first, t.id FROM took t UNION ALL SELECT l.agency_id, l.controller_id FROM led l;
END $$;
GRANT SELECT ON operations_partner, operations_operation, agencies_membership, stewardship_hold TO wb_search;
"""

REMINDS = f"""
CREATE OR REPLACE FUNCTION stewardship_remind_heirs() RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
DECLARE moved integer; ownerless integer;
BEGIN
    IF ctx_role() IS DISTINCT FROM 'system' THEN
        RETURN 0;
    END IF;
    UPDATE deadlines_deadline d SET agency_id = h.heir, told_at = NULL FROM stewardship_heirs() h
    WHERE d.agency_id = h.gone AND d.rule = 'hold-review' AND d.met_at IS NULL AND d.cancelled_at IS NULL;
    GET DIAGNOSTICS moved = ROW_COUNT;
    UPDATE deadlines_deadline d SET due_at = access_now(), told_at = NULL
    FROM stewardship_hold h JOIN agencies_membership m ON m.id = h.owner_id AND m.ends <= access_now()
    WHERE d.subject_id = h.id AND d.rule = 'hold-review' AND d.met_at IS NULL AND d.cancelled_at IS NULL
      AND h.ended_at IS NULL AND d.due_at > access_now();
    GET DIAGNOSTICS ownerless = ROW_COUNT;
    RETURN moved + ownerless;
END $$;
GRANT UPDATE (due_at) ON deadlines_deadline TO wb_search;
GRANT UPDATE (owner_id) ON stewardship_hold TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the earlier functions come back by migrating ``stewardship`` anew."""

    dependencies = [("stewardship", "0018_proceedings_go"), ("operations", "0001_operation_sites_people_found")]

    operations = [migrations.RunSQL(sql) for sql in (HEIRS, REMINDS)]
