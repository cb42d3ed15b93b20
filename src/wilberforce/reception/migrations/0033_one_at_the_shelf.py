"""Two who take of one thing at the same moment are counted one after the other: the second found no latest count, began
at nothing, and was refused by the constraint that there is one."""

from importlib import import_module

from django.db import migrations

ONE_AT_A_TIME = "    PERFORM pg_advisory_xact_lock(hashtextextended('reception_stock ' || {centre}, 0));\n"

REMAINS = f"""
CREATE OR REPLACE FUNCTION reception_what_remains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
{ONE_AT_A_TIME.format(centre="NEW.centre_id")}    UPDATE reception_stockchange s SET latest = false
    WHERE s.centre_id = NEW.centre_id AND s.thing = NEW.thing AND s.latest RETURNING s.remaining INTO NEW.remaining;
    NEW.remaining := coalesce(NEW.remaining, 0) + NEW.change;
    NEW.latest := true;
    RETURN NEW;
END $$;
"""

counted = import_module("wilberforce.reception.migrations.0032_projected_by_kept_plans")
STOCK = counted.STOCK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(
    "BEGIN\n", "BEGIN\n" + ONE_AT_A_TIME.format(centre="p_centre")
)


class Migration(migrations.Migration):
    """Not reversible by itself: the functions as they were stand in 0012 and 0032."""

    dependencies = [("reception", "0032_projected_by_kept_plans")]

    operations = [migrations.RunSQL(sql) for sql in (REMAINS, STOCK)]
