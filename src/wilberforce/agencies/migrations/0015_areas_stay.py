"""What the application's own role may not do to areas: write another agency beside a place, or bring back what ended."""

from django.db import migrations

STAY = """
REVOKE UPDATE, DELETE, TRUNCATE ON agencies_area, agencies_areaasked FROM wb_app;
GRANT UPDATE (ended_at) ON agencies_area TO wb_app;
GRANT UPDATE (answered_by_id, answered_at, yes) ON agencies_areaasked TO wb_app;

CREATE TRIGGER area_stays_ended BEFORE UPDATE OF ended_at ON agencies_area
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
    EXECUTE FUNCTION agencies_stays_ended();
CREATE TRIGGER area_stays_answered BEFORE UPDATE OF answered_at ON agencies_areaasked
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL AND NEW.answered_at IS DISTINCT FROM OLD.answered_at)
    EXECUTE FUNCTION agencies_stays_ended();
"""


class Migration(migrations.Migration):
    """Not reversible: nothing needs the wider rights again."""

    dependencies = [("agencies", "0014_areas_by_two_agencies")]

    operations = [migrations.RunSQL(STAY)]
