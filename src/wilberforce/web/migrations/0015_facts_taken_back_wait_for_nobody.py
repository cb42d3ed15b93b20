"""From a fact sheet that was taken back nobody writes any more."""

from django.db import migrations

EVERY = "AND NOT EXISTS (SELECT 1 FROM press_bulletin b WHERE b.fact_sheet_id = f.id);"

REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('web_waits()'::regprocedure);
BEGIN
    IF position($old${EVERY}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'web_waits() no longer counts every fact sheet';
    END IF;
    EXECUTE replace(told, $old${EVERY}$old$, $new$AND f.ended_at IS NULL {EVERY}$new$);
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0014_only_what_the_pages_need"), ("press", "0009_facts_are_taken_back")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
