"""The matrix as tables, and an evaluator over them written apart from the one in Python."""

from django.db import migrations

TABLES = """
CREATE TABLE access_matrix (hash text NOT NULL, loaded_at timestamptz NOT NULL DEFAULT now());
CREATE UNIQUE INDEX access_matrix_only_one ON access_matrix ((true));
CREATE TABLE access_kind_role (kind text NOT NULL, role text NOT NULL, PRIMARY KEY (kind, role));
CREATE TABLE access_class (name text PRIMARY KEY, tier text NOT NULL);
CREATE TABLE access_purpose (name text PRIMARY KEY, regime text NOT NULL);
CREATE TABLE access_fact (name text PRIMARY KEY, kind text NOT NULL, about text[] NOT NULL);
CREATE TABLE access_role_purpose (
    kind text NOT NULL, role text NOT NULL, purpose text NOT NULL, PRIMARY KEY (kind, role, purpose)
);
CREATE TABLE access_rule (
    id text PRIMARY KEY, place integer NOT NULL, kinds text[] NOT NULL, roles text[] NOT NULL, classes text[] NOT NULL,
    purposes text[] NOT NULL, actions text[] NOT NULL, fields text, facts text[] NOT NULL
);
CREATE TABLE access_forbid (
    id text PRIMARY KEY, place integer NOT NULL, kinds text[], roles text[], classes text[] NOT NULL, actions text[],
    fields text, unless text[] NOT NULL
);
COMMENT ON COLUMN access_forbid.unless IS 'every entry must hold to lift it; an entry names one fact or several, any of which will do, split by |';
CREATE TABLE access_dynamic (id text PRIMARY KEY, place integer NOT NULL, fact text NOT NULL, classes text[] NOT NULL);
"""

DECIDE = """
CREATE FUNCTION access_decide(kind text, role text, cls text, purpose text, action text, projection text, facts text[])
RETURNS TABLE (allowed boolean, rule text)
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
AS $decide$
WITH known AS (
    SELECT EXISTS (SELECT FROM access_kind_role k WHERE (k.kind, k.role) = ($1, $2))
       AND EXISTS (SELECT FROM access_class c WHERE c.name = $3)
       AND EXISTS (SELECT FROM access_purpose p WHERE p.name = $4)
       AND $5 = ANY ('{R,W,D,A}')
       AND coalesce($7, '{}') <@ ARRAY (SELECT f.name FROM access_fact f) AS yes
), verdicts AS (
    SELECT 1 AS strength, 0 AS place, false AS allowed, '' AS rule FROM known WHERE known.yes IS NOT TRUE
    UNION ALL
    SELECT 2, f.place, false, f.id
      FROM access_forbid f
     WHERE $3 = ANY (f.classes)
       AND (f.kinds IS NULL OR $1 = ANY (f.kinds))
       AND (f.roles IS NULL OR $2 = ANY (f.roles))
       AND (f.actions IS NULL OR $5 = ANY (f.actions))
       AND (f.fields IS NULL OR f.fields IS NOT DISTINCT FROM $6)
       AND (f.unless = '{}' OR EXISTS (
            SELECT FROM unnest(f.unless) AS entry WHERE NOT string_to_array(entry, '|') && coalesce($7, '{}')))
    UNION ALL
    SELECT 3, d.place, false, d.id FROM access_dynamic d WHERE $3 = ANY (d.classes) AND d.fact = ANY ($7)
    UNION ALL
    SELECT 4, r.place, true, r.id
      FROM access_rule r
     WHERE $1 = ANY (r.kinds) AND $2 = ANY (r.roles) AND $3 = ANY (r.classes) AND $4 = ANY (r.purposes) AND $5 = ANY (r.actions)
       AND (r.fields IS NULL OR replace(r.fields, '{agency}', $1) IS NOT DISTINCT FROM $6)
       AND r.facts <@ coalesce($7, '{}')
    UNION ALL
    SELECT 5, 0, false, ''
)
SELECT v.allowed, v.rule FROM verdicts v ORDER BY v.strength, v.place LIMIT 1
$decide$;
"""

RIGHTS = """
REVOKE ALL ON access_matrix, access_kind_role, access_class, access_purpose, access_fact, access_role_purpose,
    access_rule, access_forbid, access_dynamic FROM PUBLIC, wb_app;
GRANT SELECT ON access_matrix, access_kind_role, access_class, access_purpose, access_fact, access_role_purpose,
    access_rule, access_forbid, access_dynamic TO wb_app;
REVOKE ALL ON FUNCTION access_decide(text, text, text, text, text, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_decide(text, text, text, text, text, text, text[]) TO wb_app;
"""

AWAY = """
DROP FUNCTION access_decide(text, text, text, text, text, text, text[]);
DROP TABLE access_matrix, access_kind_role, access_class, access_purpose, access_fact, access_role_purpose,
    access_rule, access_forbid, access_dynamic;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(TABLES + DECIDE + RIGHTS, AWAY)]
