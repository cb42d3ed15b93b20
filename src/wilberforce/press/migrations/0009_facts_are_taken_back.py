"""A commander takes a fact sheet back: nothing more is written from it, and what was not out yet does not go out."""

from django.db import migrations, models

TAKEN_BACK = """
CREATE FUNCTION press_facts_taken_back() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE check_violation USING MESSAGE = 'facts that were taken back stay so; cut them anew';
    END IF;
    UPDATE press_bulletin b SET withdrawn_at = NEW.ended_at
    WHERE b.fact_sheet_id = NEW.id AND b.withdrawn_at IS NULL
      AND (b.released_at IS NULL OR b.released_at > NEW.ended_at);
    RETURN NULL;
END $$;
ALTER FUNCTION press_facts_taken_back() OWNER TO wb_search;
REVOKE ALL ON FUNCTION press_facts_taken_back() FROM PUBLIC;
GRANT UPDATE (withdrawn_at) ON press_bulletin TO wb_search;
CREATE TRIGGER facts_taken_back AFTER UPDATE OF ended_at ON press_factsheet FOR EACH ROW
    WHEN (NEW.ended_at IS DISTINCT FROM OLD.ended_at) EXECUTE FUNCTION press_facts_taken_back();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: nothing needs the facts back."""

    dependencies = [("press", "0008_language_of_a_letter")]

    operations = [
        migrations.AddField("factsheet", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("factsheet", "why_ended", models.CharField(blank=True, max_length=500)),
        migrations.RunSQL(TAKEN_BACK),
    ]
