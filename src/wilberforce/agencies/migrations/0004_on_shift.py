"""Who is on shift: signed in to one, or within two hours after it."""

from django.db import migrations

ON_SHIFT = """
-- a shift that nobody signed out of is over when its time is; stamps may run a little ahead of this clock
CREATE OR REPLACE FUNCTION fact_on_shift() RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT EXISTS (SELECT 1 FROM agencies_shift s
        WHERE s.membership_id = ctx_membership() AND s.signed_in_at <= access_now() + interval '1 minute'
          AND coalesce(s.signed_out_at, s.ends) > access_now() - interval '2 hours')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0003_shifts"), ("access", "0002_context")]

    operations = [migrations.RunSQL(ON_SHIFT)]
