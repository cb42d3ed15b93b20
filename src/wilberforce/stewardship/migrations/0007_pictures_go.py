"""A picture of belongings goes with the support record: its key, its sealed pieces and its envelope's box."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

GOES = """
INSERT INTO stewardship_goes (data_class, name, rows) VALUES ('support', 'reception_pictureevent', 'person_id = $1');
GRANT SELECT, DELETE ON reception_pictureevent TO wb_search;
GRANT SELECT (event_id), DELETE ON reception_picturechunk TO wb_search;
"""

ERASED = f"""
CREATE FUNCTION reception_picture_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM reception_picturechunk WHERE event_id = OLD.id;
    UPDATE reception_envelope SET box = '' WHERE id = OLD.id;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION reception_picture_erased() FROM PUBLIC;
ALTER FUNCTION reception_picture_erased() OWNER TO wb_search;
CREATE TRIGGER picture_erased AFTER DELETE ON reception_pictureevent
    FOR EACH ROW EXECUTE FUNCTION reception_picture_erased();
"""


class Migration(migrations.Migration):
    """Not reversible by itself, as the one before it."""

    dependencies = [
        ("stewardship", "0006_needs_and_risks_go"),
        ("reception", "0018_pictures_of_belongings"),
    ]

    operations = [migrations.RunSQL(GOES), migrations.RunSQL(ERASED)]
