"""When the time of each record began, what is due, and the one way in which rows of a class are deleted."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
TABLES = ("hold", "review", "paper", "breach")

OWN = "".join(
    f"""ALTER TABLE stewardship_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE stewardship_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON stewardship_{table}
    USING (agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian')
    WITH CHECK (agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian');
REVOKE UPDATE, DELETE, TRUNCATE ON stewardship_{table} FROM wb_app;
GRANT SELECT ON stewardship_{table} TO wb_search;
"""
    for table in TABLES
)
CHANGES = """
GRANT UPDATE (review_on, ended_at, ended_by) ON stewardship_hold TO wb_app;
GRANT UPDATE (commissioner_told_at, people_told_at) ON stewardship_breach TO wb_app;
GRANT UPDATE (erased_by, erased_at, rows) ON stewardship_review TO wb_search;
GRANT SELECT ON agencies_agency, survivors_assignment TO wb_search;
"""

# Support is over when the person is at no centre and nobody is assigned to them any more.
CLOCKS = f"""
CREATE FUNCTION stewardship_support_ended() RETURNS TABLE (person_id uuid, ended timestamptz)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT p.id, greatest(
               (SELECT max(s.until) FROM reception_presence s WHERE s.person_id = p.id),
               (SELECT max(coalesce(a.ended_at, a.until)) FROM survivors_assignment a WHERE a.person_id = p.id))
    FROM survivors_person p
    WHERE NOT EXISTS (SELECT 1 FROM reception_presence s WHERE s.person_id = p.id AND s.until IS NULL)
      AND NOT EXISTS (SELECT 1 FROM survivors_assignment a
                      WHERE a.person_id = p.id AND a.ended_at IS NULL AND a.until > access_now())
$$;

CREATE FUNCTION stewardship_clocks() RETURNS TABLE (data_class text, subject_id uuid, agency_id uuid, began timestamptz)
LANGUAGE sql STABLE {DEFINER} AS $$
    WITH ended AS (SELECT * FROM stewardship_support_ended())
    SELECT 'report_raw', id, controller_id, triaged_at FROM concerns_report WHERE triaged_at IS NOT NULL
    UNION ALL
    SELECT 'source', id, controller_id,
           to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) FROM concerns_source
    UNION ALL
    SELECT 'intel', id, controller_id, recorded_at FROM intelligence_item
    UNION ALL
    SELECT 'suspect', id, controller_id, recorded_at FROM intelligence_suspectentry
    UNION ALL
    SELECT 'operation', id, controller_id, ended_at FROM operations_operation WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT 'centre', id, controller_id, closed_at FROM reception_centre WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'identity', i.person_id, i.controller_id, e.ended FROM survivors_identity i JOIN ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'support', n.person_id, n.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_note UNION SELECT person_id, controller_id FROM reception_given
          UNION SELECT person_id, controller_id FROM reception_leaving) n JOIN ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'location', l.person_id, l.controller_id, e.ended FROM survivors_nextplace l JOIN ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'health', h.person_id, h.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_careflag
          UNION SELECT person_id, controller_id FROM survivors_clinicalnote) h JOIN ended e USING (person_id)
    UNION ALL
    SELECT 'immigration', f.person_id, f.controller_id, max(f.closed_at) FROM referrals_nrmform f
    GROUP BY f.person_id, f.controller_id HAVING bool_and(f.closed_at IS NOT NULL)
    UNION ALL
    SELECT DISTINCT 'account', a.person_id, a.controller_id, f.closed
    FROM survivors_account a
    JOIN (SELECT person_id, controller_id, max(closed_at) AS closed FROM referrals_nrmform
          GROUP BY person_id, controller_id HAVING bool_and(closed_at IS NOT NULL)) f USING (person_id, controller_id)
    UNION ALL
    SELECT 'consent', person_id, controller_id, max(recorded_at) FROM survivors_answer GROUP BY person_id, controller_id
$$;

CREATE FUNCTION stewardship_held(p_agency uuid, p_class text, p_subject uuid) RETURNS boolean
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT 1 FROM stewardship_hold h WHERE h.agency_id = p_agency AND h.subject_id = p_subject
                   AND h.data_class IN ('', p_class) AND h.ended_at IS NULL)
$$;

CREATE FUNCTION stewardship_over(p_classes text[], p_before timestamptz[])
RETURNS TABLE (data_class text, subject_id uuid, agency_id uuid, began timestamptz, held boolean)
LANGUAGE sql STABLE {DEFINER} AS $$
    -- whose time is over: the guardians' own agency, or everything for the machine that files what is due
    SELECT c.data_class, c.subject_id, c.agency_id, c.began, stewardship_held(c.agency_id, c.data_class, c.subject_id)
    FROM stewardship_clocks() c
    JOIN unnest(p_classes, p_before) AS w(cls, before) ON w.cls = c.data_class AND c.began <= w.before
    WHERE ((ctx_role() = 'data_guardian' AND ctx_purpose() = 'oversight' AND c.agency_id = ctx_agency())
           OR ctx_role() = 'system')
      AND NOT EXISTS (SELECT 1 FROM stewardship_review r
                      WHERE (r.agency_id, r.data_class, r.subject_id) = (c.agency_id, c.data_class, c.subject_id)
                        AND r.keep_until >= (access_now() AT TIME ZONE 'Europe/London')::date)
    ORDER BY c.began, c.subject_id LIMIT 500
$$;
"""

ERASE = f"""
CREATE FUNCTION stewardship_erase(p_review uuid, p_before timestamptz) RETURNS integer
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r stewardship_review; t record; gone integer; total integer := 0;
BEGIN
    SELECT * INTO r FROM stewardship_review
    WHERE id = p_review AND agency_id = ctx_agency() AND begun_by <> ctx_membership()
      AND erased_at IS NULL AND keep_until IS NULL FOR UPDATE;
    IF NOT FOUND OR ctx_role() <> 'data_guardian' OR ctx_purpose() <> 'oversight' THEN RETURN NULL; END IF;
    IF stewardship_held(r.agency_id, r.data_class, r.subject_id) THEN RETURN NULL; END IF;
    IF NOT EXISTS (SELECT 1 FROM stewardship_clocks() c
                   WHERE (c.data_class, c.subject_id, c.agency_id) = (r.data_class, r.subject_id, r.agency_id)
                     AND c.began <= p_before) THEN RETURN NULL; END IF;
    FOR t IN SELECT * FROM (VALUES
        ('report_raw', 'concerns_message', 'report_id'), ('report_raw', 'concerns_report', 'id'),
        ('source', 'concerns_source', 'id'),
        ('identity', 'survivors_formeridentity', 'person_id'), ('identity', 'survivors_identity', 'person_id'),
        ('support', 'survivors_note', 'person_id'), ('support', 'reception_given', 'person_id'),
        ('support', 'reception_leaving', 'person_id'), ('location', 'survivors_nextplace', 'person_id'),
        ('health', 'survivors_careflag', 'person_id'), ('health', 'survivors_clinicalnote', 'person_id'),
        ('immigration', 'referrals_nrmform', 'person_id'), ('account', 'survivors_account', 'person_id'),
        ('consent', 'survivors_answer', 'person_id'), ('consent', 'survivors_told', 'person_id')
    ) AS every(cls, name, subject) WHERE cls = r.data_class LOOP
        EXECUTE format('DELETE FROM %I WHERE %I = $1 AND controller_id = $2', t.name, t.subject)
            USING r.subject_id, r.agency_id;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    UPDATE stewardship_review SET erased_by = ctx_membership(), erased_at = access_now(), rows = total WHERE id = r.id;
    RETURN total;
END $$;
GRANT DELETE ON concerns_message, concerns_report, concerns_source, survivors_formeridentity, survivors_identity,
    survivors_note, reception_given, reception_leaving, survivors_nextplace, survivors_careflag, survivors_clinicalnote,
    referrals_nrmform, survivors_account, survivors_answer, survivors_told TO wb_search;
"""

PAPERS = f"""
CREATE FUNCTION stewardship_papers(p_kinds text[]) RETURNS TABLE (agency text, kind text, language text, review_on date)
LANGUAGE sql STABLE {DEFINER} AS $$
    -- for each agency that acts, each paper it needs: until when its newest version is good, or nothing
    SELECT a.name::text, k.kind, l.language,
           (SELECT p.review_on FROM stewardship_paper p
            WHERE (p.agency_id, p.kind, p.language) = (a.id, k.kind, l.language) ORDER BY p.signed_at DESC LIMIT 1)
    FROM agencies_agency a
    CROSS JOIN unnest(p_kinds) AS k(kind)
    CROSS JOIN LATERAL (
        SELECT 'en' AS language UNION
        SELECT unnest(s.languages) FROM survivors_person s WHERE k.kind = 'privacy-notice' AND s.controller_id = a.id
    ) l
    WHERE a.kind NOT IN ('public', 'platform', 'oversight') AND (a.ends IS NULL OR a.ends > current_date)
    ORDER BY a.name, k.kind, l.language
$$;
"""

FUNCTIONS = (
    "stewardship_support_ended()", "stewardship_clocks()", "stewardship_held(uuid, text, uuid)",
    "stewardship_over(text[], timestamptz[])", "stewardship_erase(uuid, timestamptz)", "stewardship_papers(text[])",
)  # fmt: skip
OWNED = "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; ALTER FUNCTION {name} OWNER TO wb_search;\n" for name in FUNCTIONS
)
ASKED = "".join(f"GRANT EXECUTE ON FUNCTION {name} TO wb_app;\n" for name in FUNCTIONS[3:])


class Migration(migrations.Migration):
    """Not reversible by itself: nothing stands on it that could go back."""

    dependencies = [
        ("stewardship", "0001_holds_reviews_papers"),
        ("access", "0005_opened_cheaply"),
        ("concerns", "0002_facts"),
        ("intelligence", "0001_items_and_suspicion"),
        ("operations", "0002_facts"),
        ("survivors", "0002_facts"),
        ("reception", "0002_facts"),
        ("referrals", "0002_facts"),
    ]

    operations = [migrations.RunSQL(OWN + CHANGES + CLOCKS + ERASE + PAPERS + ASKED + OWNED)]
