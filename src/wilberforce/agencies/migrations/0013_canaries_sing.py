"""Whatever entry names an invented record, whoever wrote it and by whatever page, alarms the guardians in its transaction.

The marks are pseudonyms; no role of the application reads them, and nothing else about such a record is different.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

TABLES = """
CREATE TABLE agencies_canary_mark (
    mark uuid NOT NULL, canary_id uuid NOT NULL, subject uuid NOT NULL, PRIMARY KEY (mark, canary_id)
);
CREATE TABLE agencies_canary_alarm (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), canary_id uuid NOT NULL, actor uuid, membership_id uuid, agency_id uuid,
    at timestamptz NOT NULL
);
CREATE INDEX agencies_canary_alarm_at ON agencies_canary_alarm (canary_id, at);
REVOKE ALL ON agencies_canary_mark, agencies_canary_alarm FROM PUBLIC, wb_app;
REVOKE DELETE, TRUNCATE ON agencies_canary FROM wb_app;
"""

PLANTED = f"""
CREATE FUNCTION agencies_canary_named(p_canary uuid, p_reference text) RETURNS SETOF uuid
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT n.id FROM agencies_named(upper(p_reference)) AS n(id)
    WHERE EXISTS (SELECT FROM agencies_canary k WHERE k.id = p_canary AND k.by_id = ctx_membership()
                  AND k.live_at IS NULL AND ctx_role() = 'data_guardian')
$$;

CREATE FUNCTION agencies_canary_marked(p_canary uuid, p_subjects uuid[], p_marks uuid[]) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    INSERT INTO agencies_canary_mark SELECT m.mark, p_canary, m.subject FROM unnest(p_subjects, p_marks) AS m(subject, mark)
    WHERE EXISTS (SELECT FROM agencies_canary k WHERE k.id = p_canary AND k.by_id = ctx_membership() AND k.live_at IS NULL)
    ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION agencies_canary_subjects() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    -- for whatever counts people: these are none
    SELECT m.subject FROM agencies_canary_mark m JOIN agencies_canary k ON k.id = m.canary_id
$$;
"""

SINGS = f"""
CREATE FUNCTION agencies_canary_sings(p_mark uuid[], p_actor uuid, p_membership uuid, p_agency uuid) RETURNS void
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE c record; alarm uuid;
BEGIN
    FOR c IN SELECT DISTINCT k.id, k.agency_id FROM agencies_canary_mark m JOIN agencies_canary k ON k.id = m.canary_id
             WHERE m.mark = ANY (p_mark) AND k.live_at IS NOT NULL
    LOOP
        CONTINUE WHEN EXISTS (SELECT FROM agencies_canary_alarm a WHERE a.canary_id = c.id
            AND a.at > access_now() - interval '1 hour' AND a.actor IS NOT DISTINCT FROM p_actor
            AND a.membership_id IS NOT DISTINCT FROM p_membership);
        INSERT INTO agencies_canary_alarm (canary_id, actor, membership_id, agency_id, at)
        VALUES (c.id, p_actor, p_membership, p_agency, access_now()) RETURNING id INTO alarm;
        INSERT INTO deadlines_deadline (id, subject_id, rule, due_at, role, agency_id, filed_at)
        SELECT gen_random_uuid(), alarm, 'canary', access_now() + interval '1 hour', 'data_guardian', told, access_now()
        FROM (SELECT c.agency_id AS told UNION SELECT p_agency WHERE p_agency IS NOT NULL) both_sides;
    END LOOP;
END $$;

CREATE FUNCTION agencies_canary_in_leaf() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM agencies_canary_sings(NEW.objects_seen, NEW.actor, NULL, NEW.controller_id);
    RETURN NULL;
END $$;
CREATE TRIGGER agencies_canary_in_leaf AFTER INSERT ON ledger_leaf
    FOR EACH ROW WHEN (NEW.objects_seen <> '{{}}') EXECUTE FUNCTION agencies_canary_in_leaf();

CREATE FUNCTION agencies_canary_opened() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM agencies_canary_sings(ARRAY[NEW.person], NULL, NEW.membership_id, m.agency_id)
    FROM agencies_membership m WHERE m.id = NEW.membership_id;
    RETURN NULL;
END $$;
CREATE TRIGGER agencies_canary_opened AFTER INSERT ON ledger_person_opened
    FOR EACH ROW EXECUTE FUNCTION agencies_canary_opened();

CREATE FUNCTION agencies_canary_alarms()
RETURNS TABLE (id uuid, at timestamptz, actor uuid, membership_id uuid, agency_id uuid, owner_id uuid)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT a.id, a.at, a.actor, a.membership_id, a.agency_id, k.agency_id
    FROM agencies_canary_alarm a JOIN agencies_canary k ON k.id = a.canary_id
    WHERE ctx_role() = 'data_guardian' AND ctx_agency() IN (k.agency_id, a.agency_id)
    ORDER BY a.at DESC LIMIT 100
$$;
"""
FUNCTIONS = (
    "agencies_canary_named(uuid, text)", "agencies_canary_marked(uuid, uuid[], uuid[])", "agencies_canary_alarms()",
    "agencies_canary_subjects()", "agencies_canary_sings(uuid[], uuid, uuid, uuid)",
)  # fmt: skip
RIGHTS = "".join(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC;\n" for name in FUNCTIONS) + "".join(
    f"GRANT EXECUTE ON FUNCTION {name} TO wb_app;\n" for name in FUNCTIONS[:3]
)


class Migration(migrations.Migration):
    """Not reversible by itself: what was planted would be forgotten."""

    dependencies = [
        ("agencies", "0012_canaries"),
        ("ledger", "0004_people_opened"),
        ("deadlines", "0003_late_is_escalated"),
    ]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (TABLES, PLANTED, SINGS, RIGHTS)]
