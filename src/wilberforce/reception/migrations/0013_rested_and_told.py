"""Whether somebody rested and was told their choices, for whoever writes down what they decide: in any agency, and no more."""

from django.db import migrations

BEFORE_DECIDING = """
CREATE FUNCTION reception_before_deciding(p_person uuid)
RETURNS TABLE (since timestamptz, rested boolean, told boolean, sooner boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT p.since,
           EXISTS (SELECT 1 FROM reception_given g WHERE (g.person_id, g.thing) = (p_person, 'rested')),
           EXISTS (SELECT 1 FROM reception_given g WHERE (g.person_id, g.thing) = (p_person, 'told-options'))
           OR EXISTS (SELECT 1 FROM survivors_told t WHERE (t.person_id, t.step) = (p_person, 'choices')),
           EXISTS (SELECT 1 FROM reception_given g WHERE (g.person_id, g.thing) = (p_person, 'decision-sooner'))
    FROM reception_presence p
    WHERE p.person_id = p_person
      AND (p_person = ANY (ARRAY(SELECT fact_assigned())) OR p_person = ANY (ARRAY(SELECT fact_same_centre())))
    ORDER BY p.since DESC LIMIT 1
$$;
ALTER FUNCTION reception_before_deciding(uuid) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0012_what_remains"), ("survivors", "0002_facts")]

    operations = [migrations.RunSQL(BEFORE_DECIDING, "DROP FUNCTION reception_before_deciding(uuid)")]
