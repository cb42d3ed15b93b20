"""The entries about one thing, for the two agencies that they name: what a receipt is made of.

Around given times, so that the index of an agency's entries is enough however long the ledger is.
"""

from django.db import migrations

COLUMNS = """
    id uuid, at timestamptz, request uuid, op text, actor uuid, controller_id uuid, kind text, role text, purpose text,
    subject_class text, action text, projection text, rule text, policy text, allowed boolean, reason text,
    recipient_id uuid, objects_seen uuid[]
"""
NAMES = ", ".join(f"l.{line.split()[0]}" for line in COLUMNS.replace("\n", " ").split(","))
ABOUT = f"""
CREATE FUNCTION ledger_about(p_thing uuid, p_controller uuid, p_times timestamptz[])
RETURNS TABLE ({COLUMNS}, "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT ON (l.at, l.id) {NAMES}, p.position
    FROM unnest(p_times) t
    JOIN ledger_leaf l ON l.controller_id = p_controller AND l.at BETWEEN t - interval '2 min' AND t + interval '2 min'
    LEFT JOIN ledger_position p ON p.leaf_id = l.id
    WHERE p_thing = ANY (l.objects_seen) AND l.op IN ('disclosure', 'approval', 'alteration') AND l.allowed
      AND ctx_agency() IN (l.controller_id, l.recipient_id)
    ORDER BY l.at, l.id
$$;
GRANT SELECT ON ledger_leaf, ledger_position TO wb_search;
ALTER FUNCTION ledger_about(uuid, uuid, timestamptz[]) OWNER TO wb_search;
REVOKE ALL ON FUNCTION ledger_about(uuid, uuid, timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_about(uuid, uuid, timestamptz[]) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_people_opened"), ("access", "0002_context")]

    operations = [migrations.RunSQL(ABOUT, "DROP FUNCTION ledger_about(uuid, uuid, timestamptz[]);")]
