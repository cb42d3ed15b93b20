"""A tie or a block is kept by a reference that the database looks up: who writes it learns nothing of what it names.

The placeholder names nothing; a later stage replaces it. What is kept is never taken back by deleting it.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

TIES = f"""
CREATE FUNCTION agencies_named(p_reference text) RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT NULL::uuid WHERE false
$$;
REVOKE ALL ON FUNCTION agencies_named(text) FROM PUBLIC;

CREATE FUNCTION agencies_tie(p_membership uuid, p_reference text, p_why text, p_by uuid) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    INSERT INTO agencies_conflictdeclared (id, membership_id, subject_id, why, declared_at, recorded_by_id)
    SELECT gen_random_uuid(), p_membership, named, p_why, access_now(), p_by FROM agencies_named(p_reference) AS named
    WHERE ctx_membership() IS NOT NULL
    ON CONFLICT (membership_id, subject_id) DO NOTHING
$$;

CREATE FUNCTION agencies_block(p_reference text, p_agency uuid, p_membership uuid) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    INSERT INTO agencies_subjectblock (id, subject_id, agency_id, membership_id, asked_at)
    SELECT gen_random_uuid(), named, p_agency, p_membership, access_now() FROM agencies_named(p_reference) AS named
    WHERE ctx_membership() IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM agencies_subjectblock b WHERE b.subject_id = named AND b.lifted_at IS NULL
          AND b.agency_id IS NOT DISTINCT FROM p_agency AND b.membership_id IS NOT DISTINCT FROM p_membership)
$$;
REVOKE ALL ON FUNCTION agencies_tie(uuid, text, text, uuid), agencies_block(text, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_tie(uuid, text, text, uuid), agencies_block(text, uuid, uuid) TO wb_app;
REVOKE UPDATE, DELETE, TRUNCATE ON agencies_conflictdeclared FROM wb_app;
REVOKE DELETE, TRUNCATE ON agencies_subjectblock, agencies_secondyes FROM wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("agencies", "0005_second_yes"), ("access", "0003_only_our_own_processes")]

    operations = [migrations.RunSQL(TIES, migrations.RunSQL.noop)]
