"""What remains of each thing is kept with its latest change: adding up every change ever made took longer with each."""

from django.db import migrations, models
from django.db.models import Q

KEPT = """
UPDATE reception_stockchange s SET remaining = k.remaining, latest = k.latest
FROM (SELECT id, sum(change) OVER w AS remaining, row_number() OVER (PARTITION BY centre_id, thing ORDER BY id DESC) = 1 AS latest
      FROM reception_stockchange WINDOW w AS (PARTITION BY centre_id, thing ORDER BY id)) k
WHERE k.id = s.id;
"""

FROM_NOW_ON = """
CREATE FUNCTION reception_what_remains() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE reception_stockchange s SET latest = false
    WHERE s.centre_id = NEW.centre_id AND s.thing = NEW.thing AND s.latest RETURNING s.remaining INTO NEW.remaining;
    NEW.remaining := coalesce(NEW.remaining, 0) + NEW.change;
    NEW.latest := true;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION reception_what_remains() FROM PUBLIC;
ALTER FUNCTION reception_what_remains() OWNER TO wb_search;
GRANT UPDATE (latest) ON reception_stockchange TO wb_search;
CREATE TRIGGER what_remains BEFORE INSERT ON reception_stockchange
    FOR EACH ROW EXECUTE FUNCTION reception_what_remains();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: nothing stands on it that could go back."""

    dependencies = [("reception", "0011_how_many_are_registered")]

    operations = [
        migrations.RemoveIndex(model_name="stockchange", name="reception_stock_left"),
        migrations.AddField(
            model_name="stockchange", name="remaining", field=models.IntegerField(default=0, editable=False)
        ),
        migrations.AddField(
            model_name="stockchange", name="latest", field=models.BooleanField(default=False, editable=False)
        ),
        migrations.RunSQL("ALTER TABLE reception_stockchange NO FORCE ROW LEVEL SECURITY"),
        migrations.RunSQL(KEPT),
        migrations.RunSQL("ALTER TABLE reception_stockchange FORCE ROW LEVEL SECURITY"),
        migrations.AddConstraint(
            model_name="stockchange",
            constraint=models.UniqueConstraint(
                "centre_id", "thing", condition=Q(latest=True), name="stock_has_one_latest"
            ),
        ),
        migrations.RunSQL(FROM_NOW_ON),
    ]
