"""Whoever arrives or leaves changes the board of the operation for which the centre works."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER told AFTER INSERT OR UPDATE ON reception_presence
    FOR EACH ROW EXECUTE FUNCTION operations_told_of_centre();
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_facts"), ("operations", "0004_changes_are_told")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER told ON reception_presence")]
