"""What somebody answered about an emergency stands, and nobody answers in nobody's name.

The trigger compared only who answered: whoever had answered could turn their word round, and whoever broke the glass could
write a yes with no name under it. Found by walking at random through what the application's role may send.
"""

from django.db import migrations

ANSWERED = """
CREATE OR REPLACE FUNCTION sharing_emergency_answered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role();
BEGIN
    IF (NEW.peer_by, NEW.peer_said, NEW.peer_at) IS DISTINCT FROM (OLD.peer_by, OLD.peer_said, OLD.peer_at)
            AND (OLD.peer_by IS NOT NULL OR NEW.peer_by IS DISTINCT FROM me
            OR home <> OLD.holder_id OR home = OLD.agency_id
            OR held NOT IN ('reception_manager', 'safeguarding_lead', 'emergency_duty'))
       OR (NEW.second_by, NEW.second_at) IS DISTINCT FROM (OLD.second_by, OLD.second_at)
            AND (OLD.second_by IS NOT NULL OR NEW.second_by IS DISTINCT FROM me
            OR ctx_kind() <> 'police' OR held NOT IN ('op_commander', 'review_officer') OR OLD.peer_by IS NOT NULL
            OR sharing_same_command(OLD.membership_id))
       OR (NEW.own_review_by, NEW.own_review, NEW.own_review_at)
            IS DISTINCT FROM (OLD.own_review_by, OLD.own_review, OLD.own_review_at)
            AND (OLD.own_review_by IS NOT NULL
            OR NEW.own_review_by IS DISTINCT FROM me OR home <> OLD.agency_id OR held <> 'data_guardian')
       OR (NEW.holder_review_by, NEW.holder_review, NEW.holder_review_at)
            IS DISTINCT FROM (OLD.holder_review_by, OLD.holder_review, OLD.holder_review_at)
            AND (OLD.holder_review_by IS NOT NULL
            OR NEW.holder_review_by IS DISTINCT FROM me OR home <> OLD.holder_id OR held <> 'data_guardian')
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else answers this';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the weaker trigger comes back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0006_withdrawn")]

    operations = [migrations.RunSQL(ANSWERED)]
