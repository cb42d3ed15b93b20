"""An alarm names the role that was held when the glass was broken, also one that had a last day."""

from django.db import migrations

WITHOUT_AN_END = "AND h.ends IS NULL"

REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('sharing_alarms()'::regprocedure);
BEGIN
    IF position($old${WITHOUT_AN_END}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'sharing_alarms() no longer asks for a role without an end';
    END IF;
    EXECUTE replace(told, $old${WITHOUT_AN_END}$old$, $new$AND (h.ends IS NULL OR h.ends > e.opened_at)$new$);
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``sharing`` anew."""

    dependencies = [
        ("sharing", "0041_a_yes_asks_what_it_rests_on"),
        ("agencies", "0021_a_role_until_a_day"),
    ]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
