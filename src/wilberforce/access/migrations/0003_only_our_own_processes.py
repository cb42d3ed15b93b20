"""A context is opened by the application alone, and its row is gone with its transaction."""

from django.db import migrations

OPENED_BY_THE_APP = """
REVOKE ALL ON FUNCTION access_open(bytea, text, text[]), access_open_public(text, text[]),
    access_open_system(text, text[]), access_open_ticket(uuid, text[]), access_issue_ticket(), access_sweep() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_open(bytea, text, text[]), access_open_public(text, text[]),
    access_open_system(text, text[]), access_open_ticket(uuid, text[]), access_issue_ticket(), access_sweep() TO wb_app;
"""

GONE = """
CREATE OR REPLACE FUNCTION access_close() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DELETE FROM access_context WHERE token = nullif(current_setting('wb.token', true), '')::uuid;
    SELECT set_config('wb.token', '', true);
$$;
REVOKE ALL ON FUNCTION access_close() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_close() TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_context")]

    operations = [
        migrations.RunSQL(OPENED_BY_THE_APP, migrations.RunSQL.noop),
        migrations.RunSQL(GONE, migrations.RunSQL.noop),
    ]
