"""Who asks is looked up once, not for each disclosure, and an index finds those that are open; what the two functions
say stays."""

from django.db import migrations, models

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
DISCLOSED = f"""
CREATE OR REPLACE FUNCTION fact_disclosed(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE me uuid := ctx_agency(); why text := ctx_purpose(); now_ timestamptz := access_now();
BEGIN
    RETURN QUERY SELECT d.subject_id FROM sharing_disclosure d
    WHERE d.to_agency_id = me AND d.data_class = p_class AND d.projection = p_projection
      AND d.purpose = why AND d.completed_at <= now_ AND d.recalled_at IS NULL
      AND (d.expires_at IS NULL OR d.expires_at > now_)
      AND (d.basis <> 'consent' OR d.answer_id IS NULL OR EXISTS (
            SELECT 1 FROM survivors_answer a
            WHERE a.id = d.answer_id AND (a.expires_at IS NULL OR a.expires_at > now_)));
END $$;
"""
PENDING = f"""
CREATE OR REPLACE FUNCTION sharing_pending() RETURNS SETOF uuid LANGUAGE plpgsql STABLE {DEFINER} AS $$
DECLARE home uuid := ctx_agency(); me uuid := ctx_membership();
BEGIN
    RETURN QUERY SELECT d.id FROM sharing_disclosure d
    WHERE d.from_agency_id = home AND d.initiated_by <> me
      AND d.approved_at IS NULL AND d.refused_at IS NULL AND d.recalled_at IS NULL;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the facts come back by migrating ``access`` anew."""

    dependencies = [("sharing", "0019_what_would_go"), ("web", "0009_facts_keep_their_plans")]

    operations = [
        migrations.RemoveIndex("disclosure", "disclosure_to"),
        migrations.AddIndex(
            "disclosure",
            models.Index(
                "to_agency_id",
                "data_class",
                "projection",
                "purpose",
                "expires_at",
                condition=models.Q(recalled_at=None),
                name="disclosure_open_to",
            ),
        ),
        migrations.RunSQL(DISCLOSED, migrations.RunSQL.noop),
        migrations.RunSQL(PENDING, migrations.RunSQL.noop),
    ]
