"""Whoever published from facts that were taken back is told, for a week."""

from django.db import migrations

LAST = "AND NOT EXISTS (SELECT 1 FROM press_bulletin b WHERE b.fact_sheet_id = f.id);"

LOST = """
        RETURN QUERY
        SELECT 'lost_ground', b.id, f.ended_at FROM press_bulletin b JOIN press_factsheet f ON f.id = b.fact_sheet_id
        WHERE b.controller_id = me.agency AND b.withdrawn_at IS NULL AND f.ended_at > access_now() - interval '7 days';
"""

REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('web_waits()'::regprocedure);
BEGIN
    IF position($old${LAST}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'web_waits() no longer counts fact sheets';
    END IF;
    EXECUTE replace(told, $old${LAST}$old$, $new${LAST}{LOST}$new$);
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0016_as_the_centre_expects"), ("press", "0012_a_correction_takes_the_place")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
