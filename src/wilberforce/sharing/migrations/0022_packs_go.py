"""The machine alone destroys the bytes of a pack whose time is over."""

from django.db import migrations

DROP = """
CREATE FUNCTION sharing_drop_packs()
RETURNS TABLE (disclosure_id uuid, subject_id uuid, agency_id uuid, data_class text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF ctx_role() IS DISTINCT FROM 'system' THEN
        RETURN;
    END IF;
    RETURN QUERY
    UPDATE sharing_pack p SET payload = ''::bytea FROM sharing_disclosure d
    WHERE d.id = p.disclosure_id AND p.payload <> ''::bytea
      AND least(coalesce(p.over_at, p.made_at + interval '14 days'), d.expires_at) <= access_now()
    RETURNING d.id, d.subject_id, p.agency_id, d.data_class::text;
END $$;
REVOKE ALL ON FUNCTION sharing_drop_packs() FROM PUBLIC;
ALTER FUNCTION sharing_drop_packs() OWNER TO wb_search;
GRANT EXECUTE ON FUNCTION sharing_drop_packs() TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0021_when_a_pack_is_over")]

    operations = [migrations.RunSQL(DROP, "DROP FUNCTION sharing_drop_packs()")]
