"""How often may be asked from one network; its mark means nothing the day after."""

from django.db import migrations, models

TOO_MANY = """
DROP FUNCTION press_flooded();

CREATE FUNCTION press_too_many(p_network bytea, p_each integer, p_all integer) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT count(*) >= p_all OR count(*) FILTER (WHERE same_network = p_network) >= p_each FROM press_subscriber
    WHERE confirmed_at IS NULL AND asked_at > access_now() - interval '1 hour'
$$;
ALTER FUNCTION press_too_many(bytea, integer, integer) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``press`` anew."""

    dependencies = [("press", "0004_one_of_the_police_one_of_support")]

    operations = [
        migrations.AddField(
            "subscriber",
            "same_network",
            models.BinaryField(help_text="keyed mark of the network and the day", max_length=32, null=True),
        ),
        migrations.RunSQL(TOO_MANY),
    ]
