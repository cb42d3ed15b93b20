"""A quarter is counted, hidden and rounded here, once; the exact counts leave no trace."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

SHOWN = """
CREATE FUNCTION statistics_shown(n bigint) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN n < 5 THEN NULL ELSE (round(n / 5.0) * 5)::integer END
$$;
"""

RELEASED = f"""
CREATE FUNCTION statistics_released() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT quarter_id FROM statistics_yes GROUP BY quarter_id HAVING count(DISTINCT controller_id) >= 2
$$;
"""

# Everything of an operation counts in the quarter in which it started. Exercises never count.
COUNTED = f"""
CREATE FUNCTION statistics_counted(p_force uuid, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (question text, n bigint) LANGUAGE sql STABLE {DEFINER} AS $$
    WITH ours AS (
        SELECT id FROM operations_operation
        WHERE controller_id = p_force AND NOT exercise AND started_at >= p_from AND started_at < p_to
    ), found AS (
        SELECT f.id, f.site_id FROM operations_found f JOIN ours ON ours.id = f.operation_id
    ), arrived AS (
        SELECT h.found_id, h.to_place, min(h.received_at) AS at FROM operations_handover h
        JOIN found ON found.id = h.found_id
        WHERE h.to_place IN ('centre', 'hospital') AND h.received_at IS NOT NULL AND h.undone_at IS NULL
        GROUP BY h.found_id, h.to_place
    ), took AS (
        SELECT extract(epoch FROM a.at - s.entered_at) / 60 AS minutes
        FROM arrived a JOIN found ON found.id = a.found_id JOIN operations_site s ON s.id = found.site_id
        WHERE a.to_place = 'centre' AND s.entered_at IS NOT NULL
    ), arrested AS (
        SELECT c.id FROM custody_arrest c JOIN ours ON ours.id = c.operation_id
    )
    SELECT 'found', count(*) FROM found
    UNION ALL SELECT 'safe', count(DISTINCT found_id) FROM arrived
    UNION ALL
    SELECT 'referred', count(*) FROM survivors_person p JOIN ours ON ours.id = p.operation_id
    WHERE EXISTS (SELECT 1 FROM referrals_nrmform n WHERE n.person_id = p.id AND n.submitted_at IS NOT NULL)
       OR EXISTS (SELECT 1 FROM referrals_notification n WHERE n.person_id = p.id AND n.sent_at IS NOT NULL)
    UNION ALL SELECT 'arrested', count(*) FROM arrested
    UNION ALL
    SELECT 'charged', count(DISTINCT o.arrest_id) FROM custody_outcome o JOIN arrested ON arrested.id = o.arrest_id
    WHERE o.kind = 'charged'
    UNION ALL
    SELECT 'minutes', CASE WHEN count(*) >= 10 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes) ELSE 0 END::bigint
    FROM took
    UNION ALL
    SELECT 'partners', count(DISTINCT p.agency_id) FROM operations_partner p JOIN ours ON ours.id = p.operation_id
    WHERE p.answer = 'yes'
$$;
REVOKE EXECUTE ON FUNCTION statistics_counted(uuid, timestamptz, timestamptz) FROM PUBLIC;
"""

DRAW_UP = f"""
CREATE FUNCTION statistics_draw_up(p_starts date) RETURNS text LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    force uuid := ctx_agency();
    quarter uuid := gen_random_uuid();
    from_at timestamptz := p_starts::timestamp AT TIME ZONE 'Europe/London';
    to_at timestamptz := (p_starts + interval '3 months') AT TIME ZONE 'Europe/London';
    people bigint;
BEGIN
    IF (ctx_kind() = 'police' AND ctx_role() = 'data_guardian' AND ctx_purpose() = 'statistics') IS NOT TRUE
       OR date_trunc('quarter', p_starts::timestamp)::date <> p_starts
       OR access_now() < to_at + interval '28 days' THEN
        RAISE insufficient_privilege USING MESSAGE = 'not now, or not you';
    END IF;
    SELECT n INTO people FROM statistics_counted(force, from_at, to_at) WHERE question = 'found';
    INSERT INTO statistics_quarter (id, controller_id, starts, drawn_up_at, drawn_up_by, enough)
    VALUES (quarter, force, p_starts, access_now(), ctx_membership(), people >= 10) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN 'again';
    END IF;
    INSERT INTO statistics_figure (id, controller_id, quarter_id, question, shown)
    SELECT gen_random_uuid(), force, quarter, question, statistics_shown(n)
    FROM statistics_counted(force, from_at, to_at) WHERE people >= 10;
    RETURN 'drawn up';
END $$;
"""

OWNERS = """
GRANT SELECT, INSERT ON statistics_quarter, statistics_figure TO wb_search;
GRANT SELECT ON statistics_yes TO wb_search;
ALTER FUNCTION statistics_released() OWNER TO wb_search;
ALTER FUNCTION statistics_counted(uuid, timestamptz, timestamptz) OWNER TO wb_search;
ALTER FUNCTION statistics_draw_up(date) OWNER TO wb_search;
REVOKE EXECUTE ON FUNCTION statistics_draw_up(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION statistics_draw_up(date) TO wb_app;
REVOKE UPDATE, DELETE, TRUNCATE ON statistics_quarter, statistics_figure FROM wb_app;
REVOKE UPDATE, DELETE, TRUNCATE ON statistics_yes FROM wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0001_figures"),
        ("operations", "0007_debriefs"),
        ("custody", "0006_what_victims_hear"),
        ("referrals", "0001_duty_form_notification"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (SHOWN, RELEASED, COUNTED, DRAW_UP, OWNERS)]
