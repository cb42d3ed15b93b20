"""Everybody may read what the ledger holds of themselves. The actor's pseudonym is made where its key is, so it is handed
in; only entries of the actor's own agency are found by it."""

from django.db import migrations

OWN = """
CREATE INDEX ledger_leaf_actor_at ON ledger_leaf (actor, at DESC);

CREATE FUNCTION ledger_own(p_actor uuid, p_limit int, p_offset int)
RETURNS TABLE (at timestamptz, op text, role text, purpose text, subject_class text, projection text, rule text,
               allowed boolean, number int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT l.at, l.op::text, l.role::text, l.purpose::text, l.subject_class::text, l.projection::text, l.rule::text,
           l.allowed, cardinality(l.objects_seen)
    FROM ledger_leaf l
    WHERE l.actor = p_actor AND l.controller_id = ctx_agency() AND ctx_membership() IS NOT NULL
    ORDER BY l.at DESC, l.id DESC LIMIT least(p_limit, 100) OFFSET p_offset
$$;
GRANT SELECT ON ledger_leaf TO wb_search;
ALTER FUNCTION ledger_own(uuid, int, int) OWNER TO wb_search;
REVOKE ALL ON FUNCTION ledger_own(uuid, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_own(uuid, int, int) TO wb_app;
"""
BACK = "DROP FUNCTION ledger_own(uuid, int, int); DROP INDEX ledger_leaf_actor_at;"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_sequence"), ("access", "0002_context")]

    operations = [migrations.RunSQL(OWN, BACK)]
