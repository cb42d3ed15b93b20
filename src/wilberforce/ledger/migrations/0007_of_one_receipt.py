"""What a receipt is made of is asked for with the terms that it is bound to: whoever knew the ledger's pseudonym of a person,
from an entry of their own, had the history of that person in their agency."""

from importlib import import_module

from django.db import migrations

columns = import_module("wilberforce.ledger.migrations.0005_about_one_thing")
GONE = "DROP FUNCTION ledger_about(uuid, uuid, timestamptz[]);"
BOUND = f"""
CREATE FUNCTION ledger_about(p_thing uuid, p_terms text, p_controller uuid, p_times timestamptz[])
RETURNS TABLE ({columns.COLUMNS}, "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT {columns.NAMES}, p.position
    FROM (SELECT unnest(range_agg(tstzrange(t - interval '2 min', t + interval '2 min', '[]'))) AS stretch
          FROM unnest(p_times) t) s
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_leaf l
        WHERE l.controller_id = p_controller AND l.at BETWEEN lower(s.stretch) AND upper(s.stretch)
        OFFSET 0
    ) l
    LEFT JOIN ledger_position p ON p.leaf_id = l.id
    WHERE p_thing = ANY (l.objects_seen) AND l.op IN ('disclosure', 'approval', 'alteration') AND l.allowed
      AND p_terms ~ '^terms:[0-9a-f]{{48}}$' AND right(l.rule, 55) = '|' || p_terms
      AND (SELECT ctx_agency()) IN (l.controller_id, l.recipient_id)
    ORDER BY l.at, l.id
$$;
ALTER FUNCTION ledger_about(uuid, text, uuid, timestamptz[]) OWNER TO wb_search;
REVOKE ALL ON FUNCTION ledger_about(uuid, text, uuid, timestamptz[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_about(uuid, text, uuid, timestamptz[]) TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider function comes back by migrating ``ledger`` anew."""

    dependencies = [("ledger", "0006_about_one_thing_by_the_index")]

    operations = [migrations.RunSQL(GONE), migrations.RunSQL(BOUND)]
