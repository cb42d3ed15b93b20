"""Blind keys of who somebody is, and what was found alike. No role of the application reads or writes them but by these
functions; the look is the machine's, and a manager hears only which agency to speak to about whom.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

TABLES = """
CREATE TABLE survivors_same_key (
    person_id uuid NOT NULL, agency_id uuid NOT NULL, kind smallint NOT NULL, key bytea NOT NULL,
    PRIMARY KEY (key, person_id, agency_id)
);
CREATE INDEX survivors_same_key_of ON survivors_same_key (person_id, agency_id);
CREATE TABLE survivors_same_asked (
    id uuid PRIMARY KEY, person_id uuid NOT NULL, agency_id uuid NOT NULL, by uuid NOT NULL, at timestamptz NOT NULL
);
CREATE TABLE survivors_same_found (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    asked uuid NOT NULL, person_id uuid NOT NULL, agency_id uuid NOT NULL, other_id uuid NOT NULL,
    other_agency_id uuid NOT NULL, UNIQUE (agency_id, person_id, other_id, other_agency_id)
);
REVOKE ALL ON survivors_same_key, survivors_same_asked, survivors_same_found FROM PUBLIC, wb_app;
GRANT SELECT, INSERT, DELETE ON survivors_same_key, survivors_same_asked, survivors_same_found TO wb_search;
GRANT SELECT ON agencies_agency TO wb_search;
"""

KEYS = f"""
CREATE FUNCTION survivors_index(p_person uuid, p_kinds smallint[], p_keys bytea[]) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    DELETE FROM survivors_same_key WHERE person_id = p_person AND agency_id = ctx_agency();
    INSERT INTO survivors_same_key SELECT p_person, ctx_agency(), k.kind, k.key FROM unnest(p_kinds, p_keys) AS k(kind, key)
    WHERE ctx_membership() IS NOT NULL ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION survivors_ask_for_same(p_asked uuid, p_person uuid) RETURNS void LANGUAGE sql {DEFINER} AS $$
    INSERT INTO survivors_same_asked SELECT p_asked, p_person, ctx_agency(), ctx_membership(), access_now()
    WHERE ctx_membership() IS NOT NULL
$$;

CREATE FUNCTION survivors_keys_go() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM survivors_same_key WHERE person_id = OLD.person_id AND agency_id = OLD.controller_id;
    RETURN OLD;
END $$;
CREATE TRIGGER survivors_keys_go AFTER DELETE ON survivors_identity
    FOR EACH ROW EXECUTE FUNCTION survivors_keys_go();
"""

LOOK = f"""
CREATE FUNCTION survivors_look_for_same(p_asked uuid) RETURNS TABLE (id uuid, agency_id uuid, kind text)
LANGUAGE sql {DEFINER} AS $$
    -- a likeness is told once to each side; what it is called by is no person's id, or their page would tell of it
    WITH alike AS (
        SELECT q.person_id AS mine, q.agency_id AS my_agency, k.person_id AS theirs, k.agency_id AS their_agency
        FROM survivors_same_asked q
        JOIN survivors_same_key m ON (m.person_id, m.agency_id) = (q.person_id, q.agency_id)
        JOIN survivors_same_key k ON k.key = m.key AND k.person_id <> m.person_id
        WHERE q.id = p_asked AND ctx_role() = 'system'
        GROUP BY 1, 2, 3, 4
        HAVING bool_or(k.kind = 1) OR (bool_or(k.kind = 2) AND bool_or(k.kind = 3))
    ), kept AS (
        INSERT INTO survivors_same_found (asked, person_id, agency_id, other_id, other_agency_id)
        SELECT p_asked, mine, my_agency, theirs, their_agency FROM alike
        UNION SELECT p_asked, theirs, their_agency, mine, my_agency FROM alike
        ON CONFLICT DO NOTHING RETURNING survivors_same_found.id, survivors_same_found.agency_id
    )
    SELECT k.id, k.agency_id, a.kind::text FROM kept k JOIN agencies_agency a ON a.id = k.agency_id
$$;

CREATE FUNCTION survivors_same_told(p_roles text[]) RETURNS TABLE (id uuid, person_id uuid, other_agency_id uuid)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT f.id, f.person_id, f.other_agency_id FROM survivors_same_found f
    WHERE f.agency_id = ctx_agency() AND ctx_role() = ANY (p_roles) ORDER BY f.id
$$;
"""
FUNCTIONS = (
    "survivors_index(uuid, smallint[], bytea[])", "survivors_ask_for_same(uuid, uuid)", "survivors_keys_go()",
    "survivors_look_for_same(uuid)", "survivors_same_told(text[])",
)  # fmt: skip
OWNED = "".join(
    f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC; ALTER FUNCTION {name} OWNER TO wb_search;\n" for name in FUNCTIONS
)
ASKED = "".join(f"GRANT EXECUTE ON FUNCTION {name} TO wb_app;\n" for name in FUNCTIONS if "keys_go" not in name)


class Migration(migrations.Migration):
    """Not reversible by itself: nothing stands on it that could go back."""

    dependencies = [("survivors", "0003_what_was_before_a_correction"), ("access", "0005_opened_cheaply")]

    operations = [migrations.RunSQL(TABLES + KEYS + LOOK + ASKED + OWNED)]
