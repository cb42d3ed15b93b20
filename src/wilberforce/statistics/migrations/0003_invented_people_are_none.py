"""Records of people who do not exist, planted by guardians, are in no figure: nor is anything that belongs to them.

On lists they stay as they are. A figure is rounded and hidden, so that it does not tell that one was left out.
"""

from django.db import migrations

COUNTED = """
CREATE OR REPLACE FUNCTION statistics_counted(p_force uuid, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (question text, n bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH invented AS (
        SELECT s.id FROM agencies_canary_subjects() AS s(id)
    ), ours AS (
        SELECT id FROM operations_operation
        WHERE controller_id = p_force AND NOT exercise AND started_at >= p_from AND started_at < p_to
          AND id NOT IN (SELECT id FROM invented)
    ), real_people AS (
        SELECT p.id, p.operation_id FROM survivors_person p
        WHERE p.id NOT IN (SELECT id FROM invented)
          AND NOT EXISTS (SELECT 1 FROM invented i WHERE i.id = p.found_id)
    ), found AS (
        SELECT f.id, f.site_id FROM operations_found f JOIN ours ON ours.id = f.operation_id
        WHERE f.id NOT IN (SELECT id FROM invented)
          AND NOT EXISTS (SELECT 1 FROM survivors_person p JOIN invented i ON i.id = p.id WHERE p.found_id = f.id)
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
        WHERE c.id NOT IN (SELECT id FROM invented)
    )
    SELECT 'found', count(*) FROM found
    UNION ALL SELECT 'safe', count(DISTINCT found_id) FROM arrived
    UNION ALL
    SELECT 'referred', count(*) FROM real_people p JOIN ours ON ours.id = p.operation_id
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
GRANT EXECUTE ON FUNCTION agencies_canary_subjects() TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what is invented would be counted again."""

    dependencies = [("statistics", "0002_drawn_up_in_the_database"), ("agencies", "0013_canaries_sing")]

    operations = [migrations.RunSQL(COUNTED)]
