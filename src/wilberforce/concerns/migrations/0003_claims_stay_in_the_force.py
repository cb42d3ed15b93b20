"""A claim opens only what the claimant's own force controls, whatever row was written."""

from django.db import migrations

FACT = """
CREATE OR REPLACE FUNCTION fact_claimed() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT c.record_id FROM concerns_claim c
    WHERE c.membership_id = ctx_membership() AND c.released_at IS NULL
      AND (EXISTS (SELECT 1 FROM concerns_report r WHERE r.id = c.record_id AND r.controller_id = ctx_agency())
           OR EXISTS (SELECT 1 FROM concerns_source s WHERE s.id = c.record_id AND s.controller_id = ctx_agency()))
$$;
ALTER FUNCTION fact_claimed() OWNER TO wb_search;
GRANT SELECT ON concerns_claim, concerns_report, concerns_source TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("concerns", "0002_facts")]

    operations = [migrations.RunSQL(FACT)]
