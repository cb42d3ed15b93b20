"""Which records of any stage a reference names, so that a tie or a block reaches all of them."""

from django.db import migrations

NAMED = """
CREATE OR REPLACE FUNCTION agencies_named(p_reference text) RETURNS SETOF uuid LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM survivors_person WHERE upper(reference) = p_reference
    UNION SELECT person_id FROM reception_presence WHERE upper(reference) = p_reference
    UNION SELECT id FROM operations_found WHERE upper(reference) = p_reference
    UNION SELECT id FROM operations_operation WHERE upper(reference) = p_reference
    UNION SELECT id FROM custody_arrest WHERE upper(reference) = p_reference
    UNION SELECT arrest_id FROM custody_detention WHERE upper(reference) = p_reference
$$;
GRANT SELECT ON survivors_person, reception_presence, operations_found, operations_operation, custody_arrest,
    custody_detention TO wb_search;
ALTER FUNCTION agencies_named(text) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholder comes back by migrating ``agencies`` anew."""

    dependencies = [
        ("web", "0002_what_waits"),
        ("agencies", "0006_ties_and_blocks"),
    ]

    operations = [migrations.RunSQL(NAMED)]
