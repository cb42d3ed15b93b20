"""What waits for an approver: a bulletin, or something that would leave the agency."""

from django.db import migrations

PENDING = """
CREATE OR REPLACE FUNCTION fact_pending() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT press_pending() UNION ALL SELECT sharing_pending()
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("press", "0002_letting_out"), ("sharing", "0002_facts")]

    operations = [migrations.RunSQL(PENDING)]
