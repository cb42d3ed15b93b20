"""Whoever is named as a centre closes asks after those who left. They stand on its roster; nobody names themselves."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

KEEPER = f"""
CREATE OR REPLACE FUNCTION fact_follow_up_keeper() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
BEGIN
    RETURN QUERY
    SELECT c.id FROM reception_centreroster r JOIN reception_centre c ON c.id = r.centre_id AND c.closed_at IS NOT NULL
    WHERE r.membership_id = (SELECT ctx_membership()) AND r.until IS NULL
      AND EXISTS (SELECT 1 FROM reception_followup f WHERE f.centre_id = c.id AND f.done_at IS NULL);
END $$;
ALTER FUNCTION fact_follow_up_keeper() OWNER TO wb_search;
"""

BY_ANOTHER = f"""
CREATE FUNCTION reception_named_by_another() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NEW.until IS NULL AND NEW.membership_id = ctx_membership()
       AND EXISTS (SELECT 1 FROM reception_centre c WHERE c.id = NEW.centre_id AND c.closed_at IS NOT NULL)
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'nobody names themselves once the centre has closed';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION reception_named_by_another() OWNER TO wb_search;
CREATE TRIGGER reception_named_by_another BEFORE INSERT OR UPDATE ON reception_centreroster
    FOR EACH ROW EXECUTE FUNCTION reception_named_by_another();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: who was named stays named."""

    dependencies = [("reception", "0023_code_for_the_radio")]

    operations = [migrations.RunSQL(sql) for sql in (KEEPER, BY_ANOTHER)]
