"""Once an agency has ended nobody brings it back, and nobody else takes over from it."""

from django.db import migrations

STAYS = """
CREATE FUNCTION agencies_end_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'an agency that has ended stays so',
        CONSTRAINT = 'agency_end_stays', TABLE = 'agencies_agency';
END $$;
CREATE TRIGGER agency_end_stays BEFORE UPDATE OF ends, successor_id ON agencies_agency
    FOR EACH ROW WHEN (OLD.ends <= (access_now() AT TIME ZONE 'Europe/London')::date
        AND (OLD.ends, OLD.successor_id) IS DISTINCT FROM (NEW.ends, NEW.successor_id))
    EXECUTE FUNCTION agencies_end_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0015_areas_stay"), ("access", "0002_context")]

    operations = [
        migrations.RunSQL(
            STAYS, "DROP TRIGGER agency_end_stays ON agencies_agency; DROP FUNCTION agencies_end_stays();"
        )
    ]
