"""A worry is told on the board at once: that one waits to be read, to the named commander alone; never what it says."""

from django.db import migrations

WAITING = """
CREATE FUNCTION operations_worries_waiting(p_operation uuid) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT count(*) FROM operations_safetyworry w
            WHERE w.operation_id = p_operation AND w.read_at IS NULL
              AND w.operation_id = ANY (ARRAY(SELECT fact_op_lead())));
END $$;
ALTER FUNCTION operations_worries_waiting(uuid) OWNER TO wb_search;
"""
TOLD = """
CREATE TRIGGER told AFTER INSERT OR UPDATE ON operations_safetyworry
    FOR EACH ROW EXECUTE FUNCTION operations_told('operation_id');
"""


class Migration(migrations.Migration):
    dependencies = [("operations", "0016_what_was_before_a_correction")]

    operations = [
        migrations.RunSQL(WAITING, "DROP FUNCTION operations_worries_waiting(uuid)"),
        migrations.RunSQL(TOLD, "DROP TRIGGER told ON operations_safetyworry"),
    ]
