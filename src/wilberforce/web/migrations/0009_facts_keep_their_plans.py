"""Each fact that is still plain SQL, in a language that keeps its plan for the connection; what it says stays.

A function in plain SQL that can't be inlined is planned anew in each statement that asks for it: for a board of
eight tables that was two thirds of what the database did.
"""

from django.db import migrations

REWRITE = r"""
DO $migrate$
DECLARE fact record;
BEGIN
    FOR fact IN
        SELECT pg_get_functiondef(p.oid) AS told, btrim(p.prosrc, E' \t\n;') AS body, p.prosrc, p.proretset
        FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
        WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'sql' AND p.proname LIKE 'fact\_%'
    LOOP
        EXECUTE replace(
            replace(fact.told, E'\n LANGUAGE sql\n', E'\n LANGUAGE plpgsql\n'),
            fact.prosrc,
            CASE WHEN fact.proretset THEN E'\nBEGIN\n    RETURN QUERY\n' || fact.body || E'\n    ;\nEND '
                 ELSE E'\nBEGIN\n    RETURN (\n' || fact.body || E'\n    );\nEND ' END);
    END LOOP;
END $migrate$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself, and nothing depends on the language."""

    dependencies = [
        ("web", "0008_alarms_and_requests_wait"),
        ("agencies", "0011_the_cap_itself"),
        ("concerns", "0003_claims_stay_in_the_force"),
        ("operations", "0002_facts"),
        ("press", "0003_what_waits_for_an_approver"),
        ("reception", "0002_facts"),
        ("referrals", "0002_facts"),
        ("sharing", "0013_own_data_opens"),
        ("survivors", "0002_facts"),
    ]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
