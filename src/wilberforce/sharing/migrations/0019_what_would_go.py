"""What would go between two agencies, to the second person alone: the columns that were named, of the records that were
chosen, while it waits for their answer. A row policy knows no columns, so this is a function and no policy."""

from django.db import migrations

OUTGOING = """
CREATE FUNCTION sharing_outgoing(p_disclosure uuid, p_table text, p_columns text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE one sharing_disclosure; about text; chosen uuid[]; shown text;
BEGIN
    SELECT d.* INTO one FROM sharing_disclosure d
    WHERE d.id = p_disclosure AND d.id = ANY (ARRAY(SELECT sharing_pending()))
      AND d.payload_digest = '' AND ctx_role() = 'data_guardian' AND fact_step_up()
      AND 'A47/' || d.data_class || '/A' = ANY (ctx_grants())
      AND d.subject_id <> ALL (ARRAY(SELECT fact_conflict() UNION ALL SELECT fact_subject_block()));
    SELECT k.about INTO about FROM (VALUES
        ('survivors_person', 'person_ref', 'id'), ('survivors_personrole', 'person_ref', 'person_id'),
        ('survivors_identity', 'identity', 'person_id'), ('survivors_careflag', 'health', 'person_id'),
        ('survivors_clinicalnote', 'health', 'person_id'), ('survivors_note', 'support', 'person_id')
    ) AS k (name, class, about) WHERE k.name = p_table AND k.class = one.data_class;
    IF about IS NULL OR NOT p_columns <@ one.fields::text[] THEN
        RETURN;
    END IF;
    SELECT v.records INTO chosen FROM sharing_victimrequest v WHERE v.disclosure_id = one.id;
    SELECT string_agg(quote_ident(a.attname), ', ') INTO shown FROM pg_attribute a
    WHERE a.attrelid = to_regclass('public.' || quote_ident(p_table)) AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname = ANY (p_columns || ARRAY['id', 'controller_id', 'version']);
    RETURN QUERY EXECUTE format(
        'SELECT to_jsonb(t)::text FROM (SELECT %s FROM public.%I WHERE %I = $1 AND controller_id = $2'
        ' AND ($3 IS NULL OR id = ANY ($3)) ORDER BY id LIMIT 200) t', shown, p_table, about)
        USING one.subject_id, one.from_agency_id, chosen;
END $$;
REVOKE ALL ON FUNCTION sharing_outgoing(uuid, text, text[]) FROM PUBLIC;
ALTER FUNCTION sharing_outgoing(uuid, text, text[]) OWNER TO wb_search;
GRANT EXECUTE ON FUNCTION sharing_outgoing(uuid, text, text[]) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0018_succession"), ("survivors", "0007_said_in_counselling")]

    operations = [migrations.RunSQL(OUTGOING, "DROP FUNCTION sharing_outgoing(uuid, text, text[])")]
