"""Who is at the same centre, who is named on a shift there, and what is only ever added.

A function that reads class tables belongs to the search role, which passes row policies and can't sign in.
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
    SELECT s.place_id FROM agencies_shift s
    WHERE s.membership_id = (SELECT ctx_membership())
      AND s.starts <= access_now() + interval '12 hours' AND s.ends > access_now()
$$;
"""

STAY_BEGINS = f"""
CREATE FUNCTION reception_stay_begins() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM reception_centre c WHERE c.id = NEW.centre_id AND c.state IN ('open', 'closing')) THEN
        RAISE check_violation USING MESSAGE = 'the centre is not open';
    END IF;
    -- a stay gives sight of the person: it is written before there is a record, or by a centre where they were
    IF EXISTS (SELECT 1 FROM survivors_person p WHERE p.id = NEW.person_id)
       AND NOT EXISTS (SELECT 1 FROM reception_presence b WHERE (b.person_id, b.centre_id) = (NEW.person_id, NEW.centre_id))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'known already';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION reception_stay_begins() OWNER TO wb_search;
CREATE TRIGGER reception_stay_begins BEFORE INSERT OR UPDATE OF person_id, centre_id ON reception_presence
    FOR EACH ROW EXECUTE FUNCTION reception_stay_begins();
"""

ONLY_ADDED = """
REVOKE UPDATE, DELETE, TRUNCATE ON reception_movement, reception_stockchange, reception_given, reception_leaving
    FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [
        ("reception", "0001_centres_and_presence"),
        ("agencies", "0004_on_shift"),
        ("survivors", "0001_person_identity_consent_care"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (SAME_CENTRE, NAMED, STAY_BEGINS, ONLY_ADDED)]
