"""What a victim information request opens is of its person, its kind and its days, and goes by a letting-go that was begun for
it alone, which the second person has still to see.

The pages held to that; a keeper who could send statements of their own as the application might have named the records of
anybody, for any time, and as its disclosure one that somebody had let go long before.
"""

from django.db import migrations

OPENS = """
CREATE FUNCTION sharing_victim_request_opens() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE me uuid := ctx_membership();
BEGIN
    IF NEW.records IS DISTINCT FROM OLD.records AND EXISTS (
            SELECT 1 FROM unnest(NEW.records) AS wanted(id) WHERE NOT EXISTS (
                SELECT 1 FROM (
                    SELECT n.id, n.person_id, n.controller_id, n.recorded_at, n.counselling
                    FROM survivors_note n WHERE n.id = wanted.id AND OLD.data_class = 'support'
                    UNION ALL SELECT n.id, n.person_id, n.controller_id, n.recorded_at, n.counselling
                    FROM survivors_clinicalnote n WHERE n.id = wanted.id AND OLD.data_class = 'health'
                    UNION ALL SELECT c.id, c.person_id, c.controller_id, c.recorded_at, false
                    FROM survivors_careflag c WHERE c.id = wanted.id AND OLD.data_class = 'health'
                ) kept
                WHERE kept.person_id = OLD.person_id AND kept.controller_id = OLD.to_agency_id
                  AND (OLD.counselling OR NOT kept.counselling)
                  AND (kept.recorded_at AT TIME ZONE 'Europe/London')::date BETWEEN OLD.covers_from AND OLD.covers_to))
       -- ninety days at most, and the rest of the last
       OR NEW.expires_at IS DISTINCT FROM OLD.expires_at AND NEW.expires_at > access_now() + interval '92 days'
       OR NEW.disclosure_id IS DISTINCT FROM OLD.disclosure_id AND NOT EXISTS (
            SELECT 1 FROM sharing_disclosure d
            WHERE d.id = NEW.disclosure_id AND d.subject_id = OLD.person_id AND d.initiated_by = me
              AND d.from_agency_id = OLD.to_agency_id AND d.to_agency_id = OLD.from_agency_id
              AND d.data_class = OLD.data_class AND d.projection = 'requested_material'
              AND d.approved_at IS NULL AND d.completed_at IS NULL AND d.refused_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM sharing_victimrequest v WHERE v.disclosure_id = d.id))
       OR NEW.letter_id IS DISTINCT FROM OLD.letter_id AND NOT EXISTS (
            SELECT 1 FROM sharing_disclosure d
            WHERE d.id = NEW.letter_id AND d.initiated_by = me AND d.from_agency_id = OLD.from_agency_id
              AND d.to_agency_id = OLD.to_agency_id AND d.projection = 'request_letter'
              AND d.approved_at IS NULL AND d.completed_at IS NULL AND d.refused_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM sharing_victimrequest v WHERE v.letter_id = d.id))
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: this is not what was asked for';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_victim_request_opens() OWNER TO wb_search;
GRANT SELECT ON survivors_note, survivors_clinicalnote, survivors_careflag, sharing_disclosure, sharing_victimrequest
    TO wb_search;
CREATE TRIGGER sharing_victim_request_opens BEFORE UPDATE OF records, expires_at, disclosure_id, letter_id
    ON sharing_victimrequest FOR EACH ROW WHEN (current_user = 'wb_app') EXECUTE FUNCTION sharing_victim_request_opens();
"""
UNDONE = (
    "DROP TRIGGER sharing_victim_request_opens ON sharing_victimrequest; DROP FUNCTION sharing_victim_request_opens();"
)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0035_packs_go_along"), ("survivors", "0007_said_in_counselling")]

    operations = [migrations.RunSQL(OPENS, UNDONE)]
