"""Every centre rebuilt from its events, and the epoch that a restored backup begins."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

FUNCTIONS = f"""
CREATE FUNCTION reception_rebuild_all() RETURNS TABLE (centre uuid, changed bigint) LANGUAGE sql {DEFINER} AS $$
    SELECT c.id, reception_rebuild(c.id) FROM reception_centre c ORDER BY c.id
$$;
CREATE FUNCTION reception_begin_epoch() RETURNS void LANGUAGE sql {DEFINER} AS $$
    INSERT INTO reception_epoch (id, since) VALUES (gen_random_uuid(), clock_timestamp())
$$;
GRANT INSERT ON reception_epoch TO wb_search;
"""
OWNED = "".join(
    f"""REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
ALTER FUNCTION {name}() OWNER TO wb_search;
GRANT EXECUTE ON FUNCTION {name}() TO wb_app;
"""
    for name in ("reception_rebuild_all", "reception_begin_epoch")
)


class Migration(migrations.Migration):
    """Not reversible by itself: drop the functions by hand."""

    dependencies = [("reception", "0009_the_office_is_heard")]

    operations = [migrations.RunSQL(FUNCTIONS + OWNED)]
