"""What was written down as given by mistake is taken back: both entries stay, the first no longer stands, and what was
stocked is there again. A tablet's taking back waits for what it points to."""

from django.db import migrations, models
from django.db.models import Q

NO_LONGER = """
CREATE FUNCTION reception_no_longer_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE reception_given g SET stands = false
    WHERE g.id = NEW.corrects AND g.person_id = NEW.person_id AND g.centre_id = NEW.centre_id AND g.corrects IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing was given that this could take back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION reception_no_longer_stands() FROM PUBLIC;
ALTER FUNCTION reception_no_longer_stands() OWNER TO wb_search;
GRANT UPDATE (stands) ON reception_given TO wb_search;
CREATE TRIGGER no_longer_stands AFTER INSERT ON reception_given
    FOR EACH ROW WHEN (NEW.corrects IS NOT NULL) EXECUTE FUNCTION reception_no_longer_stands();
"""

NOT_COUNTED = """
DO $migrate$
DECLARE name text; told text;
BEGIN
    FOREACH name IN ARRAY ARRAY['reception_before_deciding(uuid)', 'reception_waited_now(uuid)'] LOOP
        told := pg_get_functiondef(name::regprocedure);
        EXECUTE replace(replace(told, 'FROM reception_given g WHERE (', 'FROM reception_given g WHERE g.stands AND ('),
                        'g.person_id = p.person_id AND', 'g.person_id = p.person_id AND g.stands AND');
        IF pg_get_functiondef(name::regprocedure) NOT LIKE '%g.stands%' THEN
            RAISE EXCEPTION '% asks in other words', name;
        END IF;
    END LOOP;
END $migrate$;
"""

FROM_TABLETS = """
CREATE FUNCTION reception_project_taken_back(p_centre uuid, p_people uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    INSERT INTO reception_given (id, controller_id, recorded_at, centre_id, person_id, at, by, thing, kind, detail,
                                 quantity, corrects)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, e.person_id, e.at, e.by, 'taken-back', 'correction',
           e.detail, g.quantity, g.id
    FROM reception_careevent e JOIN reception_given g ON g.id = substr(e.says[4], 6)::uuid
         AND g.person_id = e.person_id AND g.centre_id = e.centre_id AND g.stands
         AND g.kind NOT IN ('search', 'correction')
    WHERE e.centre_id = p_centre AND e.kind = 'took-back' AND (p_people IS NULL OR e.person_id = ANY (p_people))
    ON CONFLICT DO NOTHING;

    INSERT INTO reception_stockchange (id, controller_id, recorded_at, centre_id, thing, change, at, by)
    SELECT e.id, e.controller_id, e.recorded_at, e.centre_id, split_part(was.says[1], '=', 2), was.quantity, e.at, e.by
    FROM reception_careevent e JOIN reception_given g ON g.id = e.id
         JOIN reception_careevent was ON was.id = g.corrects AND was.says[3] = 'stocked=yes'
    WHERE e.centre_id = p_centre AND e.kind = 'took-back' AND (p_people IS NULL OR e.person_id = ANY (p_people))
      AND NOT EXISTS (SELECT 1 FROM reception_stockchange s WHERE s.id = e.id);
$$;
REVOKE ALL ON FUNCTION reception_project_taken_back(uuid, uuid[]) FROM PUBLIC;
ALTER FUNCTION reception_project_taken_back(uuid, uuid[]) OWNER TO wb_search;

DO $migrate$
DECLARE told text;
BEGIN
    told := pg_get_functiondef('reception_project_deeds(uuid, uuid[])'::regprocedure);
    EXECUTE replace(told, 'SELECT 1 FROM reception_given g WHERE g.id = e.id)',
                          'SELECT 1 FROM reception_given g WHERE g.id = e.id) AND e.kind <> ''took-back''');
    told := pg_get_functiondef('reception_project(uuid, uuid[])'::regprocedure);
    EXECUTE replace(told, 'PERFORM reception_project_deeds(p_centre, p_people);',
        'PERFORM reception_project_deeds(p_centre, p_people);
    IF EXISTS (SELECT FROM reception_careevent e WHERE e.centre_id = p_centre AND e.kind = ''took-back'') THEN
        PERFORM reception_project_taken_back(p_centre, p_people);
    END IF;');
    IF pg_get_functiondef('reception_project(uuid, uuid[])'::regprocedure) NOT LIKE '%taken_back%'
       OR pg_get_functiondef('reception_project_deeds(uuid, uuid[])'::regprocedure) NOT LIKE '%took-back%' THEN
        RAISE EXCEPTION 'the projection asks in other words';
    END IF;
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: drop the trigger and the functions by hand."""

    dependencies = [("reception", "0029_an_interpreter_is_called_off")]

    operations = [
        migrations.AddField("given", "corrects", models.UUIDField(blank=True, null=True)),
        migrations.AddField("given", "stands", models.BooleanField(db_default=True, default=True, editable=False)),
        migrations.AddConstraint(
            "given",
            models.UniqueConstraint("corrects", condition=Q(corrects__isnull=False), name="given_taken_back_once"),
        ),
        migrations.AddIndex(
            "careevent", models.Index("centre_id", condition=Q(kind="took-back"), name="care_taken_back")
        ),
        *(migrations.RunSQL(sql) for sql in (NO_LONGER, NOT_COUNTED, FROM_TABLETS)),
    ]
