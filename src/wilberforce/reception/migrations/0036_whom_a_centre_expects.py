"""Whom a centre still expects, and who of them is here: all of them, however many were sent there before."""

from django.db import migrations

EXPECTED = """
CREATE FUNCTION reception_expected(p_centre uuid) RETURNS TABLE (id uuid, arrived boolean, at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT ('reception_manager' = ANY (ctx_roles()) AND p_centre IN (SELECT fact_same_centre())) THEN RETURN; END IF;
    -- after thirty days nobody is on the way any more: the operation itself still shows where they were sent
    RETURN QUERY
    SELECT f.id, stay.came, coalesce(f.set_off_at, f.found_at) FROM operations_found f
    CROSS JOIN LATERAL (
        SELECT count(*) > 0 AS came, coalesce(bool_or(p.until IS NULL), false) AS here FROM reception_presence p
        WHERE p.centre_id = p_centre AND (p.found_id = f.id OR p.reference = f.reference)
    ) stay
    WHERE f.centre_id = p_centre AND f.heading_to = 'centre' AND f.found_at > access_now() - interval '30 days'
      AND (stay.here OR NOT stay.came);
END $$;
ALTER FUNCTION reception_expected(uuid) OWNER TO wb_search;
REVOKE ALL ON FUNCTION reception_expected(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reception_expected(uuid) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0035_envelopes_by_their_number"),
        ("operations", "0025_sent_to_a_centre_lately"),
    ]

    operations = [migrations.RunSQL(EXPECTED, "DROP FUNCTION reception_expected(uuid)")]
