"""The schedule of unused material is written by a disclosure officer alone, though the rest of the case is its team's.

Found by a test: whoever investigates the case could add a line and write a correction.
"""

from django.db import migrations

WRITES = """
CREATE POLICY officer_adds ON custody_unused AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT ctx_role()) = 'disclosure_officer');
CREATE POLICY officer_changes ON custody_unused AS RESTRICTIVE FOR UPDATE
    USING ((SELECT ctx_role()) = 'disclosure_officer');
"""
UNDO = "DROP POLICY officer_adds ON custody_unused; DROP POLICY officer_changes ON custody_unused;"


class Migration(migrations.Migration):
    dependencies = [("custody", "0009_schedule_of_unused_material"), ("access", "0002_context")]

    operations = [migrations.RunSQL(WRITES, UNDO)]
