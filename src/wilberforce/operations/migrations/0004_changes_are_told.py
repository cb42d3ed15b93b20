"""Each change of an operation is told to whoever listens: its id and nothing else, when the transaction commits."""

from django.db import migrations

FUNCTIONS = """
CREATE FUNCTION operations_told() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_notify('wb_changed', (to_jsonb(NEW) ->> TG_ARGV[0]));
    RETURN NULL;
END $$;
CREATE FUNCTION operations_told_of_centre() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_notify('wb_changed', l.operation_id::text) FROM operations_centrelink l
    WHERE l.centre_id = NEW.centre_id AND l.until IS NULL;
    RETURN NULL;
END $$;
"""

OF_OPERATION = ("site", "siteplace", "hazard", "found", "unit", "logentry", "centrelink")
TRIGGER = "CREATE TRIGGER told AFTER INSERT OR UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION operations_told('{}');"
TRIGGERS = "\n".join(
    [TRIGGER.format("operations_operation", "id")]
    + [TRIGGER.format(f"operations_{name}", "operation_id") for name in OF_OPERATION]
)


class Migration(migrations.Migration):
    dependencies = [("operations", "0003_units_and_exercises")]

    operations = [
        migrations.RunSQL(
            FUNCTIONS, "DROP FUNCTION operations_told() CASCADE; DROP FUNCTION operations_told_of_centre() CASCADE"
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
