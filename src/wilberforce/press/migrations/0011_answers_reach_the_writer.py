"""What an approver says no to is for the writer to mend, whichever agency the approver is of."""

from django.db import migrations

DRAFTS = """
CREATE OR REPLACE FUNCTION press_own_drafts() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM press_bulletin WHERE controller_id = ctx_agency()
$$;
ALTER FUNCTION press_own_drafts() OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("press", "0010_one_person_is_never_two")]

    operations = [migrations.RunSQL(DRAFTS, "DROP FUNCTION press_own_drafts()")]
