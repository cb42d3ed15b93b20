"""The facts that turn on an operation, and a log that nobody changes.

Each function replaces the placeholder of the same name, which is true of nobody. Those that read class
tables belong to the search role, which passes row policies and can't sign in.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

COMMAND = f"""
CREATE OR REPLACE FUNCTION fact_op_lead() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    WITH mine AS (SELECT c.operation_id FROM operations_command c
                  WHERE c.membership_id = (SELECT ctx_membership()) AND c.is_lead AND c.until IS NULL)
    SELECT operation_id FROM mine
    UNION ALL SELECT s.id FROM operations_site s JOIN mine USING (operation_id)
    UNION ALL SELECT l.centre_id FROM operations_centrelink l JOIN mine USING (operation_id) WHERE l.until IS NULL
$$;
"""

ROSTER = f"""
CREATE OR REPLACE FUNCTION fact_op_member() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    WITH mine AS (SELECT r.operation_id FROM operations_roster r
                  WHERE r.membership_id = (SELECT ctx_membership()) AND r.until IS NULL)
    SELECT operation_id FROM mine
    UNION ALL SELECT s.id FROM operations_site s JOIN mine USING (operation_id)
$$;
"""

WINDOW = f"""
CREATE OR REPLACE FUNCTION fact_op_window() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    -- operations inside [T - 14 days, T + 72 hours] and sites from 12 hours before, or earlier for a named
    -- planner; only those that concern the actor, so that the set stays small
    WITH mine AS (
        SELECT operation_id, sites_from FROM operations_roster
        WHERE membership_id = (SELECT ctx_membership()) AND until IS NULL
        UNION ALL
        SELECT operation_id, NULL FROM operations_command
        WHERE membership_id = (SELECT ctx_membership()) AND until IS NULL
        UNION ALL
        SELECT operation_id, NULL FROM operations_centrelink
        WHERE agency_id = (SELECT ctx_agency()) AND until IS NULL
    ), open AS (
        SELECT o.id, min(m.sites_from) AS sites_from FROM operations_operation o JOIN mine m ON m.operation_id = o.id
        WHERE o.state <> 'stood-down' AND access_now() BETWEEN o.planned_for - interval '14 days'
                                                           AND o.planned_for + interval '72 hours'
        GROUP BY o.id
    )
    SELECT id FROM open
    UNION ALL
    SELECT s.id FROM operations_site s JOIN open o ON o.id = s.operation_id
    WHERE access_now() >= least(s.opens_at, o.sites_from)
$$;
"""

LINKED = f"""
CREATE OR REPLACE FUNCTION fact_op_linked() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    WITH mine AS (
        SELECT l.operation_id, l.centre_id FROM operations_centrelink l
        WHERE l.until IS NULL AND (
            l.agency_id = (SELECT ctx_agency())
            OR EXISTS (SELECT 1 FROM operations_command c WHERE c.operation_id = l.operation_id
                       AND c.membership_id = (SELECT ctx_membership()) AND c.until IS NULL))
    )
    SELECT operation_id FROM mine UNION SELECT centre_id FROM mine
$$;
"""

CASE = f"""
CREATE OR REPLACE FUNCTION fact_case_member() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.operation_id FROM operations_casemember c
    WHERE c.membership_id = (SELECT ctx_membership()) AND c.until IS NULL
$$;
"""

OWNERS = """
GRANT SELECT ON operations_command, operations_roster, operations_centrelink, operations_site, operations_operation
    TO wb_search;
ALTER FUNCTION fact_op_lead() OWNER TO wb_search;
ALTER FUNCTION fact_op_member() OWNER TO wb_search;
ALTER FUNCTION fact_op_window() OWNER TO wb_search;
"""

NEVER_CHANGED = """
REVOKE UPDATE, DELETE, TRUNCATE ON operations_logentry, operations_decision FROM wb_app;
REVOKE DELETE, TRUNCATE ON operations_command, operations_roster, operations_centrelink, operations_casemember
    FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("operations", "0001_operation_sites_people_found"), ("agencies", "0002_who_is_at_the_screen")]

    operations = [migrations.RunSQL(sql) for sql in (COMMAND, ROSTER, WINDOW, LINKED, CASE, OWNERS, NEVER_CHANGED)]
