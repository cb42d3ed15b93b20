"""What the office changes becomes an event beside the tablets', so that neither silently overwrites the other.

The office changes a value that it has seen (an old version is refused), so its event answers to all that stood. What
the projection itself writes, as the search role, is no event. What is erased takes its event and its box with it.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
NOBODY = "'00000000-0000-0000-0000-000000000000'::uuid"

MAY_WRITE = """
GRANT INSERT ON reception_personevent, reception_centreevent TO wb_search;
GRANT SELECT, DELETE ON reception_careevent TO wb_search;
GRANT SELECT ON survivors_person, reception_presence, reception_personevent, reception_centreevent, reception_envelope
    TO wb_search;
GRANT UPDATE (box) ON reception_envelope TO wb_search;
"""

SAYINGS = f"""
CREATE FUNCTION reception_stood(p_person uuid, p_says text[]) RETURNS uuid[] LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT coalesce(array_agg(DISTINCT e), '{{}}') FROM reception_standing s, unnest(s.events) AS e, unnest(p_says) AS say
    WHERE s.person_id = p_person AND s.field = split_part(say, '=', 1)
$$;

CREATE FUNCTION reception_stands(p_centre uuid, p_person uuid, p_says text[], p_event uuid) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    INSERT INTO reception_standing AS st (id, centre_id, person_id, field, events, clash)
    SELECT gen_random_uuid(), p_centre, p_person, split_part(say, '=', 1), ARRAY[p_event], false
    FROM unnest(p_says) AS say
    ON CONFLICT (person_id, field) DO UPDATE SET events = excluded.events, clash = false
$$;

CREATE FUNCTION reception_hlc(p_at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lpad(to_hex((extract(epoch FROM p_at) * 1000)::bigint), 12, '0') || '-0000-office'
$$;
"""

OF_PEOPLE = f"""
CREATE FUNCTION reception_person_says(was survivors_person, now survivors_person) RETURNS text[]
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT coalesce(array_agg(say), '{{}}') FROM (
        SELECT 'age=' || now.age WHERE now.age IS DISTINCT FROM was.age
        UNION ALL
        SELECT 'language=' || coalesce((SELECT string_agg(l, '+' ORDER BY l) FROM unnest(now.languages) AS l), '')
        WHERE NOT (now.languages @> coalesce(was.languages, '{{}}') AND now.languages <@ coalesce(was.languages, '{{}}'))
        UNION ALL
        SELECT 'need:' || n || '=yes' FROM unnest(now.needs) AS n WHERE n <> ALL (coalesce(was.needs, '{{}}'))
        UNION ALL
        SELECT 'need:' || n || '=no' FROM unnest(was.needs) AS n WHERE n <> ALL (now.needs)) AS every(say)
$$;

CREATE FUNCTION reception_person_heard(was survivors_person, now survivors_person) RETURNS void
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE says text[] := reception_person_says(was, now); event uuid := gen_random_uuid(); met timestamptz;
BEGIN
    IF says = '{{}}' THEN RETURN; END IF;
    IF was.id IS NULL THEN
        SELECT coalesce(min(p.since), now.begun_at) INTO met FROM reception_presence p WHERE p.person_id = now.id;
    END IF;
    INSERT INTO reception_personevent (id, controller_id, centre_id, person_id, kind, says, base, at, claimed_at, hlc,
                                       tablet_id, by, taken_in_by, recorded_at, entity, reference)
    SELECT event, now.controller_id, now.centre_id, now.id, CASE WHEN was.id IS NULL THEN 'registered' ELSE 'office' END,
           says, reception_stood(now.id, says), t.at, t.at, reception_hlc(t.at), NULL, t.by, t.by, access_now(), now.id,
           now.reference
    FROM (SELECT coalesce(met, access_now()) AS at, coalesce(ctx_membership(), {NOBODY}) AS by) AS t;
    PERFORM reception_stands(now.centre_id, now.id, says, event);
END $$;

CREATE FUNCTION reception_person_changed() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM reception_person_heard(OLD, NEW);
    RETURN NULL;
END $$;
CREATE TRIGGER reception_person_heard AFTER INSERT OR UPDATE OF age, languages, needs ON survivors_person
    FOR EACH ROW WHEN (current_user <> 'wb_search') EXECUTE FUNCTION reception_person_changed();
"""

OF_PLACES = f"""
CREATE FUNCTION reception_move_heard() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE says text[] := ARRAY['where=' || NEW."where"]; event uuid := gen_random_uuid();
BEGIN
    INSERT INTO reception_centreevent (id, controller_id, centre_id, person_id, kind, says, base, at, claimed_at, hlc,
                                       tablet_id, by, taken_in_by, recorded_at)
    SELECT event, NEW.controller_id, NEW.centre_id, NEW.person_id, 'office', says, reception_stood(NEW.person_id, says),
           NEW.moved_at, NEW.moved_at, reception_hlc(NEW.moved_at), NULL, m.me, m.me, access_now()
    FROM (SELECT coalesce(ctx_membership(), {NOBODY}) AS me) AS m;
    PERFORM reception_stands(NEW.centre_id, NEW.person_id, says, event);
    RETURN NULL;
END $$;
CREATE TRIGGER reception_move_heard AFTER UPDATE OF "where" ON reception_presence
    FOR EACH ROW WHEN (OLD."where" <> NEW."where" AND current_user <> 'wb_search')
    EXECUTE FUNCTION reception_move_heard();
"""

BEFORE_THE_DESK = f"""
CREATE FUNCTION reception_hear_everybody() RETURNS void LANGUAGE sql {DEFINER} AS $$
    -- what stood before there were events is said once, so that a tablet does not speak alone
    SELECT reception_person_heard(NULL, p) FROM survivors_person p
$$;
"""

ERASED = f"""
CREATE FUNCTION reception_given_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM reception_careevent WHERE id = OLD.id;
    UPDATE reception_envelope SET box = '' WHERE id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reception_given_erased AFTER DELETE ON reception_given
    FOR EACH ROW EXECUTE FUNCTION reception_given_erased();
"""

FUNCTIONS = (
    "reception_stood(uuid, text[])", "reception_stands(uuid, uuid, text[], uuid)", "reception_hlc(timestamptz)",
    "reception_person_says(survivors_person, survivors_person)",
    "reception_person_heard(survivors_person, survivors_person)", "reception_person_changed()",
    "reception_move_heard()", "reception_hear_everybody()", "reception_given_erased()",
)  # fmt: skip
OWNED = "\n".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; ALTER FUNCTION {name} OWNER TO wb_search;" for name in FUNCTIONS
)
ONCE = """
SELECT reception_hear_everybody();
DROP FUNCTION reception_hear_everybody();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: drop the triggers and the functions by hand."""

    dependencies = [
        ("reception", "0008_desk_projection"),
        ("survivors", "0001_person_identity_consent_care"),
    ]

    operations = [
        migrations.RunSQL(sql)
        for sql in (MAY_WRITE, SAYINGS, OF_PEOPLE, OF_PLACES, BEFORE_THE_DESK, ERASED, OWNED, ONCE)
    ]
