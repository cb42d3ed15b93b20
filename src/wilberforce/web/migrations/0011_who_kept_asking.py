"""Who could have seen somebody: also whoever asks after them once the centre has closed."""

from django.db import migrations

BEFORE = """    ) r LEFT JOIN agencies_membership m ON m.id = r.who"""
KEPT_ASKING = """        UNION ALL
        SELECT r.membership_id, NULL, 'follow_up_keeper', greatest(c.closed_at, r.recorded_at),
               least(r.until, (SELECT CASE WHEN bool_and(f.done_at IS NOT NULL) THEN max(f.done_at) END
                               FROM reception_followup f WHERE f.centre_id = c.id))
        FROM reception_centreroster r JOIN reception_centre c ON c.id = r.centre_id
        WHERE coalesce(r.until, 'infinity') > c.closed_at
          AND EXISTS (SELECT 1 FROM reception_followup f WHERE f.centre_id = c.id AND f.person_id = ANY (named))
"""
REWRITE = f"""
DO $migrate$
DECLARE told text := pg_get_functiondef('web_could_see(text)'::regprocedure);
BEGIN
    IF position($before${BEFORE}$before$ IN told) = 0 THEN RAISE 'web_could_see is not what it was'; END IF;
    EXECUTE replace(told, $before${BEFORE}$before$, $more${KEPT_ASKING}$more$ || $before${BEFORE}$before$);
END $migrate$;
GRANT SELECT ON reception_centre, reception_followup TO wb_search;
"""


class Migration(migrations.Migration):
    dependencies = [("web", "0010_copies_not_read_wait"), ("reception", "0024_somebody_keeps_asking")]

    operations = [migrations.RunSQL(REWRITE, migrations.RunSQL.noop)]
