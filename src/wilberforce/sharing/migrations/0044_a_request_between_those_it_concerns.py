"""What one agency asks of another: seen by whoever could answer, whoever asked or works with the person, and guardians.

Everybody of either agency saw it: a volunteer read what the police wanted to know about somebody they never met.
"""

from django.db import migrations

CONCERNED = """
CREATE FUNCTION sharing_in_hand() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    -- the people whom the actor is named for, or whose case they are on: a colleague in the same role goes on with it
    RETURN QUERY SELECT fact_assigned()
    UNION SELECT p.id FROM survivors_person p WHERE p.operation_id = ANY (ARRAY(SELECT fact_case_member()));
END $$;
ALTER FUNCTION sharing_in_hand() OWNER TO wb_search;
DROP POLICY sides ON sharing_request;
CREATE POLICY sides ON sharing_request FOR SELECT USING (
    (SELECT ctx_role()) = 'data_guardian' AND (SELECT ctx_agency()) IN (from_agency_id, to_agency_id)
    OR to_agency_id = (SELECT ctx_agency()) AND data_class = ANY (ARRAY(
        SELECT split_part(g, '/', 2) FROM unnest((SELECT ctx_grants())) g WHERE split_part(g, '/', 3) = 'D'))
    OR from_agency_id = (SELECT ctx_agency())
        AND (asked_by = (SELECT ctx_membership()) OR person_id = ANY (ARRAY(SELECT sharing_in_hand()))
             AND EXISTS (SELECT 1 FROM agencies_roleheld h
                         WHERE h.membership_id = asked_by AND h.role = (SELECT ctx_role()))));
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider policy comes back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0043_a_no_says_why")]

    operations = [migrations.RunSQL(CONCERNED)]
