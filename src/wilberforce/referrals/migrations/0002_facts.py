"""Which notifications somebody has read who did not write them; and a decision that stays as it was made."""

from django.db import migrations

CHECKED = """
CREATE OR REPLACE FUNCTION fact_text_checked() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM referrals_notification WHERE checked_by IS NOT NULL AND checked_by <> written_by
$$;
ALTER FUNCTION fact_text_checked() OWNER TO wb_search;
"""

DECISIONS_STAY = """
REVOKE UPDATE, DELETE, TRUNCATE ON referrals_dutydecided FROM wb_app;
GRANT UPDATE (sent_at, version) ON referrals_dutydecided TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("referrals", "0001_duty_form_notification"), ("access", "0002_context")]

    operations = [migrations.RunSQL(CHECKED), migrations.RunSQL(DECISIONS_STAY)]
