"""A correction of a published bulletin is approved as every bulletin is, and then takes over the address of what was
wrong."""

from django.db import migrations, models

DEFINER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"

CORRECTS = f"""
CREATE FUNCTION press_takes_the_place() RETURNS trigger {DEFINER} AS $$
DECLARE wrong press_bulletin;
BEGIN
    SELECT * INTO wrong FROM press_bulletin b WHERE b.id = NEW.corrects AND b.released_at IS NOT NULL;
    IF wrong.id IS NOT NULL THEN
        UPDATE press_bulletin b
        SET address = gen_random_uuid(), withdrawn_at = coalesce(b.withdrawn_at, access_now()) WHERE b.id = wrong.id;
        UPDATE press_bulletin b
        SET address = wrong.address, first_released_at = coalesce(wrong.first_released_at, wrong.released_at)
        WHERE b.id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION press_takes_the_place() OWNER TO wb_search;
REVOKE ALL ON FUNCTION press_takes_the_place() FROM PUBLIC;
GRANT UPDATE (address, first_released_at) ON press_bulletin TO wb_search;
CREATE TRIGGER takes_the_place AFTER UPDATE OF released_at ON press_bulletin FOR EACH ROW
    WHEN (OLD.released_at IS NULL AND NEW.released_at IS NOT NULL AND NEW.corrects IS NOT NULL)
    EXECUTE FUNCTION press_takes_the_place();
"""

GUARD = """
CREATE OR REPLACE FUNCTION press_guard_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
DECLARE said text[] := ARRAY['title', 'text', 'correction', 'picture_id', 'picture_alt'];
        ours text[] := ARRAY['released_at', 'first_released_at', 'address', 'corrects'];
        was jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
        is_now jsonb := to_jsonb(NEW);
BEGIN
    IF current_user <> 'wb_search' AND (
        TG_OP = 'INSERT' AND (NEW.released_at IS NOT NULL OR NEW.first_released_at IS NOT NULL)
        OR TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM unnest(ours) c WHERE is_now->c IS DISTINCT FROM was->c)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'only two approvals release a bulletin (row-level security)';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM unnest(said) c WHERE is_now->c IS DISTINCT FROM was->c) THEN
        IF OLD.released_at IS NOT NULL THEN
            RAISE insufficient_privilege USING MESSAGE = 'a published bulletin stays as it is (row-level security)';
        END IF;
        IF NEW.version <= OLD.version THEN
            RAISE insufficient_privilege USING MESSAGE = 'what was changed is approved anew (row-level security)';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``press`` anew."""

    dependencies = [("press", "0011_answers_reach_the_writer")]

    operations = [
        migrations.AddField("bulletin", "corrects", models.UUIDField(null=True)),
        migrations.AddField(
            "bulletin",
            "correction",
            models.CharField(blank=True, help_text="what was wrong, as the public reads it", max_length=500),
        ),
        migrations.AddField(
            "bulletin",
            "first_released_at",
            models.DateTimeField(help_text="of what it corrects; set by the database alone", null=True),
        ),
        migrations.RunSQL(CORRECTS),
        migrations.RunSQL(GUARD),
    ]
