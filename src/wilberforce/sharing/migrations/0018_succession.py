"""Nothing passes to a successor by itself. From the day on which one of two agencies no longer acts their agreements and
what was let go between them open nothing; the same terms may be signed again, and the database holds them to being the same.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
TODAY = "(access_now() AT TIME ZONE 'Europe/London')::date"

GONE = f"""
CREATE FUNCTION sharing_acts_no_more() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY SELECT a.id FROM agencies_agency a WHERE a.ends <= {TODAY};
END $$;
REVOKE ALL ON FUNCTION sharing_acts_no_more() FROM PUBLIC;
ALTER FUNCTION sharing_acts_no_more() OWNER TO wb_search;
GRANT EXECUTE ON FUNCTION sharing_acts_no_more() TO wb_app;
"""

AGREEMENT = f"""
CREATE OR REPLACE FUNCTION fact_agreement(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    WITH asked AS (
        SELECT bool_or(split_part(g, '/', 3) = 'R') AS reads, bool_or(split_part(g, '/', 3) IN ('W', 'D')) AS gives
        FROM unnest(ctx_grants()) g JOIN access_rule r ON r.id = split_part(g, '/', 1)
        WHERE split_part(g, '/', 2) = p_class AND 'agreement' = ANY (r.facts)
          AND coalesce(split_part(r.fields, '.', 1), '') IN ('', split_part(p_projection, '.', 1))
    ), live AS (
        SELECT a.from_agency_id, a.to_agency_id FROM sharing_agreement a
        WHERE a.data_class = p_class AND a.purpose = ctx_purpose()
          AND a.signed_by_from IS NOT NULL AND a.signed_by_to IS NOT NULL AND a.ended_at IS NULL
          AND {TODAY} BETWEEN a.starts AND coalesce(a.ends, 'infinity')
          AND ('all' = ANY (a.fields) OR split_part(p_projection, '.', 1) = ANY (a.fields))
          AND a.from_agency_id <> ALL (ARRAY(SELECT sharing_acts_no_more()))
          AND a.to_agency_id <> ALL (ARRAY(SELECT sharing_acts_no_more()))
    )
    SELECT l.from_agency_id FROM live l, asked WHERE asked.reads AND l.to_agency_id = ctx_agency()
    UNION SELECT l.to_agency_id FROM live l, asked WHERE asked.gives AND l.from_agency_id = ctx_agency()
    UNION SELECT ctx_agency() WHERE ctx_agency() IS NOT NULL;
END $$;
"""

DISCLOSED = f"""
CREATE OR REPLACE FUNCTION fact_disclosed(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    SELECT d.subject_id FROM sharing_disclosure d
    WHERE d.to_agency_id = ctx_agency() AND d.data_class = p_class AND d.projection = p_projection
      AND d.purpose = ctx_purpose() AND d.completed_at <= access_now() AND d.recalled_at IS NULL
      AND (d.expires_at IS NULL OR d.expires_at > access_now())
      AND (d.basis <> 'consent' OR d.answer_id IS NULL OR EXISTS (
            SELECT 1 FROM survivors_answer a
            WHERE a.id = d.answer_id AND (a.expires_at IS NULL OR a.expires_at > access_now())))
      AND d.from_agency_id <> ALL (ARRAY(SELECT sharing_acts_no_more()));
END $$;
"""

SAME = f"""
CREATE FUNCTION sharing_same_terms() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE old sharing_agreement;
BEGIN
    SELECT * INTO old FROM sharing_agreement WHERE id = NEW.follows_id;
    IF old.id IS NULL OR old.successor_rule <> 'passes' OR old.ended_at IS NOT NULL
       OR old.signed_by_from IS NULL OR old.signed_by_to IS NULL
       OR NEW.signed_by_from IS NOT NULL OR NEW.signed_by_to IS NOT NULL
       OR (NEW.data_class, NEW.purpose, NEW.fields, NEW.basis, NEW.dpia_ref, NEW.ends, NEW.successor_rule)
          IS DISTINCT FROM (old.data_class, old.purpose, old.fields, old.basis, old.dpia_ref, old.ends, old.successor_rule)
       OR NOT (NEW.to_agency_id = old.to_agency_id AND sharing_follows(old.from_agency_id, NEW.from_agency_id)
               OR NEW.from_agency_id = old.from_agency_id AND sharing_follows(old.to_agency_id, NEW.to_agency_id))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: a successor has the same terms, or a new agreement';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION sharing_follows(p_gone uuid, p_heir uuid) RETURNS boolean LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN p_heir = (
        WITH RECURSIVE line AS (
            SELECT a.id, a.successor_id, a.ends, 0 AS step FROM agencies_agency a WHERE a.id = p_gone AND a.ends <= {TODAY}
            UNION ALL SELECT a.id, a.successor_id, a.ends, l.step + 1 FROM line l JOIN agencies_agency a ON a.id = l.successor_id
            WHERE l.ends <= {TODAY} AND l.step < 9
        )
        SELECT l.id FROM line l WHERE l.ends IS NULL OR l.ends > {TODAY} LIMIT 1);
END $$;
REVOKE ALL ON FUNCTION sharing_follows(uuid, uuid) FROM PUBLIC;
ALTER FUNCTION sharing_follows(uuid, uuid) OWNER TO wb_search;
ALTER FUNCTION sharing_same_terms() OWNER TO wb_search;
CREATE TRIGGER sharing_same_terms BEFORE INSERT ON sharing_agreement
    FOR EACH ROW WHEN (NEW.follows_id IS NOT NULL) EXECUTE FUNCTION sharing_same_terms();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider facts come back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0017_when_an_agency_is_succeeded"), ("survivors", "0002_facts")]

    operations = [migrations.RunSQL(sql) for sql in (GONE, AGREEMENT, DISCLOSED, SAME)]
