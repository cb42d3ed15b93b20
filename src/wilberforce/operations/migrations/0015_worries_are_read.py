"""A worry about safety is read by a time; whoever told it learns when, and nothing else."""

from django.db import migrations, models

TOLD = """
CREATE FUNCTION operations_worries_told(p_centre uuid) RETURNS TABLE (at timestamptz, read_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY SELECT w.at, w.read_at FROM operations_safetyworry w
    WHERE w.centre_id = p_centre AND w.by = ctx_membership() AND ctx_purpose() = 'reception'
    ORDER BY w.at DESC LIMIT 10;
END $$;
ALTER FUNCTION operations_worries_told(uuid) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("operations", "0014_warrants_and_debriefs_have_a_version")]

    operations = [
        migrations.AddField("safetyworry", "by", models.UUIDField(null=True)),
        migrations.AddField("safetyworry", "read_at", models.DateTimeField(null=True)),
        migrations.AddField("safetyworry", "read_by", models.UUIDField(null=True)),
        migrations.RunSQL(TOLD, "DROP FUNCTION operations_worries_told(uuid)"),
    ]
