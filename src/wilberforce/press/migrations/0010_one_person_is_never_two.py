"""Whoever cut, wrote or answered for one agency does not answer for the other one that they work for too."""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

RULE = f"""
CREATE OR REPLACE FUNCTION press_not_mine() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT id FROM press_bulletin WHERE NOT ARRAY[drafted_by, cut_by] && ARRAY(SELECT agencies_my_seats())
$$;

CREATE OR REPLACE FUNCTION press_pending() RETURNS SETOF uuid {DEFINER} AS $$
    -- sent for approval, not out, not yet answered by this person in this version; another force's is none of ours
    SELECT b.id FROM press_bulletin b
    WHERE b.submitted_at IS NOT NULL AND b.released_at IS NULL AND b.withdrawn_at IS NULL
      AND (ctx_kind() <> 'police' OR b.controller_id = ctx_agency())
      AND NOT EXISTS (SELECT 1 FROM press_approval a
                      WHERE a.bulletin_id = b.id AND a.bulletin_version = b.version
                        AND a.membership_id = ANY (ARRAY(SELECT agencies_my_seats())))
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: what it replaces comes back by migrating ``press`` anew."""

    dependencies = [
        ("press", "0009_facts_are_taken_back"),
        ("agencies", "0020_one_person_in_two_agencies"),
    ]

    operations = [migrations.RunSQL(RULE)]
