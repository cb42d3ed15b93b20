"""Guardians invent records of their own agency alone, and nobody is left out of a count before two have said so.

One guardian, of any agency, who typed the reference of a real person took them out of the commander's head count and out
of the figures, and with a second heard which agency opened that person's record.
"""

from django.db import migrations

OURS = """
CREATE FUNCTION agencies_kept_by_us(p_reference text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE us uuid := ctx_agency();
BEGIN
    RETURN QUERY
    SELECT id FROM survivors_person WHERE upper(reference) = p_reference AND controller_id = us
    UNION SELECT person_id FROM reception_presence WHERE upper(reference) = p_reference AND controller_id = us
    UNION SELECT id FROM operations_found WHERE upper(reference) = p_reference AND controller_id = us
    UNION SELECT id FROM operations_operation WHERE upper(reference) = p_reference AND controller_id = us
    UNION SELECT id FROM custody_arrest WHERE upper(reference) = p_reference AND controller_id = us
    UNION SELECT arrest_id FROM custody_detention WHERE upper(reference) = p_reference AND controller_id = us;
END $$;
ALTER FUNCTION agencies_kept_by_us(text) OWNER TO wb_search;
REVOKE ALL ON FUNCTION agencies_kept_by_us(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_kept_by_us(text) TO wb_owner;

CREATE OR REPLACE FUNCTION agencies_canary_named(p_canary uuid, p_reference text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT n.id FROM agencies_kept_by_us(upper(p_reference)) AS n(id)
    WHERE EXISTS (SELECT FROM agencies_canary k WHERE k.id = p_canary AND k.by_id = ctx_membership()
                  AND k.live_at IS NULL AND ctx_role() = 'data_guardian')
$$;

CREATE OR REPLACE FUNCTION agencies_canary_subjects() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- for whatever counts people: these are none
    SELECT m.subject FROM agencies_canary_mark m JOIN agencies_canary k ON k.id = m.canary_id WHERE k.live_at IS NOT NULL
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``agencies`` anew."""

    dependencies = [
        ("web", "0018_sent_back_to_the_writer"),
        ("agencies", "0013_canaries_sing"),
    ]

    operations = [migrations.RunSQL(OURS)]
