"""Somebody who works for two agencies is one person: whom a record was shut to, it stays shut to in their other agency."""

from django.db import migrations

DEFINER = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

SEATS = f"""
CREATE FUNCTION agencies_my_seats() RETURNS SETOF uuid {DEFINER} AS $$
BEGIN
    -- every membership of whoever asks, those too that are over
    RETURN QUERY SELECT m.id FROM agencies_membership m
    WHERE m.user_id = (SELECT o.user_id FROM agencies_membership o WHERE o.id = ctx_membership());
END $$;

CREATE OR REPLACE FUNCTION fact_subject_block() RETURNS SETOF uuid {DEFINER} AS $$
BEGIN
    RETURN QUERY SELECT b.subject_id FROM agencies_subjectblock b
    WHERE b.lifted_at IS NULL
      AND (b.agency_id = ctx_agency() OR b.membership_id = ANY (ARRAY(SELECT agencies_my_seats())));
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the narrower block comes back by migrating ``agencies`` anew."""

    dependencies = [("agencies", "0019_an_invitation_is_withdrawn"), ("access", "0002_context")]

    operations = [migrations.RunSQL(SEATS)]
