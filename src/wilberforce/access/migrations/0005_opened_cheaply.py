"""Opening a context costs a tenth: plans are kept for the connection, and nothing is asked of a public that nobody is.

The row of a context lives no longer than its transaction, so it needs no log: nothing of it is to be recovered.
"""

from django.db import migrations

NOW = "token = nullif(current_setting('wb.token', true), '')::uuid AND expires_at > access_now()"
DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"
GENERIC = f"{DEFINER} SET plan_cache_mode = force_generic_plan"
"""For what takes arrays: PostgreSQL would plan anew for each array, which takes ten times as long as the answer."""

WHOLE = f"""
CREATE OR REPLACE FUNCTION ctx() RETURNS SETOF access_context {DEFINER} AS $$
BEGIN RETURN QUERY SELECT * FROM access_context c WHERE {NOW}; END $$;
"""

GRANTS = f"""
ALTER FUNCTION access_grants(text, text, text, text[]) SET plan_cache_mode = force_generic_plan;

CREATE OR REPLACE FUNCTION access_choose_role(p_kind text, p_roles text[], p_purpose text, p_wanted text[])
RETURNS text {GENERIC} AS $$
BEGIN
    RETURN (SELECT h.role FROM unnest(p_roles) WITH ORDINALITY AS h(role, place)
    JOIN access_role_purpose q ON (q.kind, q.role, q.purpose) = (p_kind, h.role, p_purpose)
    ORDER BY cardinality(access_grants(p_kind, h.role, p_purpose, p_wanted)) DESC, h.place LIMIT 1);
END $$;
"""

PUBLIC = """
CREATE OR REPLACE FUNCTION access_open_public(p_purpose text, p_wanted text[])
RETURNS TABLE (membership uuid, agency uuid, kind text, role text, roles text[], purpose text, grants text[],
               ready text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM access_seat(NULL, NULL, NULL, 'public', 'reporter', ARRAY['reporter'], p_purpose, 0, NULL, NULL, false,
        p_wanted);
    -- nobody is at work: no fact about a person at work can be true
    RETURN QUERY SELECT c.membership, c.agency, c.kind, c.role, c.roles, c.purpose, c.grants, '{}'::text[] FROM ctx() c;
END $$;
"""

CLOSE = """
CREATE OR REPLACE FUNCTION access_close() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    DELETE FROM access_context WHERE token = nullif(current_setting('wb.token', true), '')::uuid;
    PERFORM set_config('wb.token', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_plans_kept")]

    operations = [
        migrations.RunSQL(WHOLE + GRANTS + PUBLIC + CLOSE, migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE access_context SET UNLOGGED", "ALTER TABLE access_context SET LOGGED"),
    ]
