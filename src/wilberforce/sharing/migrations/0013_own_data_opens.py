"""A person's own data opens to their agency's guardian once who they are was checked, until they have it."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
OPENS = f"""
CREATE FUNCTION sharing_access_subject() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    -- an unknown reference, or one that two agencies use, is about nobody
    SELECT (array_agg(p.id))[1] INTO NEW.person_id FROM survivors_person p
    WHERE p.reference = NEW.reference HAVING count(*) = 1;
    NEW.person_id := coalesce(NEW.person_id, gen_random_uuid());
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_access_subject() OWNER TO wb_search;
CREATE TRIGGER sharing_access_subject BEFORE INSERT ON sharing_accessrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_access_subject();

CREATE OR REPLACE FUNCTION fact_sar_open() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT r.person_id FROM sharing_accessrequest r
    WHERE r.agency_id = ctx_agency() AND ctx_role() = 'data_guardian'
      AND r.verified_at IS NOT NULL AND r.closed_at IS NULL
$$;
GRANT SELECT ON sharing_accessrequest TO wb_search;
ALTER FUNCTION fact_sar_open() OWNER TO wb_search;

ALTER TABLE sharing_accessrequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_accessrequest FORCE ROW LEVEL SECURITY;
CREATE POLICY guards ON sharing_accessrequest
    USING (agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian');
CREATE POLICY receives ON sharing_accessrequest AS RESTRICTIVE FOR INSERT WITH CHECK (
    received_by = (SELECT ctx_membership()) AND verified_at IS NULL AND closed_at IS NULL);
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_accessrequest FROM wb_app;
GRANT UPDATE (verified_by, verified_at, verified_how, left_out, way, closed_at, closed_by)
    ON sharing_accessrequest TO wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholder comes back by migrating ``access`` anew."""

    dependencies = [("sharing", "0012_access_requests"), ("survivors", "0002_facts"), ("access", "0002_context")]

    operations = [migrations.RunSQL(OPENS)]
