"""How long people waited and what they left is counted anew at every look, up to two hundred people; above that at
night, and kept. What is handed over is always counted when it is. Indexes find how many came lately, and what ran out."""

from importlib import import_module

from django.db import migrations, models

before = import_module("wilberforce.reception.migrations.0020_what_a_centre_leaves")
DEFINER, OURS = before.DEFINER, before.OURS
LARGE = 200
RAN_OUT = models.Q(remaining__lte=0, change__lt=0, remaining__gt=models.F("change"))

KEPT = """
CREATE TABLE reception_counted (
    centre_id uuid PRIMARY KEY, at timestamptz NOT NULL, waited jsonb NOT NULL, minutes integer NOT NULL,
    records jsonb NOT NULL
);
REVOKE ALL ON reception_counted FROM PUBLIC, wb_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON reception_counted TO wb_search;
"""


def for_nobody(sql: str, name: str) -> str:
    """The same without asking whose centre it is: for what asks that first, and for the night."""
    body = sql.split(f"CREATE FUNCTION {name}(", 1)[1].split("$$;", 1)[0].replace(f" AND {OURS}", "")
    return f"CREATE FUNCTION {name}_now({body}$$;\n"


NOW = "".join(
    for_nobody(sql, name)
    for sql, name in (
        (before.WAITED, "reception_waited"),
        (before.WAITED, "reception_minutes_interpreted"),
        (before.RECORDS, "reception_records_of"),
    )
)

AT_NIGHT = f"""
CREATE FUNCTION reception_count_at_night() RETURNS integer LANGUAGE sql {DEFINER} AS $$
    WITH counted AS (
        INSERT INTO reception_counted
        SELECT c.id, access_now(),
               (SELECT coalesce(jsonb_agg(w), '[]') FROM reception_waited_now(c.id) w),
               reception_minutes_interpreted_now(c.id),
               (SELECT coalesce(jsonb_agg(r), '[]') FROM reception_records_of_now(c.id) r)
        FROM reception_centre c
        WHERE ctx_role() = 'system'
          AND (SELECT count(*) FROM (SELECT FROM reception_presence p WHERE p.centre_id = c.id LIMIT {LARGE + 1}) p) > {LARGE}
        ON CONFLICT (centre_id) DO UPDATE SET at = EXCLUDED.at, waited = EXCLUDED.waited,
            minutes = EXCLUDED.minutes, records = EXCLUDED.records
        RETURNING 1)
    SELECT count(*)::int FROM counted
$$;
"""

LOOKED_AT = f"""
DROP FUNCTION reception_waited(uuid);
DROP FUNCTION reception_minutes_interpreted(uuid);
DROP FUNCTION reception_records_of(uuid);
CREATE FUNCTION reception_waited(p_centre uuid) RETURNS TABLE (
    step text, people integer, had integer, usual integer, longest integer, minutes integer, counted_at timestamptz)
LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE kept reception_counted;
BEGIN
    IF NOT {OURS} THEN RETURN; END IF;
    SELECT * INTO kept FROM reception_counted k WHERE k.centre_id = p_centre;
    IF FOUND THEN
        RETURN QUERY SELECT w.step, w.people, w.had, w.usual, w.longest, kept.minutes, kept.at
            FROM jsonb_to_recordset(kept.waited)
                 AS w (step text, people integer, had integer, usual integer, longest integer);
    ELSE
        RETURN QUERY SELECT w.step, w.people, w.had, w.usual, w.longest,
                            reception_minutes_interpreted_now(p_centre), NULL::timestamptz
            FROM reception_waited_now(p_centre) w;
    END IF;
END $$;
CREATE FUNCTION reception_records_of(p_centre uuid, p_now boolean)
RETURNS TABLE (data_class text, controller_id uuid, records integer, counted_at timestamptz)
LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE kept reception_counted;
BEGIN
    IF NOT {OURS} THEN RETURN; END IF;
    IF NOT p_now THEN SELECT * INTO kept FROM reception_counted k WHERE k.centre_id = p_centre; END IF;
    IF kept.centre_id IS NOT NULL THEN
        RETURN QUERY SELECT r.data_class, r.controller_id, r.records, kept.at
            FROM jsonb_to_recordset(kept.records) AS r (data_class text, controller_id uuid, records integer);
    ELSE
        RETURN QUERY SELECT r.data_class, r.controller_id, r.records, NULL::timestamptz
            FROM reception_records_of_now(p_centre) r;
    END IF;
END $$;
"""
INNER = ("reception_waited_now(uuid)", "reception_minutes_interpreted_now(uuid)", "reception_records_of_now(uuid)")
OUTER = ("reception_waited(uuid)", "reception_records_of(uuid, boolean)", "reception_count_at_night()")
RIGHTS = "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC;\nALTER FUNCTION {name} OWNER TO wb_search;\n"
    for name in (*INNER, *OUTER)
) + "".join(f"GRANT EXECUTE ON FUNCTION {name} TO wb_app;\n" for name in OUTER)


class Migration(migrations.Migration):
    """Not reversible by itself: nothing stands on it that could go back."""

    dependencies = [("reception", "0021_who_stays_in_the_room")]

    operations = [
        migrations.AddIndex("presence", models.Index("centre_id", "recorded_at", name="reception_came_lately")),
        migrations.AddIndex(
            "stockchange", models.Index("centre_id", "at", "id", condition=RAN_OUT, name="reception_ran_out")
        ),
        *(migrations.RunSQL(sql) for sql in (KEPT, NOW, AT_NIGHT, LOOKED_AT, RIGHTS)),
    ]
