"""What may go into a pack, to whoever may send it: the columns that are named, of somebody whom the sender works with.

Whoever prepares a referral or answers an investigation reads nobody's record for that purpose, and still sees exactly
what they send. A row policy knows no columns, so this is a function and no policy.
"""

from django.db import migrations

PACKED = """
CREATE FUNCTION sharing_to_pack(
    p_person uuid, p_to uuid, p_table text, p_projection text, p_basis text, p_columns text[]
) RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE home uuid := ctx_agency(); kind text; about text; shown text;
BEGIN
    SELECT k.class, k.about INTO kind, about FROM (VALUES
        ('survivors_person', 'person_ref', 'id'), ('survivors_personrole', 'person_ref', 'person_id'),
        ('survivors_identity', 'identity', 'person_id'), ('survivors_careflag', 'health', 'person_id'),
        ('survivors_clinicalnote', 'health', 'person_id'), ('survivors_note', 'support', 'person_id')
    ) AS k (name, class, about) WHERE k.name = p_table;
    IF kind IS NULL OR NOT EXISTS (
            SELECT 1 FROM unnest(ctx_grants()) g WHERE split_part(g, '/', 2) = kind AND split_part(g, '/', 3) = 'D')
       OR NOT (kind = 'health' AND fact_clinical() AND p_person = ANY (ARRAY(SELECT fact_assigned()))
               OR kind <> 'health' AND fact_step_up() AND p_person = ANY (ARRAY(SELECT fact_same_centre())))
       OR p_to <> ALL (ARRAY(SELECT fact_agreement(kind, p_projection))) OR p_to = home
       OR NOT EXISTS (SELECT 1 FROM sharing_outsider o WHERE o.id = p_to AND o.agency_id = home
                      AND o.checked_at IS NOT NULL AND o.ended_at IS NULL)
       OR sharing_ground(p_person, p_to, kind, p_basis) IS NULL
       OR p_person = ANY (ARRAY(SELECT fact_conflict() UNION ALL SELECT fact_subject_block()))
    THEN
        RETURN;
    END IF;
    SELECT string_agg(quote_ident(a.attname), ', ') INTO shown FROM pg_attribute a
    WHERE a.attrelid = to_regclass('public.' || quote_ident(p_table)) AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname = ANY (p_columns || ARRAY['id', 'controller_id', 'version']);
    RETURN QUERY EXECUTE format(
        'SELECT to_jsonb(t)::text FROM (SELECT %s FROM public.%I WHERE %I = $1 AND controller_id = $2 ORDER BY id LIMIT 100) t',
        shown, p_table, about) USING p_person, home;
END $$;
REVOKE ALL ON FUNCTION sharing_to_pack(uuid, uuid, text, text, text, text[]) FROM PUBLIC;
ALTER FUNCTION sharing_to_pack(uuid, uuid, text, text, text, text[]) OWNER TO wb_search;
GRANT EXECUTE ON FUNCTION sharing_to_pack(uuid, uuid, text, text, text, text[]) TO wb_app;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0027_who_takes_which_step_of_the_notice")]

    operations = [migrations.RunSQL(PACKED, "DROP FUNCTION sharing_to_pack(uuid, uuid, text, text, text, text[])")]
