"""Who is at the same centre, on shift, or named on one; and what is only ever added.

The functions belong to the search role, which passes row policies and can't sign in.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

SAME_CENTRE = f"""
CREATE OR REPLACE FUNCTION fact_same_centre() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    WITH mine AS (
        SELECT r.centre_id FROM reception_centreroster r
        JOIN reception_centre c ON c.id = r.centre_id AND c.closed_at IS NULL
        WHERE r.membership_id = (SELECT ctx_membership()) AND r.until IS NULL
    )
    SELECT centre_id FROM mine
    UNION ALL
    SELECT p.person_id FROM reception_presence p JOIN mine USING (centre_id) WHERE p.until IS NULL
$$;
ALTER FUNCTION fact_same_centre() OWNER TO wb_search;
"""

NAMED = f"""
CREATE OR REPLACE FUNCTION fact_named_on_shift() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT s.centre_id FROM reception_shift s
    WHERE s.membership_id = (SELECT ctx_membership())
      AND s.starts <= access_now() + interval '12 hours' AND s.ends > access_now()
$$;
ALTER FUNCTION fact_named_on_shift() OWNER TO wb_search;
"""

ON_SHIFT = f"""
CREATE FUNCTION reception_on_shift() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    -- the hours are the shift's, which only a manager writes; signing in begins no time of its own
    SELECT EXISTS (
        SELECT 1 FROM reception_signin i
        JOIN reception_shift s ON s.id = i.shift_id AND s.membership_id = i.membership_id
        WHERE i.membership_id = (SELECT ctx_membership())
          AND s.starts <= access_now() + interval '1 hour'
          AND access_now() < least(coalesce(i.signed_out_at, s.ends), s.ends) + interval '2 hours')
$$;
ALTER FUNCTION reception_on_shift() OWNER TO wb_search;

-- others work shifts too: whoever defined the fact before keeps their part of it
ALTER FUNCTION fact_on_shift() RENAME TO on_shift_besides_reception;
CREATE FUNCTION fact_on_shift() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT reception_on_shift() OR on_shift_besides_reception()
$$;
"""

ONLY_ADDED = """
REVOKE UPDATE, DELETE, TRUNCATE ON reception_movement, reception_stockchange, reception_given, reception_leaving
    FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("reception", "0001_centres_and_presence"), ("agencies", "0002_who_is_at_the_screen")]

    operations = [migrations.RunSQL(sql) for sql in (SAME_CENTRE, NAMED, ON_SHIFT, ONLY_ADDED)]
