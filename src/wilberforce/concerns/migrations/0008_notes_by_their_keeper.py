"""Whoever tells us something begins a source; what is noted of it afterwards its keeper writes alone."""

from django.db import migrations

WRITES = """
CREATE POLICY keeper_adds ON concerns_sourcenote AS RESTRICTIVE FOR INSERT
    WITH CHECK ((SELECT ctx_role()) = 'source_keeper');
"""
UNDO = """
DROP POLICY keeper_adds ON concerns_sourcenote;
"""


class Migration(migrations.Migration):
    dependencies = [("concerns", "0007_what_was_before_a_correction"), ("access", "0002_context")]

    operations = [migrations.RunSQL(WRITES, UNDO)]
