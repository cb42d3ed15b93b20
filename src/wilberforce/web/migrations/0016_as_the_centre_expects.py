"""Who is on the way is counted as the centre's own page lists them, and costs no more for whoever came in other years."""

from django.db import migrations

ASKED_OF_ALL = """
        SELECT 'on_the_way', f.id, coalesce(f.set_off_at, f.found_at) FROM operations_found f
        WHERE f.heading_to = 'centre' AND f.centre_id = ANY (ARRAY(SELECT fact_same_centre()))
          AND NOT EXISTS (SELECT 1 FROM reception_presence p WHERE p.found_id = f.id OR p.reference = f.reference)
"""

EXPECTED = """
        SELECT 'on_the_way', e.id, e.at FROM reception_centre c CROSS JOIN LATERAL reception_expected(c.id) e
        WHERE c.id = ANY (ARRAY(SELECT fact_same_centre())) AND NOT e.arrived
"""

REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('web_waits()'::regprocedure);
BEGIN
    IF position($old${ASKED_OF_ALL}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'web_waits() no longer asks who is on the way';
    END IF;
    EXECUTE replace(told, $old${ASKED_OF_ALL}$old$, $new${EXPECTED}$new$);
END $migrate$;
GRANT SELECT ON reception_centre TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0015_facts_taken_back_wait_for_nobody"), ("reception", "0036_whom_a_centre_expects")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
