"""Live agreements and completed disclosures as facts; each side sees its own rows and changes what is its to change.

An agreement is asked in the direction of the question: to read, that of whoever gives; to write or disclose,
that of whoever receives. ``sharing_pending`` is what waits for an approver; who approves press asks for both.
"""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

AGREEMENT = f"""
CREATE OR REPLACE FUNCTION fact_agreement(p_class text, p_projection text) RETURNS SETOF uuid {DEFINER} AS $$
    WITH asked AS (
        SELECT bool_or(split_part(g, '/', 3) = 'R') AS reads, bool_or(split_part(g, '/', 3) IN ('W', 'D')) AS gives
        FROM unnest(ctx_grants()) g JOIN access_rule r ON r.id = split_part(g, '/', 1)
        WHERE split_part(g, '/', 2) = p_class AND 'agreement' = ANY (r.facts)
    ), live AS (
        SELECT a.from_agency_id, a.to_agency_id FROM sharing_agreement a
        WHERE a.data_class = p_class AND a.purpose = ctx_purpose()
          AND a.signed_by_from IS NOT NULL AND a.signed_by_to IS NOT NULL AND a.ended_at IS NULL
          AND (access_now() AT TIME ZONE 'Europe/London')::date BETWEEN a.starts AND coalesce(a.ends, 'infinity')
          AND ('all' = ANY (a.fields) OR split_part(p_projection, '.', 1) = ANY (a.fields))
    )
    SELECT l.from_agency_id FROM live l, asked WHERE asked.reads AND l.to_agency_id = ctx_agency()
    UNION SELECT l.to_agency_id FROM live l, asked WHERE asked.gives AND l.from_agency_id = ctx_agency()
    UNION SELECT ctx_agency() WHERE ctx_agency() IS NOT NULL
$$;
ALTER FUNCTION fact_agreement(text, text) OWNER TO wb_search;
"""

DISCLOSED = f"""
CREATE OR REPLACE FUNCTION fact_disclosed(p_class text, p_projection text) RETURNS SETOF uuid {DEFINER} AS $$
    SELECT d.subject_id FROM sharing_disclosure d
    WHERE d.to_agency_id = ctx_agency() AND d.data_class = p_class AND d.projection = p_projection
      AND d.purpose = ctx_purpose() AND d.completed_at <= access_now() AND d.recalled_at IS NULL
      AND (d.expires_at IS NULL OR d.expires_at > access_now())
$$;
ALTER FUNCTION fact_disclosed(text, text) OWNER TO wb_search;

CREATE FUNCTION sharing_pending() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT d.id FROM sharing_disclosure d
    WHERE d.from_agency_id = ctx_agency() AND d.initiated_by <> ctx_membership()
      AND d.approved_at IS NULL AND d.refused_at IS NULL AND d.recalled_at IS NULL
$$;
ALTER FUNCTION sharing_pending() OWNER TO wb_search;
GRANT SELECT ON sharing_agreement, sharing_disclosure, access_rule TO wb_search;
"""

SIDES = """
ALTER TABLE sharing_agreement ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_agreement FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_agreement
    USING ((SELECT ctx_agency()) IN (from_agency_id, to_agency_id))
    WITH CHECK ((SELECT ctx_agency()) IN (from_agency_id, to_agency_id) AND (SELECT ctx_role()) = 'data_guardian');
ALTER TABLE sharing_disclosure ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_disclosure FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_disclosure FOR SELECT
    USING ((SELECT ctx_agency()) IN (from_agency_id, to_agency_id));
CREATE POLICY begins ON sharing_disclosure FOR INSERT WITH CHECK (from_agency_id = (SELECT ctx_agency()));
CREATE POLICY goes_on ON sharing_disclosure FOR UPDATE USING (from_agency_id = (SELECT ctx_agency()));
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_agreement, sharing_disclosure FROM wb_app;
GRANT UPDATE (signed_by_from, signed_by_to, signed_at, ended_at) ON sharing_agreement TO wb_app;
GRANT UPDATE (approved_by, approved_at, refused_at, completed_at, recalled_at) ON sharing_disclosure TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("sharing", "0001_agreements_and_disclosures"), ("access", "0002_context")]

    operations = [migrations.RunSQL(sql) for sql in (AGREEMENT, DISCLOSED, SIDES)]
