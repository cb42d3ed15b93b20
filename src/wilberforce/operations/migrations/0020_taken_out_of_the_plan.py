"""A site is taken out of the plan and closes to everybody who does not plan; a contingency ends."""

from django.db import migrations, models

HIDDEN = """
CREATE POLICY in_the_plan ON operations_site AS RESTRICTIVE FOR SELECT
    USING (out_at IS NULL OR (SELECT ctx_purpose()) = 'op_planning');

CREATE OR REPLACE FUNCTION fact_op_window() RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY
    -- operations inside [T - 14 days, T + 72 hours] and sites from 12 hours before, or earlier for a named
    -- planner; only those that concern the actor, so that the set stays small
    WITH mine AS (
        SELECT r.operation_id, r.sites_from FROM operations_roster r
        WHERE r.membership_id = (SELECT ctx_membership()) AND r.until IS NULL
        UNION ALL
        SELECT c.operation_id, NULL FROM operations_command c
        WHERE c.membership_id = (SELECT ctx_membership()) AND c.until IS NULL
        UNION ALL
        SELECT l.operation_id, NULL FROM operations_centrelink l
        WHERE l.agency_id = (SELECT ctx_agency()) AND l.until IS NULL
    ), open AS (
        SELECT o.id, min(m.sites_from) AS sites_from FROM operations_operation o JOIN mine m ON m.operation_id = o.id
        WHERE o.state <> 'stood-down' AND access_now() BETWEEN o.planned_for - interval '14 days'
                                                           AND o.planned_for + interval '72 hours'
        GROUP BY o.id
    )
    SELECT open.id FROM open
    UNION ALL
    SELECT s.id FROM operations_site s JOIN open o ON o.id = s.operation_id
    WHERE access_now() >= least(s.opens_at, o.sites_from) AND s.out_at IS NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the facts come back by migrating ``access`` anew."""

    dependencies = [
        ("operations", "0019_an_operation_is_called"),
        ("access", "0002_context"),
        ("web", "0009_facts_keep_their_plans"),
    ]

    operations = [
        migrations.AddField(
            "site", "out_at", models.DateTimeField(blank=True, null=True, help_text="taken out of the plan")
        ),
        migrations.AddField("contingency", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "contingency", "used", models.BooleanField(default=False, help_text="it happened, and this was done")
        ),
        migrations.RunSQL(HIDDEN, migrations.RunSQL.noop),
    ]
