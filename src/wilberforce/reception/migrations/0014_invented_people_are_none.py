"""How many of those registered at a linked centre a guardian has invented: the commander's head count leaves them out."""

from django.db import migrations

INVENTED = """
CREATE FUNCTION reception_invented(p_centres uuid[], p_since timestamptz[]) RETURNS TABLE (centre_id uuid, since timestamptz, n integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT w.centre, w.since, count(*)::integer
    FROM unnest(p_centres, p_since) AS w(centre, since)
    JOIN reception_presence p ON p.centre_id = w.centre AND p.recorded_at >= w.since
    JOIN agencies_canary_subjects() AS i(id) ON i.id = p.person_id
    WHERE (SELECT ctx_role()) = 'op_commander' AND w.centre = ANY (ARRAY(SELECT fact_op_linked()))
    GROUP BY w.centre, w.since
$$;
GRANT EXECUTE ON FUNCTION agencies_canary_subjects() TO wb_search;
REVOKE ALL ON FUNCTION reception_invented(uuid[], timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reception_invented(uuid[], timestamptz[]) TO wb_app;
ALTER FUNCTION reception_invented(uuid[], timestamptz[]) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what is invented would be counted again."""

    dependencies = [
        ("reception", "0013_rested_and_told"),
        ("agencies", "0013_canaries_sing"),
        ("operations", "0002_facts"),
    ]

    operations = [migrations.RunSQL(INVENTED)]
