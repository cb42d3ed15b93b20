"""What follows from the desk's events, in one place: asked after each batch and by ``reception rebuild``.

It decides nothing: whoever added the events was asked by their class's policy. A function that reads class tables
belongs to the search role, which passes row policies and can't sign in; what it may write is named here.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

ONLY_ADDED = """
REVOKE UPDATE, DELETE, TRUNCATE ON reception_envelope, reception_settled, reception_personevent, reception_centreevent,
    reception_careevent FROM wb_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON reception_standing, reception_epoch FROM wb_app;
REVOKE DELETE, TRUNCATE ON reception_tablet, reception_seat FROM wb_app;
INSERT INTO reception_epoch (id, since) VALUES (gen_random_uuid(), now());
"""

MAY_WRITE = """
GRANT SELECT, INSERT, UPDATE, DELETE ON reception_standing TO wb_search;
GRANT INSERT ON reception_presence, survivors_person, reception_movement, reception_given, reception_stockchange
    TO wb_search;
GRANT UPDATE (since, "where", moved_at, version) ON reception_presence TO wb_search;
GRANT UPDATE (age, languages, needs, version) ON survivors_person TO wb_search;
"""

SAID = f"""
CREATE FUNCTION reception_said(p_centre uuid, p_people uuid[])
RETURNS TABLE (id uuid, person_id uuid, field text, value text, base uuid[], at timestamptz, hlc text)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT e.id, e.person_id, split_part(s.say, '=', 1), substr(s.say, strpos(s.say, '=') + 1), e.base, e.at, e.hlc
    FROM (SELECT x.id, x.person_id, x.says, x.base, x.at, x.hlc FROM reception_personevent x
          WHERE x.centre_id = p_centre AND (p_people IS NULL OR x.person_id = ANY (p_people))
          UNION ALL
          SELECT x.id, x.person_id, x.says, x.base, x.at, x.hlc FROM reception_centreevent x
          WHERE x.centre_id = p_centre AND (p_people IS NULL OR x.person_id = ANY (p_people))) e,
         unnest(e.says) AS s(say)
$$;
"""

STAYS = f"""
CREATE FUNCTION reception_project_stays(p_centre uuid, p_people uuid[]) RETURNS void LANGUAGE sql {DEFINER} AS $$
    INSERT INTO reception_presence (id, controller_id, recorded_at, centre_id, person_id, reference, since, "where",
                                    moved_at, recorded_by, version)
    SELECT DISTINCT ON (e.person_id) e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.reference,
           e.at, 'room', e.at, e.by, 1
    FROM reception_personevent e
    WHERE e.centre_id = p_centre AND e.kind = 'registered' AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM reception_presence p WHERE p.person_id = e.person_id)
    ORDER BY e.person_id, e.at, e.id;

    INSERT INTO survivors_person (id, controller_id, centre_id, reference, age, languages, interpreter,
                                  interpreter_gender, needs, access_needs, begun_at, version)
    SELECT DISTINCT ON (e.person_id) e.person_id, e.controller_id, e.centre_id, e.reference, 'not sure', '{{}}',
           'not sure', 'not sure', '{{}}', '{{}}', e.at, 1
    FROM reception_personevent e
    WHERE e.centre_id = p_centre AND e.kind = 'registered' AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM survivors_person p WHERE p.id = e.person_id)
    ORDER BY e.person_id, e.at, e.id;

    -- somebody whom two tablets met arrived at the earlier of the two times
    UPDATE reception_presence p SET since = met.first
    FROM (SELECT e.person_id, min(e.at) AS first FROM reception_personevent e
          WHERE e.centre_id = p_centre AND e.kind = 'registered' AND (p_people IS NULL OR e.person_id = ANY (p_people))
          GROUP BY e.person_id) met
    WHERE p.person_id = met.person_id AND p.centre_id = p_centre AND p.until IS NULL AND p.since > met.first;
$$;
"""

DEEDS = f"""
CREATE FUNCTION reception_project_deeds(p_centre uuid, p_people uuid[]) RETURNS void LANGUAGE sql {DEFINER} AS $$
    INSERT INTO reception_movement (id, controller_id, recorded_at, centre_id, person_id, presence_id, move, "to", at,
                                    by)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, stay.id,
           CASE WHEN w.code = 'out' THEN 'went out' WHEN w.code = 'absent' THEN 'missing'
                WHEN before.code IN ('out', 'absent') THEN 'came back' ELSE 'moved' END,
           w.code, e.at, e.by
    FROM reception_centreevent e
    CROSS JOIN LATERAL (SELECT split_part(e.says[1], '=', 2) AS code) w
    CROSS JOIN LATERAL (SELECT p.id FROM reception_presence p
        WHERE p.person_id = e.person_id AND p.centre_id = e.centre_id ORDER BY p.since DESC LIMIT 1) stay
    LEFT JOIN LATERAL (SELECT m."to" AS code FROM reception_movement m
        WHERE m.person_id = e.person_id AND m.at < e.at ORDER BY m.at DESC LIMIT 1) before ON true
    WHERE e.centre_id = p_centre AND e.kind = 'moved' AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM reception_movement m WHERE m.id = e.id);

    INSERT INTO reception_given (id, controller_id, recorded_at, centre_id, person_id, at, by, thing, kind, detail,
                                 quantity)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.at, e.by,
           split_part(e.says[1], '=', 2), split_part(e.says[2], '=', 2), e.detail, e.quantity
    FROM reception_careevent e
    WHERE e.centre_id = p_centre AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM reception_given g WHERE g.id = e.id);

    INSERT INTO reception_stockchange (id, controller_id, recorded_at, centre_id, thing, change, at, by)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, split_part(e.says[1], '=', 2), -e.quantity, e.at, e.by
    FROM reception_careevent e
    WHERE e.centre_id = p_centre AND e.says[3] = 'stocked=yes' AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM reception_stockchange s WHERE s.id = e.id);
$$;
"""

STANDINGS = f"""
CREATE FUNCTION reception_project_standings(p_centre uuid, p_people uuid[]) RETURNS void LANGUAGE sql {DEFINER} AS $$
    WITH said AS MATERIALIZED (SELECT * FROM reception_said(p_centre, p_people)),
         passed AS (SELECT DISTINCT s.person_id, s.field, unnest(s.base) AS id FROM said s),
         heads AS (SELECT s.* FROM said s LEFT JOIN passed o USING (person_id, field, id) WHERE o.id IS NULL)
    INSERT INTO reception_standing AS st (id, centre_id, person_id, field, events, clash)
    SELECT gen_random_uuid(), p_centre, h.person_id, h.field, array_agg(h.id ORDER BY h.id),
           count(DISTINCT h.value) > 1
    FROM heads h GROUP BY h.person_id, h.field
    ON CONFLICT (person_id, field) DO UPDATE SET events = excluded.events, clash = excluded.clash
    WHERE st.events <> excluded.events OR st.clash <> excluded.clash;
$$;
"""

SHOWN = f"""
CREATE FUNCTION reception_project_shown(p_centre uuid, p_people uuid[]) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
DECLARE people bigint; places bigint;
BEGIN
    -- of two values the more serious stands until somebody has chosen
    WITH heads AS MATERIALIZED (
        SELECT h.* FROM reception_said(p_centre, p_people) h
        JOIN reception_standing st ON (st.person_id, st.field) = (h.person_id, h.field) AND h.id = ANY (st.events)),
    ages AS (SELECT person_id, (array_agg(value ORDER BY array_position(ARRAY['child', 'not sure', 'adult'], value)))[1]
                AS age FROM heads WHERE field = 'age' GROUP BY person_id),
    tongues AS (SELECT person_id, array_remove(array_agg(DISTINCT code ORDER BY code), NULL) AS codes
                FROM heads LEFT JOIN LATERAL unnest(string_to_array(value, '+')) AS code ON true
                WHERE field = 'language' GROUP BY person_id),
    needed AS (SELECT person_id, substr(field, 6) AS code, bool_or(value = 'yes') AS yes
               FROM heads WHERE field LIKE 'need:%' GROUP BY person_id, field),
    wanted AS (
        SELECT p.id, coalesce(a.age, p.age) AS age, coalesce(t.codes, p.languages) AS languages,
               ARRAY(SELECT n FROM unnest(p.needs) AS n
                     WHERE NOT EXISTS (SELECT 1 FROM needed d WHERE d.person_id = p.id AND d.code = n AND NOT d.yes)
                     UNION SELECT d.code FROM needed d WHERE d.person_id = p.id AND d.yes ORDER BY 1) AS needs
        FROM survivors_person p
        JOIN (SELECT DISTINCT person_id FROM heads) x ON x.person_id = p.id
        LEFT JOIN ages a ON a.person_id = p.id LEFT JOIN tongues t ON t.person_id = p.id)
    UPDATE survivors_person p SET age = w.age, languages = w.languages, needs = w.needs, version = p.version + 1
    FROM wanted w WHERE w.id = p.id
      AND (p.age <> w.age OR NOT (p.languages @> w.languages::varchar[] AND p.languages <@ w.languages::varchar[])
           OR NOT (p.needs @> w.needs::varchar[] AND p.needs <@ w.needs::varchar[]));
    GET DIAGNOSTICS people = ROW_COUNT;

    UPDATE reception_presence p SET "where" = w.value, moved_at = greatest(w.at, p.since), version = p.version + 1
    FROM (SELECT DISTINCT ON (h.person_id) h.person_id, h.value, h.at FROM reception_said(p_centre, p_people) h
          JOIN reception_standing st ON (st.person_id, st.field) = (h.person_id, h.field) AND h.id = ANY (st.events)
          WHERE h.field = 'where'
          ORDER BY h.person_id, array_position(ARRAY['absent', 'out'], h.value) NULLS LAST, h.at DESC, h.hlc DESC) w
    WHERE p.person_id = w.person_id AND p.centre_id = p_centre AND p.until IS NULL
      AND (p."where", p.moved_at) IS DISTINCT FROM (w.value, greatest(w.at, p.since));
    GET DIAGNOSTICS places = ROW_COUNT;
    RETURN people + places;
END $$;
"""

PROJECT = f"""
CREATE FUNCTION reception_project(p_centre uuid, p_people uuid[]) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    -- whoever changes one of them in the office at this moment is heard before anything is counted
    PERFORM 1 FROM survivors_person p WHERE p.centre_id = p_centre AND (p_people IS NULL OR p.id = ANY (p_people))
        ORDER BY p.id FOR UPDATE;
    PERFORM 1 FROM reception_presence p WHERE p.centre_id = p_centre AND (p_people IS NULL OR p.person_id = ANY (p_people))
        ORDER BY p.id FOR UPDATE;
    PERFORM reception_project_stays(p_centre, p_people);
    PERFORM reception_project_deeds(p_centre, p_people);
    PERFORM reception_project_standings(p_centre, p_people);
    RETURN reception_project_shown(p_centre, p_people);
END $$;

CREATE FUNCTION reception_rebuild(p_centre uuid) RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM reception_standing WHERE centre_id = p_centre;
    RETURN reception_project(p_centre, NULL);
END $$;
"""

FUNCTIONS = (
    "reception_said(uuid, uuid[])", "reception_project_stays(uuid, uuid[])", "reception_project_deeds(uuid, uuid[])",
    "reception_project_standings(uuid, uuid[])", "reception_project_shown(uuid, uuid[])",
    "reception_project(uuid, uuid[])", "reception_rebuild(uuid)",
)  # fmt: skip
ASKED = ("reception_project(uuid, uuid[])", "reception_rebuild(uuid)")


def _owned() -> str:
    owned = [
        f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; ALTER FUNCTION {name} OWNER TO wb_search;" for name in FUNCTIONS
    ]
    return "\n".join([*owned, *(f"GRANT EXECUTE ON FUNCTION {name} TO wb_app;" for name in ASKED)])


class Migration(migrations.Migration):
    """Not reversible by itself: drop the functions by hand."""

    dependencies = [
        ("reception", "0007_desk"),
        ("survivors", "0001_person_identity_consent_care"),
    ]

    operations = [
        migrations.RunSQL(sql)
        for sql in (ONLY_ADDED, MAY_WRITE, SAID, STAYS, DEEDS, STANDINGS, SHOWN, PROJECT, _owned())
    ]
