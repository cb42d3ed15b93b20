"""An order waits once for each copy that is not read: not once for each of its parts, nor for a closed version."""

from django.db import migrations

COUNTED_PARTS = """
        SELECT 'brief', b.id, greatest(b.opens_at, b.recorded_at) FROM operations_brief b
        WHERE b.agency_id = me.agency AND b.opens_at <= access_now()
          AND b.operation_id = ANY (ARRAY(SELECT fact_op_member()))
          AND b.operation_id = ANY (ARRAY(SELECT fact_op_window()));
"""

COUNTS_COPIES = """
        SELECT 'brief', copies.id, copies.opened FROM (
            SELECT DISTINCT ON (b.operation_id, b.copy) b.id, greatest(b.opens_at, b.recorded_at) AS opened
            FROM operations_brief b
            WHERE b.agency_id = me.agency AND b.opens_at <= access_now() AND b.superseded_at IS NULL
              AND b.operation_id = ANY (ARRAY(SELECT fact_op_member()))
              AND b.operation_id = ANY (ARRAY(SELECT fact_op_window()))
              AND NOT EXISTS (SELECT 1 FROM operations_orderreading r WHERE r.operation_id = b.operation_id
                              AND r.copy = b.copy AND r.membership_id = me.membership)
            ORDER BY b.operation_id, b.copy, b.id) copies;
"""

REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('web_waits()'::regprocedure);
BEGIN
    IF position($old${COUNTED_PARTS}$old$ IN told) = 0 THEN
        RAISE EXCEPTION 'web_waits() no longer counts the parts of an order';
    END IF;
    EXECUTE replace(told, $old${COUNTED_PARTS}$old$, $new${COUNTS_COPIES}$new$);
END $migrate$;
GRANT SELECT ON operations_orderreading TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``web`` anew."""

    dependencies = [("web", "0009_facts_keep_their_plans"), ("operations", "0005_operation_order")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
