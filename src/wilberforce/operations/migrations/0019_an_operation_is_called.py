"""The intelligence desk finds its own force's operation by the reference that its commander says, and by that alone."""

from django.db import migrations

CALLED = """
CREATE FUNCTION operations_called(p_reference text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY SELECT o.id FROM operations_operation o
    WHERE o.reference = p_reference AND o.controller_id = ctx_agency() AND ctx_role() = 'intel_officer'
      AND o.state IN ('planned', 'live') AND NOT o.exercise;
END $$;
ALTER FUNCTION operations_called(text) OWNER TO wb_search;
REVOKE ALL ON FUNCTION operations_called(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations_called(text) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("operations", "0018_how_a_site_is_laid_out")]

    operations = [migrations.RunSQL(CALLED, "DROP FUNCTION operations_called(text)")]
