"""The functions that each row policy asks many times, in a language that keeps their plans for the connection.

A function in plain SQL that can't be inlined is planned anew in each statement that calls it: for the board of one
centre that was most of what the policy cost.
"""

from django.db import migrations

DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"
OF_CONTEXT = {
    "membership": "uuid", "agency": "uuid", "kind": "text", "role": "text", "roles": "text[]", "purpose": "text",
    "session": "bytea", "device": "uuid", "stepped_up_at": "timestamptz", "vetting": "int",
}  # fmt: skip
FOUND = """FROM access_context c
        WHERE c.token = nullif(current_setting('wb.token', true), '')::uuid AND c.expires_at > access_now()"""

CONTEXT = "\n".join(
    f"""CREATE OR REPLACE FUNCTION ctx_{name}() RETURNS {kind} {DEFINER} AS $$
BEGIN
    RETURN (SELECT c.{name} {FOUND});
END $$;"""
    for name, kind in OF_CONTEXT.items()
)

GRANTS = f"""
CREATE OR REPLACE FUNCTION ctx_grants() RETURNS text[] {DEFINER} AS $$
BEGIN
    RETURN coalesce((SELECT c.grants {FOUND}), '{{}}');
END $$;

CREATE OR REPLACE FUNCTION access_grants(p_kind text, p_role text, p_purpose text, p_wanted text[]) RETURNS text[]
{DEFINER} AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(r.id || '/' || c.cls || '/' || a.act), '{{}}')
        FROM access_rule r, unnest(r.classes) AS c(cls), unnest(r.actions) AS a(act)
        WHERE p_kind = ANY (r.kinds) AND p_role = ANY (r.roles) AND p_purpose = ANY (r.purposes)
          AND EXISTS (SELECT 1 FROM access_kind_role k WHERE k.kind = p_kind AND k.role = p_role)
          AND EXISTS (SELECT 1 FROM access_role_purpose q WHERE (q.kind, q.role, q.purpose) = (p_kind, p_role, p_purpose))
          AND (p_wanted IS NULL OR EXISTS (
                SELECT 1 FROM unnest(p_wanted) AS w(cell)
                WHERE split_part(w.cell, ':', 1) = c.cls AND split_part(w.cell, ':', 2) = a.act
                  AND (r.fields IS NULL
                       OR split_part(w.cell, ':', 3) = replace(r.fields, '{{agency}}', p_kind)
                       OR split_part(w.cell, ':', 3) = r.fields)))
          AND NOT EXISTS (
                SELECT 1 FROM access_forbid f
                WHERE (f.kinds IS NULL OR p_kind = ANY (f.kinds)) AND (f.roles IS NULL OR p_role = ANY (f.roles))
                  AND c.cls = ANY (f.classes) AND (f.actions IS NULL OR a.act = ANY (f.actions))
                  AND f.unless = '{{}}' AND f.fields IS NULL));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0003_only_our_own_processes")]

    operations = [migrations.RunSQL(CONTEXT + GRANTS, migrations.RunSQL.noop)]
