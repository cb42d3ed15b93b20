"""How many people are registered where somebody works: what the cap on different people in a day grows with.

The largest counts, not the sum: whoever works at several centres does not meet everybody of all of them in one day.
"""

from django.db import migrations

REGISTERED = """
CREATE OR REPLACE FUNCTION agencies_registered(p_membership uuid) RETURNS int
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN (SELECT coalesce(max(sizes.n), 0) FROM (
        SELECT count(DISTINCT p.person_id)::int AS n
        FROM reception_centreroster r JOIN reception_presence p ON p.centre_id = r.centre_id
        WHERE r.membership_id = p_membership AND r.until IS NULL
          AND (p.until IS NULL OR p.until > access_now() - interval '1 day')
        GROUP BY r.centre_id
        UNION ALL
        SELECT count(*)::int FROM survivors_person s JOIN (
            SELECT operation_id FROM operations_roster WHERE membership_id = p_membership AND until IS NULL
            UNION SELECT operation_id FROM operations_casemember WHERE membership_id = p_membership AND until IS NULL
            UNION SELECT operation_id FROM operations_command WHERE membership_id = p_membership AND until IS NULL
        ) mine USING (operation_id) GROUP BY s.operation_id
        UNION ALL
        SELECT count(DISTINCT a.person_id)::int FROM survivors_assignment a
        WHERE a.membership_id = p_membership AND a.ended_at IS NULL AND a.until > access_now()
    ) sizes);
END $$;
GRANT SELECT ON reception_centreroster, reception_presence, survivors_person, survivors_assignment, operations_roster,
    operations_casemember, operations_command TO wb_search;
ALTER FUNCTION agencies_registered(uuid) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholder comes back by migrating ``agencies`` anew."""

    dependencies = [
        ("reception", "0010_rebuilt_and_restored"),
        ("agencies", "0011_the_cap_itself"),
        ("survivors", "0003_what_was_before_a_correction"),
        ("operations", "0006_handovers_checks_and_rejected_options"),
    ]

    operations = [migrations.RunSQL(REGISTERED)]
