"""An arrest changes the board of its operation."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER told AFTER INSERT OR UPDATE ON custody_arrest
    FOR EACH ROW EXECUTE FUNCTION operations_told('operation_id');
"""


class Migration(migrations.Migration):
    dependencies = [("custody", "0002_never_changed"), ("operations", "0004_changes_are_told")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER told ON custody_arrest")]
