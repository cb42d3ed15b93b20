"""A yes that is taken back stops each disclosure that rests on it in the same transaction, whoever gave and whoever holds
it; one that has lapsed opens nothing any more. The answer's own id is asked for, so a new yes revives nothing."""

from django.db import migrations, models

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

STOP = f"""
CREATE FUNCTION sharing_stop(p_answer uuid) RETURNS TABLE (subject uuid, agency_id uuid, recipient_id uuid)
LANGUAGE sql {DEFINER} AS $$
    -- only what the actor themselves has just written down as taken back
    WITH back AS (
        SELECT * FROM survivors_answer w WHERE w.id = p_answer AND w.answer = 'withdrawn' AND w.recorded_by = ctx_membership()
    ), stopped AS (
        UPDATE sharing_disclosure d SET withdrawn_at = access_now(), recalled_at = access_now()
        FROM back w JOIN survivors_answer yes ON yes.person_id = w.person_id AND yes.about_class = w.about_class
          AND yes.purpose = w.purpose AND yes.recipient_id = w.recipient_id
        WHERE d.answer_id = yes.id AND d.basis = 'consent' AND d.recalled_at IS NULL AND d.refused_at IS NULL
        RETURNING d.id, d.to_agency_id, d.completed_at
    )
    SELECT s.id, CASE WHEN s.completed_at IS NOT NULL THEN s.to_agency_id END, s.to_agency_id FROM stopped s
    UNION ALL SELECT w.id, ctx_agency(), NULL FROM back w WHERE w.recipient_code <> ''
$$;

CREATE FUNCTION sharing_rests_on(p_answer uuid)
RETURNS TABLE (agency text, data_class text, projection text, completed_at timestamptz)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT a.name::text, d.data_class::text, d.projection::text, d.completed_at
    FROM sharing_disclosure d JOIN agencies_agency a ON a.id = d.to_agency_id
    JOIN survivors_answer yes ON yes.id = d.answer_id
    WHERE yes.id = p_answer AND d.basis = 'consent' AND d.from_agency_id = ctx_agency()
      AND d.completed_at IS NOT NULL AND d.recalled_at IS NULL
    ORDER BY d.completed_at
$$;
REVOKE ALL ON FUNCTION sharing_stop(uuid), sharing_rests_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sharing_stop(uuid), sharing_rests_on(uuid) TO wb_app;
GRANT SELECT ON agencies_agency TO wb_search;
GRANT UPDATE (withdrawn_at, recalled_at) ON sharing_disclosure TO wb_search;
ALTER FUNCTION sharing_stop(uuid) OWNER TO wb_search;
ALTER FUNCTION sharing_rests_on(uuid) OWNER TO wb_search;
"""

DISCLOSED = f"""
CREATE OR REPLACE FUNCTION fact_disclosed(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT d.subject_id FROM sharing_disclosure d
    WHERE d.to_agency_id = ctx_agency() AND d.data_class = p_class AND d.projection = p_projection
      AND d.purpose = ctx_purpose() AND d.completed_at <= access_now() AND d.recalled_at IS NULL
      AND (d.expires_at IS NULL OR d.expires_at > access_now())
      AND (d.basis <> 'consent' OR d.answer_id IS NULL OR EXISTS (
            SELECT 1 FROM survivors_answer a
            WHERE a.id = d.answer_id AND (a.expires_at IS NULL OR a.expires_at > access_now())))
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the facts come back by migrating ``access`` anew."""

    dependencies = [("sharing", "0005_emergency_facts"), ("survivors", "0002_facts")]

    operations = [
        migrations.AddField(
            model_name="disclosure",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, help_text="the person took their yes back", null=True),
        ),
        migrations.RunSQL(STOP, migrations.RunSQL.noop),
        migrations.RunSQL(DISCLOSED, migrations.RunSQL.noop),
    ]
