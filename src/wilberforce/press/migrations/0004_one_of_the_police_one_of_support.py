"""One yes of the force that wrote it and one of support: two forces together do not let a bulletin out."""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

RULE = f"""
CREATE OR REPLACE FUNCTION press_pending() RETURNS SETOF uuid {DEFINER} AS $$
    -- sent for approval, not out, not yet answered by this person in this version; another force's is none of ours
    SELECT b.id FROM press_bulletin b
    WHERE b.submitted_at IS NOT NULL AND b.released_at IS NULL AND b.withdrawn_at IS NULL
      AND (ctx_kind() <> 'police' OR b.controller_id = ctx_agency())
      AND NOT EXISTS (SELECT 1 FROM press_approval a
                      WHERE a.bulletin_id = b.id AND a.bulletin_version = b.version
                        AND a.membership_id = ctx_membership())
$$;

CREATE OR REPLACE FUNCTION press_let_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE press_bulletin b SET released_at = greatest(access_now(), b.embargo_until)
    WHERE b.id = NEW.bulletin_id AND b.version = NEW.bulletin_version AND b.released_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM press_approval n
                      WHERE n.bulletin_id = b.id AND n.bulletin_version = b.version AND NOT n.yes)
      AND (SELECT count(DISTINCT g.kind) >= 2 AND count(DISTINCT y.membership_id) >= 2
           FROM press_approval y JOIN agencies_agency g ON g.id = y.controller_id
           WHERE y.bulletin_id = b.id AND y.bulletin_version = b.version AND y.yes);
    RETURN NULL;
END $$;
GRANT SELECT (id, kind) ON agencies_agency TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``press`` anew."""

    dependencies = [
        ("press", "0003_what_waits_for_an_approver"),
        ("agencies", "0002_who_is_at_the_screen"),
    ]

    operations = [migrations.RunSQL(RULE)]
