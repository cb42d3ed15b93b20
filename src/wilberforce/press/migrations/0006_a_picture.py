"""A bulletin's picture: part of what is approved, public only while the bulletin is, and gone when it is replaced."""

from django.db import migrations, models

import wilberforce.base.ids

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

OUT = f"""
CREATE FUNCTION press_pictures_out() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT b.picture_id FROM press_bulletin b JOIN press_picture p ON p.id = b.picture_id AND p.bulletin_id = b.id
    WHERE b.released_at <= access_now() AND b.withdrawn_at IS NULL
$$;
ALTER FUNCTION press_pictures_out() OWNER TO wb_search;
REVOKE UPDATE ON press_picture FROM wb_app;

CREATE FUNCTION press_forget_picture() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM press_picture WHERE id = OLD.picture_id AND bulletin_id = OLD.id;
    RETURN NULL;
END $$;
ALTER FUNCTION press_forget_picture() OWNER TO wb_search;
GRANT SELECT, DELETE ON press_picture TO wb_search;
CREATE TRIGGER forget_picture AFTER UPDATE OF picture_id ON press_bulletin FOR EACH ROW
    WHEN (OLD.picture_id IS NOT NULL AND OLD.picture_id IS DISTINCT FROM NEW.picture_id)
    EXECUTE FUNCTION press_forget_picture();
"""

GUARD = """
CREATE OR REPLACE FUNCTION press_guard_release() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF current_user <> 'wb_search' AND TG_OP = 'INSERT' AND NEW.released_at IS NOT NULL
       OR current_user <> 'wb_search' AND TG_OP = 'UPDATE' AND NEW.released_at IS DISTINCT FROM OLD.released_at THEN
        RAISE insufficient_privilege USING MESSAGE = 'only two approvals release a bulletin (row-level security)';
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.title, NEW.text, NEW.picture_id, NEW.picture_alt)
       IS DISTINCT FROM (OLD.title, OLD.text, OLD.picture_id, OLD.picture_alt) THEN
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

    dependencies = [("press", "0005_limits_and_forgetting")]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(default=wilberforce.base.ids.random_id, primary_key=True, serialize=False)),
                ("controller_id", models.UUIDField()),
                ("bulletin_id", models.UUIDField()),
                ("jpeg", models.BinaryField()),
            ],
        ),
        migrations.AddField("bulletin", "picture_id", models.UUIDField(null=True)),
        migrations.AddField("bulletin", "picture_alt", models.CharField(blank=True, max_length=250)),
        migrations.AddField("bulletin", "picture_width", models.PositiveIntegerField(default=0)),
        migrations.AddField("bulletin", "picture_height", models.PositiveIntegerField(default=0)),
        migrations.AddField("bulletin", "picture_bytes", models.PositiveIntegerField(default=0)),
        migrations.RunSQL(OUT),
        migrations.RunSQL(GUARD),
    ]
