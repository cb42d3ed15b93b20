"""An agreement is asked in the direction of the rules for what is asked about, and of no other part of the class.

Since councils write their directory of premises under an agreement, whoever held that rule beside the one for their brief
could read a brief under an agreement that works the other way. Found by the test of the one direction.
"""

from django.db import migrations

AGREEMENT = """
CREATE OR REPLACE FUNCTION fact_agreement(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH asked AS (
        SELECT bool_or(split_part(g, '/', 3) = 'R') AS reads, bool_or(split_part(g, '/', 3) IN ('W', 'D')) AS gives
        FROM unnest(ctx_grants()) g JOIN access_rule r ON r.id = split_part(g, '/', 1)
        WHERE split_part(g, '/', 2) = p_class AND 'agreement' = ANY (r.facts)
          AND coalesce(split_part(r.fields, '.', 1), '') IN ('', split_part(p_projection, '.', 1))
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
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider fact comes back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0015_packs_by_their_sides"), ("access", "0002_context")]

    operations = [migrations.RunSQL(AGREEMENT)]
