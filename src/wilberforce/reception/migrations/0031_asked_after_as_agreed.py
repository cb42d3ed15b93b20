"""Whom somebody asks after was agreed when they left: it is never turned to another person, and whoever asks after those who
left a closed centre adds nobody, which would keep its door open to them."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
AGREED = f"""
REVOKE UPDATE ON reception_followup FROM wb_app;
GRANT UPDATE (due_on, way, contact, outcome, done_at, version) ON reception_followup TO wb_app;

CREATE FUNCTION reception_follow_up_agreed() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM reception_centre c WHERE c.id = NEW.centre_id AND c.closed_at IS NOT NULL)
       AND NEW.centre_id <> ALL (ARRAY(SELECT fact_same_centre()))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: nobody leaves a centre that has closed';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION reception_follow_up_agreed() OWNER TO wb_search;
CREATE TRIGGER reception_follow_up_agreed BEFORE INSERT ON reception_followup
    FOR EACH ROW WHEN (current_user = 'wb_app') EXECUTE FUNCTION reception_follow_up_agreed();
"""
UNDONE = """
DROP TRIGGER reception_follow_up_agreed ON reception_followup;
DROP FUNCTION reception_follow_up_agreed();
GRANT UPDATE ON reception_followup TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0030_a_mistake_is_taken_back")]

    operations = [migrations.RunSQL(AGREED, UNDONE)]
