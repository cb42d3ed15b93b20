"""Into a pack go columns of what the agreement is about: one about what a home needs packs no other need of theirs."""

from django.db import migrations

PACKED = """
CREATE OR REPLACE FUNCTION sharing_to_pack(
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
{only}    SELECT string_agg(quote_ident(a.attname), ', ') INTO shown FROM pg_attribute a
    WHERE a.attrelid = to_regclass('public.' || quote_ident(p_table)) AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname = ANY (p_columns || ARRAY['id', 'controller_id', 'version']);
    RETURN QUERY EXECUTE format(
        'SELECT to_jsonb(t)::text FROM (SELECT %s FROM public.%I WHERE %I = $1 AND controller_id = $2 ORDER BY id LIMIT 100) t',
        shown, p_table, about) USING p_person, home;
END $$;
"""
ONLY = """    -- of a kind that is shared by named columns, those; of a whole class, any
    IF p_projection <> '' AND NOT EXISTS (
        SELECT 1 FROM (VALUES
            ('survivors_person', 'housing_need',
             '{reference,languages,household_size,access_needs,avoid_area_id}'::text[]),
            ('survivors_person', 'safeguarding_alert',
             '{reference,age,languages,interpreter,interpreter_gender,needs}'),
            ('survivors_identity', 'claim_min',
             '{given_names,family_name,date_of_birth,national_insurance,care_of}'),
            ('survivors_identity', 'safeguarding_alert',
             '{given_names,family_name,also_known_as,date_of_birth,stated_age,age_confidence,sex}'),
            ('survivors_careflag', 'care_needs', '{kind,detail,ended_at}'),
            ('survivors_careflag', 'nrm_health', '{kind,detail,ended_at}'),
            ('survivors_careflag', 'requested_material', '{kind,detail,ended_at}'),
            ('survivors_clinicalnote', 'requested_material', '{text,counselling}'),
            ('survivors_note', 'requested_material', '{text,counselling}')
        ) AS may (name, projection, columns)
        WHERE may.name = p_table AND may.projection = p_projection AND p_columns <@ may.columns)
    THEN
        RETURN;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0037_a_pack_is_of_today")]

    operations = [migrations.RunSQL(PACKED.format(only=ONLY), PACKED.format(only=""))]
