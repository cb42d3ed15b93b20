"""What was let go opens nothing once its giver no longer acts; who that is, is looked up once."""

from django.db import migrations

DISCLOSED = """
CREATE OR REPLACE FUNCTION fact_disclosed(p_class text, p_projection text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    me uuid := ctx_agency(); why text := ctx_purpose(); now_ timestamptz := access_now();
    gone uuid[] := ARRAY(SELECT sharing_acts_no_more());
BEGIN
    RETURN QUERY SELECT d.subject_id FROM sharing_disclosure d
    WHERE d.to_agency_id = me AND d.data_class = p_class AND d.projection = p_projection
      AND d.purpose = why AND d.completed_at <= now_ AND d.recalled_at IS NULL
      AND (d.expires_at IS NULL OR d.expires_at > now_) AND d.from_agency_id <> ALL (gone)
      AND (d.basis <> 'consent' OR d.answer_id IS NULL OR EXISTS (
            SELECT 1 FROM survivors_answer a
            WHERE a.id = d.answer_id AND (a.expires_at IS NULL OR a.expires_at > now_)));
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the wider fact comes back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0022_packs_go")]

    operations = [migrations.RunSQL(DISCLOSED)]
