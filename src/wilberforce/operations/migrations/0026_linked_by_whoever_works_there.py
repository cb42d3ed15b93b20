"""Who is on the way to a centre is seen by whoever works at that centre, not by the whole agency that runs it.

The fact asked for the agency alone: a volunteer with a shift at another centre read who was being brought to this one.
"""

from django.db import migrations

LINKED = """
CREATE OR REPLACE FUNCTION fact_op_linked() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY
    WITH mine AS (
        SELECT l.operation_id, l.centre_id FROM operations_centrelink l
        WHERE l.until IS NULL AND (
            l.agency_id = (SELECT ctx_agency())
                AND (ctx_kind() <> 'redcross' OR l.centre_id = ANY (ARRAY(SELECT fact_same_centre())))
            OR EXISTS (SELECT 1 FROM operations_command c WHERE c.operation_id = l.operation_id
                       AND c.membership_id = (SELECT ctx_membership()) AND c.until IS NULL))
    )
    SELECT operation_id FROM mine UNION SELECT centre_id FROM mine;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider fact comes back by migrating ``operations`` anew."""

    dependencies = [("operations", "0025_sent_to_a_centre_lately")]

    operations = [migrations.RunSQL(LINKED)]
