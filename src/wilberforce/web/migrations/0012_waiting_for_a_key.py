"""Whoever waits for a key stands on their own first page and on that of each colleague who can give it."""

from django.db import migrations

KEYS = """
CREATE FUNCTION web_keys_wait() RETURNS TABLE (code text, subject uuid, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); now_ timestamptz := access_now();
BEGIN
    RETURN QUERY
    WITH newest AS (
        SELECT DISTINCT ON (b.data_class) b.id, b.data_class FROM agencies_heldletterbox b WHERE b.agency_id = home
        ORDER BY b.data_class, b.began_at DESC, b.id DESC
    ), lacks AS (
        SELECT k.id, k.membership_id, k.made_at, n.id AS letterbox FROM agencies_ownkey k
        JOIN agencies_membership m ON m.id = k.membership_id AND m.agency_id = home AND (m.ends IS NULL OR m.ends > now_)
        JOIN agencies_roleheld r ON r.membership_id = m.id AND r.starts <= now_ AND (r.ends IS NULL OR r.ends > now_)
        JOIN newest n ON (n.data_class, r.role) IN (('report_raw', 'report_desk'), ('source', 'source_keeper'))
        WHERE NOT EXISTS (SELECT 1 FROM agencies_wrap w WHERE w.letterbox_id = n.id AND w.key_id = k.id)
    )
    SELECT 'key_mine', l.id, l.made_at FROM lacks l WHERE l.membership_id = me
    UNION
    SELECT 'key_to_give', l.id, l.made_at FROM lacks l JOIN agencies_wrap w ON w.letterbox_id = l.letterbox
    JOIN agencies_ownkey mine ON mine.id = w.key_id AND mine.membership_id = me WHERE l.membership_id <> me;
END $$;
ALTER FUNCTION web_keys_wait() OWNER TO wb_search;
REVOKE ALL ON FUNCTION web_keys_wait() FROM PUBLIC;
GRANT SELECT ON agencies_heldletterbox, agencies_ownkey, agencies_wrap, agencies_membership, agencies_roleheld TO wb_search;
"""

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
    ) w
    WHERE w.subject <> ALL (ARRAY(SELECT fact_conflict() UNION SELECT fact_subject_block()))
    GROUP BY w.code
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0011_who_kept_asking"), ("agencies", "0017_keys_in_hands")]

    operations = [migrations.RunSQL(KEYS), migrations.RunSQL(WAITING)]
