"""What the application's own database role may not do to people: make a sitting somebody else's, bring back what has
ended, move a role or a membership to another person, or delete any of it."""

from django.db import migrations

STAYS = """
REVOKE UPDATE, DELETE, TRUNCATE ON agencies_membership, agencies_roleheld, agencies_signedin FROM wb_app;
GRANT UPDATE (starts, ends, vetting, clinician_checked_on) ON agencies_membership TO wb_app;
GRANT UPDATE (ends) ON agencies_roleheld TO wb_app;
GRANT UPDATE (session_key_hash, membership_id, device_id, stepped_up_at, second_factor, ended_at)
    ON agencies_signedin TO wb_app;
REVOKE DELETE, TRUNCATE ON agencies_user, agencies_agency, agencies_device, agencies_invitation, agencies_shift FROM wb_app;

CREATE FUNCTION agencies_stays_ended() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'what has ended stays ended; begin it anew', CONSTRAINT = 'stays_ended';
END $$;
CREATE TRIGGER membership_stays_ended BEFORE UPDATE OF ends ON agencies_membership
    FOR EACH ROW WHEN (OLD.ends IS NOT NULL AND (NEW.ends IS NULL OR NEW.ends > OLD.ends))
    EXECUTE FUNCTION agencies_stays_ended();
CREATE TRIGGER role_stays_ended BEFORE UPDATE OF ends ON agencies_roleheld
    FOR EACH ROW WHEN (OLD.ends IS NOT NULL AND (NEW.ends IS NULL OR NEW.ends > OLD.ends))
    EXECUTE FUNCTION agencies_stays_ended();
CREATE TRIGGER sitting_stays_ended BEFORE UPDATE OF ended_at ON agencies_signedin
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
    EXECUTE FUNCTION agencies_stays_ended();

CREATE FUNCTION agencies_sitting_fits() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM agencies_membership m WHERE m.id = NEW.membership_id AND m.user_id = NEW.user_id)
       OR NEW.device_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM agencies_device d WHERE d.id = NEW.device_id AND d.membership_id = NEW.membership_id) THEN
        RAISE check_violation USING MESSAGE = 'a sitting, its membership and its device are of one person',
            CONSTRAINT = 'sitting_of_one_person';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sitting_of_one_person BEFORE INSERT OR UPDATE OF membership_id, device_id ON agencies_signedin
    FOR EACH ROW EXECUTE FUNCTION agencies_sitting_fits();
"""


class Migration(migrations.Migration):
    """Not reversible: nothing needs the wider rights again."""

    dependencies = [("agencies", "0008_what_looks_odd")]

    operations = [migrations.RunSQL(STAYS)]
