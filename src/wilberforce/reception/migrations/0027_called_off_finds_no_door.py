"""Whoever was named on a shift that was called off finds the centre no longer."""

from django.db import migrations

NAMED = """
CREATE OR REPLACE FUNCTION fact_named_on_shift() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY SELECT s.place_id FROM agencies_shift s
    WHERE s.membership_id = (SELECT ctx_membership()) AND s.called_off_at IS NULL
      AND s.starts <= access_now() + interval '12 hours' AND s.ends > access_now();
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the facts come back by migrating ``access`` anew."""

    dependencies = [
        ("reception", "0026_what_was_before_a_correction"),
        ("agencies", "0018_a_shift_is_called_off"),
        ("web", "0009_facts_keep_their_plans"),
    ]

    operations = [migrations.RunSQL(NAMED, migrations.RunSQL.noop)]
