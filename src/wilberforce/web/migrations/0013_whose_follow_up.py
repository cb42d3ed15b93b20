"""A follow-up that is due leads whoever may not open it to the page that says who may."""

from django.db import migrations

ELSEWHERE = """
CREATE FUNCTION web_follow_ups_elsewhere(p_due uuid[]) RETURNS TABLE (follow_up uuid, centre uuid, closed boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY
    SELECT f.id, c.id, c.closed_at IS NOT NULL FROM reception_followup f JOIN reception_centre c ON c.id = f.centre_id
    WHERE f.id = ANY (p_due) AND c.controller_id = ctx_agency() AND 'reception_manager' = ANY (ctx_roles())
      AND NOT EXISTS (
          SELECT 1 FROM reception_centreroster r
          WHERE r.centre_id = c.id AND r.membership_id = ctx_membership() AND r.until IS NULL);
END $$;
ALTER FUNCTION web_follow_ups_elsewhere(uuid[]) OWNER TO wb_search;
GRANT SELECT ON reception_followup, reception_centre, reception_centreroster TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("web", "0012_waiting_for_a_key")]

    operations = [migrations.RunSQL(ELSEWHERE, "DROP FUNCTION web_follow_ups_elsewhere(uuid[])")]
