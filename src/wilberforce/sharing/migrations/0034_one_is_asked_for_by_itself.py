"""What waits for a second person: all of it, or whether one does, which needs no look at the others."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
PENDING = f"""
CREATE FUNCTION sharing_pending(p_only uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER}
SET plan_cache_mode = force_custom_plan AS $$
DECLARE home uuid := ctx_agency(); me uuid := ctx_membership();
BEGIN
    RETURN QUERY SELECT d.id FROM sharing_disclosure d
    WHERE (p_only IS NULL OR d.id = p_only) AND d.from_agency_id = home AND d.initiated_by <> me
      AND d.approved_at IS NULL AND d.refused_at IS NULL AND d.recalled_at IS NULL;
END $$;
ALTER FUNCTION sharing_pending(uuid) OWNER TO wb_search;
REVOKE ALL ON FUNCTION sharing_pending(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_pending(uuid) TO wb_app;
CREATE OR REPLACE FUNCTION sharing_pending() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY SELECT sharing_pending(NULL);
END $$;
DO $migrate$
DECLARE told text := pg_get_functiondef('sharing_outgoing(uuid, text, text[])'::regprocedure);
BEGIN
    IF position('sharing_pending()' IN told) = 0 THEN
        RAISE 'sharing_outgoing asks something else';
    END IF;
    EXECUTE replace(told, 'sharing_pending()', 'sharing_pending(p_disclosure)');
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself, and nothing depends on it."""

    dependencies = [("sharing", "0033_only_real_outsiders_are_outside")]

    operations = [migrations.RunSQL(PENDING, migrations.RunSQL.noop)]
