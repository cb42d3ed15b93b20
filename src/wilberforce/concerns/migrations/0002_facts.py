"""Who took a report, whose report this is, and whether the page is being flooded: in the database's own words."""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

FACTS = f"""
CREATE OR REPLACE FUNCTION fact_claimed() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT record_id FROM concerns_claim WHERE membership_id = ctx_membership() AND released_at IS NULL
$$;

CREATE OR REPLACE FUNCTION fact_receipt() RETURNS SETOF uuid {DEFINER} AS $$
    -- wb.receipt holds the hash of the code as it was typed, for this transaction only
    SELECT id FROM concerns_report
    WHERE receipt_hash = decode(nullif(current_setting('wb.receipt', true), ''), 'hex')
$$;
ALTER FUNCTION fact_receipt() OWNER TO wb_search;

CREATE FUNCTION concerns_flooded() RETURNS boolean {DEFINER} AS $$
    SELECT count(*) >= 1000 FROM concerns_report
    WHERE channel = 'web' AND received_at > access_now() - interval '1 hour'
$$;
ALTER FUNCTION concerns_flooded() OWNER TO wb_search;

REVOKE DELETE, TRUNCATE ON concerns_claim FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("concerns", "0001_reports_and_sources"), ("access", "0002_context")]

    operations = [migrations.RunSQL(FACTS)]
