"""Entries of the own agency that somebody should ask about. Simple rules, each of which may have a good reason.

The ledger keeps pseudonyms; whoever asks hands in those of their own members beside their memberships.
"""

from django.db import migrations

PERSONAL = "ARRAY['person_ref', 'identity', 'location', 'health', 'immigration', 'account', 'support']"

ODD = f"""
CREATE FUNCTION agencies_odd(p_people uuid[], p_members uuid[], p_emergency text[], p_many int, p_refused int)
RETURNS TABLE (odd text, actor uuid, number bigint, latest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH lately AS (
        SELECT l.actor, l.at, l.op, l.subject_class, l.rule, l.allowed, l.objects_seen,
               (l.at AT TIME ZONE 'Europe/London')::date AS day
        FROM ledger_leaf l
        WHERE ctx_role() = 'data_guardian' AND l.controller_id = ctx_agency() AND l.actor = ANY (p_people)
          AND l.at > access_now() - interval '7 days'
    ), known AS (SELECT k.actor, k.member FROM unnest(p_people, p_members) AS k(actor, member)),
    rostered AS (
        SELECT DISTINCT k.actor, k.member FROM known k JOIN agencies_shift s ON s.membership_id = k.member
        WHERE s.starts > access_now() - interval '30 days'
    ), days AS (
        SELECT l.actor, l.day, count(DISTINCT o) AS people, max(l.at) AS latest
        FROM lately l, unnest(l.objects_seen) AS o
        WHERE l.allowed AND l.op = 'consultation' AND l.subject_class = ANY ({PERSONAL})
        GROUP BY l.actor, l.day
    ), refusals AS (
        SELECT l.actor, l.day, count(*) AS times, max(l.at) AS latest FROM lately l WHERE NOT l.allowed GROUP BY 1, 2
    )
    SELECT 'out_of_shift', l.actor, count(*), max(l.at) FROM lately l JOIN rostered r ON r.actor = l.actor
    WHERE l.allowed AND l.subject_class = ANY ({PERSONAL}) AND NOT EXISTS (
        SELECT 1 FROM agencies_shift s WHERE s.membership_id = r.member
          AND l.at BETWEEN coalesce(s.signed_in_at, s.starts) - interval '1 hour'
                       AND coalesce(s.signed_out_at, s.ends) + interval '2 hours')
    GROUP BY l.actor
    UNION ALL SELECT 'many_people', d.actor, max(d.people), max(d.latest) FROM days d WHERE d.people >= p_many GROUP BY 2
    UNION ALL SELECT 'self', l.actor, count(*), max(l.at) FROM lately l
    WHERE l.op = 'consultation' AND l.actor = ANY (l.objects_seen) GROUP BY 2
    UNION ALL SELECT 'refused', f.actor, max(f.times), max(f.latest) FROM refusals f WHERE f.times >= p_refused GROUP BY 2
    UNION ALL SELECT 'emergency', l.actor, count(*), max(l.at) FROM lately l
    WHERE l.allowed AND string_to_array(l.rule, '|') && p_emergency GROUP BY 2
$$;
GRANT SELECT ON ledger_leaf, agencies_shift TO wb_search;
ALTER FUNCTION agencies_odd(uuid[], uuid[], text[], int, int) OWNER TO wb_search;
REVOKE ALL ON FUNCTION agencies_odd(uuid[], uuid[], text[], int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_odd(uuid[], uuid[], text[], int, int) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_planned_once"),
        ("ledger", "0003_own_entries"),
    ]

    operations = [migrations.RunSQL(ODD, "DROP FUNCTION agencies_odd(uuid[], uuid[], text[], int, int)")]
