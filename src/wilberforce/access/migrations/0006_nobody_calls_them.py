"""What nobody calls goes: a job opens its own context and no ticket of somebody's, and a context's row is gone with its
transaction, so that nothing is left to sweep, nor to find by when it ends."""

from django.db import migrations

UNUSED = """
DROP FUNCTION access_open_ticket(uuid, text[]);
DROP FUNCTION access_issue_ticket();
DROP FUNCTION access_sweep();
DROP TABLE access_ticket;
DROP INDEX access_context_expires;
DROP FUNCTION ctx_device();
DROP FUNCTION ctx_stepped_up_at();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: they stand in 0002."""

    dependencies = [("access", "0005_opened_cheaply")]

    operations = [migrations.RunSQL(UNUSED)]
