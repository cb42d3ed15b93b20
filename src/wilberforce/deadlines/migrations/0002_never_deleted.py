"""A deadline is met or cancelled, never deleted, and keeps its subject, its kind and its agency."""

from django.db import migrations

GRANTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON deadlines_deadline FROM wb_app;
GRANT UPDATE (due_at, met_at, told_at, cancelled_at) ON deadlines_deadline TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_what_is_due")]

    operations = [migrations.RunSQL(GRANTS, migrations.RunSQL.noop)]
