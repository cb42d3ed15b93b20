"""A bulletin to which an approver said no waits for its writer."""

from django.db import migrations

WAITING = """
CREATE OR REPLACE FUNCTION web_waiting(p_since timestamptz)
RETURNS TABLE (code text, number bigint, newest timestamptz, fresh bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT w.code, count(*), max(w.at), count(*) FILTER (WHERE w.at > p_since) FROM (
        SELECT code, subject, at FROM web_waits()
        UNION ALL
        SELECT 'second_yes', s.id, s.asked_at FROM agencies_secondyes s JOIN agencies_membership m ON m.id = s.membership_id
        WHERE 'data_guardian' = ANY (ctx_roles()) AND m.agency_id = ctx_agency() AND m.ends IS NULL
          AND s.answered_at IS NULL AND ctx_membership() NOT IN (s.asked_by_id, s.membership_id)
        UNION ALL
        SELECT 'area', a.id, a.asked_at FROM agencies_areaasked a JOIN agencies_membership m ON m.id = a.asked_by_id
        WHERE 'data_guardian' = ANY (ctx_roles()) AND ctx_agency() IN (a.police_id, a.council_id)
          AND m.agency_id <> ctx_agency() AND a.answered_at IS NULL
        UNION ALL
        SELECT 'source_new', s.id, greatest(s.received_at, s.review_at) FROM concerns_source s
        WHERE 'source_keeper' = ANY (ctx_roles()) AND s.controller_id = ctx_agency()
          AND s.handling_level <= ctx_vetting() AND s.ended_at IS NULL
          AND (s.review_at IS NULL OR s.review_at <= access_now())
        UNION ALL
        SELECT code, subject, at FROM sharing_waits()
        UNION ALL
        SELECT code, subject, at FROM web_keys_wait()
        UNION ALL
        SELECT 'sent_back', b.id, max(a.at) FROM press_bulletin b
        JOIN press_approval a ON a.bulletin_id = b.id AND a.bulletin_version = b.version AND NOT a.yes
        WHERE 'comms_officer' = ANY (ctx_roles()) AND b.controller_id = ctx_agency()
          AND b.released_at IS NULL AND b.withdrawn_at IS NULL
        GROUP BY b.id
    ) w
    WHERE w.subject <> ALL (ARRAY(SELECT fact_conflict() UNION SELECT fact_subject_block()))
    GROUP BY w.code
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0017_what_lost_its_ground_waits"), ("press", "0011_answers_reach_the_writer")]

    operations = [migrations.RunSQL(WAITING)]
