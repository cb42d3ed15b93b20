"""What was before a correction is written with it: a partner that tells, and a desk that passes on, write items alone."""

from django.db import migrations

WRITES = """
CREATE POLICY officers_add ON intelligence_formeritem AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT ctx_role()) = 'intel_officer');
CREATE POLICY officers_add ON intelligence_formersuspect AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT ctx_role()) IN ('intel_officer', 'investigator'));
"""
UNDO = """
DROP POLICY officers_add ON intelligence_formeritem;
DROP POLICY officers_add ON intelligence_formersuspect;
"""


class Migration(migrations.Migration):
    dependencies = [("intelligence", "0003_the_latest_first"), ("access", "0002_context")]

    operations = [migrations.RunSQL(WRITES, UNDO)]
