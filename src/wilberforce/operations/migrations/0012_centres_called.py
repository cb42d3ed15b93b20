"""A centre is linked by a code that somebody says on the radio. ``reception`` replaces the function, which knows none."""

from django.db import migrations, models

CALLED = """
CREATE FUNCTION operations_centres_called(p_operation uuid, p_code text) RETURNS TABLE (centre_id uuid, agency_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN;
END $$;
REVOKE ALL ON FUNCTION operations_centres_called(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION operations_centres_called(uuid, text) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("operations", "0011_phones_of_bronzes")]

    operations = [
        migrations.AddField(
            model_name="centrelink",
            name="code",
            field=models.CharField(
                blank=True, default="", help_text="what the centre is called on the radio", max_length=6
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(CALLED, "DROP FUNCTION operations_centres_called(uuid, text)"),
    ]
