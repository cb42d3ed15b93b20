"""What follows from the desk's events, with plans that are kept: a query of plain SQL is planned anew at every call,
and for one clerk's event that cost more than all else. What a batch takes from stock is counted at once for all of it.

Each question begins with the people it is about, never with their centre, whose events grow by the thousand.
"""

from django.db import migrations

KEPT = """LANGUAGE plpgsql {volatile} SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_generic_plan AS $$"""
CHANGES, READS = KEPT.format(volatile=""), KEPT.format(volatile="STABLE")
OF_THEM = "e.person_id = ANY (p_people) AND e.centre_id IS NOT DISTINCT FROM p_centre"

SAID = f"""
CREATE OR REPLACE FUNCTION reception_said(p_centre uuid, p_people uuid[])
RETURNS TABLE (id uuid, person_id uuid, field text, value text, base uuid[], at timestamptz, hlc text)
{READS}
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT e.id, e.person_id, split_part(s.say, '=', 1), substr(s.say, strpos(s.say, '=') + 1), e.base, e.at, e.hlc::text
    FROM (SELECT e.id, e.person_id, e.says, e.base, e.at, e.hlc FROM reception_personevent e WHERE {OF_THEM}
          UNION ALL
          SELECT e.id, e.person_id, e.says, e.base, e.at, e.hlc FROM reception_centreevent e WHERE {OF_THEM}) e,
         unnest(e.says) AS s(say);
END $$;
"""

STAYS = f"""
CREATE OR REPLACE FUNCTION reception_project_stays(p_centre uuid, p_people uuid[]) RETURNS void {CHANGES}
BEGIN
    INSERT INTO reception_presence (id, controller_id, recorded_at, centre_id, person_id, reference, since, "where",
                                    moved_at, recorded_by, version)
    SELECT DISTINCT ON (e.person_id) e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.reference,
           e.at, 'room', e.at, e.by, 1
    FROM reception_personevent e
    WHERE {OF_THEM} AND e.kind = 'registered'
      AND NOT EXISTS (SELECT 1 FROM reception_presence p WHERE p.person_id = e.person_id)
    ORDER BY e.person_id, e.at, e.id;

    INSERT INTO survivors_person (id, controller_id, centre_id, reference, age, languages, interpreter,
                                  interpreter_gender, needs, access_needs, begun_at, version)
    SELECT DISTINCT ON (e.person_id) e.person_id, e.controller_id, e.centre_id, e.reference, 'not sure', '{{}}',
           'not sure', 'not sure', '{{}}', '{{}}', e.at, 1
    FROM reception_personevent e
    WHERE {OF_THEM} AND e.kind = 'registered'
      AND NOT EXISTS (SELECT 1 FROM survivors_person p WHERE p.id = e.person_id)
    ORDER BY e.person_id, e.at, e.id;

    -- somebody whom two tablets met arrived at the earlier of the two times
    UPDATE reception_presence p SET since = met.first
    FROM (SELECT e.person_id, min(e.at) AS first FROM reception_personevent e
          WHERE {OF_THEM} AND e.kind = 'registered' GROUP BY e.person_id) met
    WHERE p.person_id = met.person_id AND p.centre_id = p_centre AND p.until IS NULL AND p.since > met.first;
END $$;
"""

DEEDS = f"""
CREATE OR REPLACE FUNCTION reception_project_deeds(p_centre uuid, p_people uuid[]) RETURNS void {CHANGES}
BEGIN
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
    WHERE {OF_THEM} AND e.kind = 'moved'
      AND NOT EXISTS (SELECT 1 FROM reception_movement m WHERE m.id = e.id);

    INSERT INTO reception_given (id, controller_id, recorded_at, centre_id, person_id, at, by, thing, kind, detail,
                                 quantity)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.at, e.by,
           split_part(e.says[1], '=', 2), split_part(e.says[2], '=', 2), e.detail, e.quantity
    FROM reception_careevent e
    WHERE {OF_THEM} AND e.kind <> 'took-back'
      AND NOT EXISTS (SELECT 1 FROM reception_given g WHERE g.id = e.id);
END $$;

CREATE OR REPLACE FUNCTION reception_project_taken_back(p_centre uuid, p_people uuid[]) RETURNS void {CHANGES}
BEGIN
    INSERT INTO reception_given (id, controller_id, recorded_at, centre_id, person_id, at, by, thing, kind, detail,
                                 quantity, corrects)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.at, e.by, 'taken-back', 'correction',
           e.detail, g.quantity, g.id
    FROM reception_careevent e JOIN reception_given g ON g.id = substr(e.says[4], 6)::uuid
         AND g.person_id = e.person_id AND g.centre_id = e.centre_id AND g.stands
         AND g.kind NOT IN ('search', 'correction')
    WHERE {OF_THEM} AND e.kind = 'took-back'
    ON CONFLICT DO NOTHING;
END $$;
"""

STOCK = f"""
CREATE FUNCTION reception_project_stock(p_centre uuid, p_people uuid[]) RETURNS void {CHANGES}
BEGIN
    WITH fresh AS MATERIALIZED (
        SELECT e.id, e.controller_id, e.recorded_at, split_part(e.says[1], '=', 2) AS thing, -e.quantity AS change, e.at,
               e.by
        FROM reception_careevent e
        WHERE {OF_THEM} AND e.says[3] = 'stocked=yes'
          AND NOT EXISTS (SELECT 1 FROM reception_stockchange s WHERE s.id = e.id)
        UNION ALL
        SELECT e.id, e.controller_id, e.recorded_at, split_part(was.says[1], '=', 2), was.quantity, e.at, e.by
        FROM reception_careevent e JOIN reception_given g ON g.id = e.id
             JOIN reception_careevent was ON was.id = g.corrects AND was.says[3] = 'stocked=yes'
        WHERE {OF_THEM} AND e.kind = 'took-back'
          AND NOT EXISTS (SELECT 1 FROM reception_stockchange s WHERE s.id = e.id)),
    before AS (
        UPDATE reception_stockchange s SET latest = false
        WHERE s.centre_id = p_centre AND s.latest AND s.thing IN (SELECT f.thing FROM fresh f)
        RETURNING s.thing, s.remaining)
    INSERT INTO reception_stockchange (id, controller_id, recorded_at, centre_id, thing, change, at, by, remaining,
                                       latest)
    SELECT f.id, f.controller_id, f.recorded_at, p_centre, f.thing, f.change, f.at, f.by,
           coalesce(b.remaining, 0) + sum(f.change) OVER so_far, lead(f.id) OVER so_far IS NULL
    FROM fresh f LEFT JOIN before b ON b.thing = f.thing
    WINDOW so_far AS (PARTITION BY f.thing ORDER BY f.id);
END $$;
"""

STANDINGS = f"""
CREATE OR REPLACE FUNCTION reception_project_standings(p_centre uuid, p_people uuid[]) RETURNS void {CHANGES}
BEGIN
    WITH said AS MATERIALIZED (SELECT * FROM reception_said(p_centre, p_people)),
         passed AS (SELECT DISTINCT s.person_id, s.field, unnest(s.base) AS id FROM said s),
         heads AS (SELECT s.* FROM said s LEFT JOIN passed o USING (person_id, field, id) WHERE o.id IS NULL)
    INSERT INTO reception_standing AS st (id, centre_id, person_id, field, events, clash)
    SELECT gen_random_uuid(), p_centre, h.person_id, h.field, array_agg(h.id ORDER BY h.id),
           count(DISTINCT h.value) > 1
    FROM heads h GROUP BY h.person_id, h.field
    ON CONFLICT (person_id, field) DO UPDATE SET events = excluded.events, clash = excluded.clash
    WHERE st.events <> excluded.events OR st.clash <> excluded.clash;
END $$;
ALTER FUNCTION reception_project_shown(uuid, uuid[]) SET plan_cache_mode = force_generic_plan;
"""

PROJECT = f"""
CREATE OR REPLACE FUNCTION reception_project(p_centre uuid, p_people uuid[]) RETURNS bigint {CHANGES}
BEGIN
    -- whoever changes one of them in the office at this moment is heard before anything is counted
    PERFORM 1 FROM survivors_person p WHERE p.id = ANY (p_people) AND p.centre_id = p_centre ORDER BY p.id FOR UPDATE;
    PERFORM 1 FROM reception_presence p WHERE p.person_id = ANY (p_people) AND p.centre_id = p_centre
        ORDER BY p.id FOR UPDATE;
    PERFORM reception_project_stays(p_centre, p_people);
    PERFORM reception_project_deeds(p_centre, p_people);
    IF EXISTS (SELECT FROM reception_careevent e WHERE e.centre_id = p_centre AND e.kind = 'took-back') THEN
        PERFORM reception_project_taken_back(p_centre, p_people);
    END IF;
    PERFORM reception_project_stock(p_centre, p_people);
    PERFORM reception_project_standings(p_centre, p_people);
    RETURN reception_project_shown(p_centre, p_people);
END $$;

CREATE OR REPLACE FUNCTION reception_rebuild(p_centre uuid) RETURNS bigint {CHANGES}
DECLARE everybody uuid[];
BEGIN
    DELETE FROM reception_standing WHERE centre_id = p_centre;
    SELECT coalesce(array_agg(met.person_id), '{{}}') INTO everybody FROM (
        SELECT e.person_id FROM reception_personevent e WHERE e.centre_id = p_centre
        UNION SELECT e.person_id FROM reception_centreevent e WHERE e.centre_id = p_centre
        UNION SELECT e.person_id FROM reception_careevent e WHERE e.centre_id = p_centre) met;
    RETURN reception_project(p_centre, everybody);
END $$;
"""

COUNTED_ALREADY = """
REVOKE ALL ON FUNCTION reception_project_stock(uuid, uuid[]) FROM PUBLIC;
ALTER FUNCTION reception_project_stock(uuid, uuid[]) OWNER TO wb_search;
DROP TRIGGER what_remains ON reception_stockchange;
CREATE TRIGGER what_remains BEFORE INSERT ON reception_stockchange
    FOR EACH ROW WHEN (current_user <> 'wb_search') EXECUTE FUNCTION reception_what_remains();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the functions as they were stand in 0008 and 0030, the trigger in 0012."""

    dependencies = [("reception", "0031_asked_after_as_agreed")]

    operations = [migrations.RunSQL(sql) for sql in (SAID, STAYS, DEEDS, STOCK, STANDINGS, PROJECT, COUNTED_ALREADY)]
