"""What would go of somebody's safety for a referral is shown to the second person: that group of their story alone."""

from django.db import migrations

TABLES = "('survivors_note', 'support', 'person_id')"
WITH_STORIES = f"{TABLES}, ('reception_story', 'support', 'person_id')"
CHOSEN = "AND ($3 IS NULL OR id = ANY ($3)) ORDER BY"
OF_SAFETY = "AND ($3 IS NULL OR id = ANY ($3))' || stories || ' ORDER BY"
REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('sharing_outgoing(uuid, text, text[])'::regprocedure);
BEGIN
    IF position($old${TABLES}$old$ IN told) = 0 OR position($old${CHOSEN}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'sharing_outgoing is not what it was';
    END IF;
    told := replace(told, $old${TABLES}$old$, $new${WITH_STORIES}$new$);
    told := replace(told, $old${CHOSEN}$old$, $new${OF_SAFETY}$new$);
    EXECUTE replace(told, 'shown text;', $new$shown text;
    stories text := CASE WHEN p_table = 'reception_story' THEN ' AND "group" = ''safety''' ELSE '' END;$new$);
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0029_keepers_without_a_sign_in"), ("reception", "0024_somebody_keeps_asking")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
