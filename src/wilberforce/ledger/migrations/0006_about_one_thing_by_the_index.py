"""Asked by stretches of time, one after the other: in one join PostgreSQL read every entry of the agency instead."""

from importlib import import_module

from django.db import migrations

before = import_module("wilberforce.ledger.migrations.0005_about_one_thing")
ABOUT = f"""
CREATE OR REPLACE FUNCTION ledger_about(p_thing uuid, p_controller uuid, p_times timestamptz[])
RETURNS TABLE ({before.COLUMNS}, "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT {before.NAMES}, p.position
    FROM (SELECT unnest(range_agg(tstzrange(t - interval '2 min', t + interval '2 min', '[]'))) AS stretch
          FROM unnest(p_times) t) s
    CROSS JOIN LATERAL (
        SELECT * FROM ledger_leaf l
        WHERE l.controller_id = p_controller AND l.at BETWEEN lower(s.stretch) AND upper(s.stretch)
        OFFSET 0
    ) l
    LEFT JOIN ledger_position p ON p.leaf_id = l.id
    WHERE p_thing = ANY (l.objects_seen) AND l.op IN ('disclosure', 'approval', 'alteration') AND l.allowed
      AND (SELECT ctx_agency()) IN (l.controller_id, l.recipient_id)
    ORDER BY l.at, l.id
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_about_one_thing")]

    operations = [migrations.RunSQL(ABOUT, before.ABOUT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))]
