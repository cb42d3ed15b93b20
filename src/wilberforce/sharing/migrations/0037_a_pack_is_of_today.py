"""A pack begins now and ends within its time, whoever writes its row; one that says otherwise would never be destroyed."""

from django.db import migrations

BEGINS = """
DROP POLICY begins ON sharing_pack;
CREATE POLICY begins ON sharing_pack AS RESTRICTIVE FOR INSERT WITH CHECK (
    made_by = (SELECT ctx_membership()) AND taken_at IS NULL AND told_at IS NULL AND gone_at IS NULL{more});
"""
TODAY = """ AND handed_at IS NULL
    AND made_at <= (SELECT access_now()) + interval '1 minute'
    AND over_at <= made_at + interval '15 days'"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0036_opens_what_was_asked_for")]

    operations = [migrations.RunSQL(BEGINS.format(more=TODAY), BEGINS.format(more=""))]
