"""Whether whoever asks stays in a room with a person and an interpreter now: the one answer about themselves."""

from django.db import migrations

ASKED = """
CREATE FUNCTION reception_i_stay_in_the_room() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM reception_interpreting i
                   WHERE i.with_id = ctx_membership() AND i.began_at IS NOT NULL AND i.ended_at IS NULL)
$$;
REVOKE ALL ON FUNCTION reception_i_stay_in_the_room() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reception_i_stay_in_the_room() TO wb_app;
ALTER FUNCTION reception_i_stay_in_the_room() OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0020_what_a_centre_leaves")]

    operations = [migrations.RunSQL(ASKED, "DROP FUNCTION reception_i_stay_in_the_room()")]
