"""What was begun under an agreement and on a law goes only while both still stand when the second person says yes.

Only the beginning asked. A guardian who answered a day after the agreement had ended let it go all the same.
"""

from django.db import migrations

FOUNDED = """
CREATE FUNCTION sharing_lacks(p_disclosure uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- a yes of the person's that is taken back calls it back by itself, and one that is over opens nothing
    SELECT CASE
        WHEN d.at_once OR d.projection = 'request_letter' THEN ''
        WHEN NOT EXISTS (
            SELECT 1 FROM sharing_agreement a
            WHERE a.from_agency_id = d.from_agency_id AND a.to_agency_id = d.to_agency_id
              AND a.data_class = d.data_class AND a.purpose = d.purpose
              AND a.signed_by_from IS NOT NULL AND a.signed_by_to IS NOT NULL AND a.ended_at IS NULL
              AND (access_now() AT TIME ZONE 'Europe/London')::date BETWEEN a.starts AND coalesce(a.ends, 'infinity')
              AND ('all' = ANY (a.fields) OR split_part(d.projection, '.', 1) = ANY (a.fields))
              AND a.from_agency_id <> ALL (ARRAY(SELECT sharing_acts_no_more()))
              AND a.to_agency_id <> ALL (ARRAY(SELECT sharing_acts_no_more()))) THEN 'agreement'
        WHEN d.basis <> 'consent' AND d.data_class IN ('person_ref', 'identity', 'health', 'support')
            AND sharing_ground(d.subject_id, d.to_agency_id, d.data_class, d.basis) IS NULL THEN 'law'
        ELSE '' END
    FROM sharing_disclosure d
    WHERE d.id = p_disclosure AND d.from_agency_id = ctx_agency() AND ctx_role() = 'data_guardian'
$$;
ALTER FUNCTION sharing_lacks(uuid) OWNER TO wb_search;
REVOKE ALL ON FUNCTION sharing_lacks(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_lacks(uuid) TO wb_app;

CREATE FUNCTION sharing_founded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF sharing_lacks(NEW.id) IS DISTINCT FROM '' THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: what it rests on is over';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_founded() OWNER TO wb_search;
CREATE TRIGGER sharing_rests_on_it BEFORE UPDATE OF completed_at ON sharing_disclosure
    FOR EACH ROW WHEN (OLD.completed_at IS NULL AND NEW.completed_at IS NOT NULL) EXECUTE FUNCTION sharing_founded();
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0040_one_person_is_never_two")]

    operations = [
        migrations.RunSQL(
            FOUNDED,
            "DROP TRIGGER sharing_rests_on_it ON sharing_disclosure; DROP FUNCTION sharing_founded();"
            " DROP FUNCTION sharing_lacks(uuid);",
        )
    ]
