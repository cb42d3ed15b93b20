"""Whoever works for two agencies is never their own second: not for an emergency, an agreement or what they let go.

The triggers compared memberships, so that a commander with a seat at the charity answered their own call for a safe
address, and a guardian of two agencies signed for both sides.
"""

from django.db import migrations

TRIGGER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"

EMERGENCIES = f"""
CREATE OR REPLACE FUNCTION sharing_same_command(p_membership uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- whoever commands or works in an operation that the other one commands or works in is of the same command
    WITH works AS (
        SELECT c.operation_id, m.user_id FROM operations_command c
        JOIN agencies_membership m ON m.id = c.membership_id WHERE c.until IS NULL
        UNION SELECT r.operation_id, m.user_id FROM operations_roster r
        JOIN agencies_membership m ON m.id = r.membership_id WHERE r.until IS NULL
    ), two AS (
        SELECT (SELECT m.user_id FROM agencies_membership m WHERE m.id = p_membership) AS other,
               (SELECT m.user_id FROM agencies_membership m WHERE m.id = ctx_membership()) AS mine)
    SELECT two.other = two.mine OR EXISTS (SELECT 1 FROM works a JOIN works b USING (operation_id)
        WHERE a.user_id = two.other AND b.user_id = two.mine) FROM two
$$;
GRANT SELECT (id, user_id) ON agencies_membership TO wb_search;

CREATE OR REPLACE FUNCTION sharing_emergency_answered() RETURNS trigger {TRIGGER} AS $$
DECLARE
    me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role();
    seats uuid[] := ARRAY(SELECT agencies_my_seats());
BEGIN
    IF OLD.membership_id = ANY (seats)
       OR (NEW.peer_by, NEW.peer_said, NEW.peer_at) IS DISTINCT FROM (OLD.peer_by, OLD.peer_said, OLD.peer_at)
            AND (OLD.peer_by IS NOT NULL OR NEW.peer_by IS DISTINCT FROM me
            OR home <> OLD.holder_id OR home = OLD.agency_id
            OR held NOT IN ('reception_manager', 'safeguarding_lead', 'emergency_duty'))
       OR (NEW.second_by, NEW.second_at) IS DISTINCT FROM (OLD.second_by, OLD.second_at)
            AND (OLD.second_by IS NOT NULL OR NEW.second_by IS DISTINCT FROM me
            OR ctx_kind() <> 'police' OR held NOT IN ('op_commander', 'review_officer') OR OLD.peer_by IS NOT NULL
            OR sharing_same_command(OLD.membership_id))
       OR (NEW.own_review_by, NEW.own_review, NEW.own_review_at)
            IS DISTINCT FROM (OLD.own_review_by, OLD.own_review, OLD.own_review_at)
            AND (OLD.own_review_by IS NOT NULL OR OLD.holder_review_by = ANY (seats)
            OR NEW.own_review_by IS DISTINCT FROM me OR home <> OLD.agency_id OR held <> 'data_guardian')
       OR (NEW.holder_review_by, NEW.holder_review, NEW.holder_review_at)
            IS DISTINCT FROM (OLD.holder_review_by, OLD.holder_review, OLD.holder_review_at)
            AND (OLD.holder_review_by IS NOT NULL OR OLD.own_review_by = ANY (seats)
            OR NEW.holder_review_by IS DISTINCT FROM me OR home <> OLD.holder_id OR held <> 'data_guardian')
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else answers this';
    END IF;
    RETURN NEW;
END $$;
"""

DISCLOSURES = f"""
CREATE OR REPLACE FUNCTION sharing_pending(p_only uuid) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
SET plan_cache_mode = force_custom_plan AS $$
DECLARE home uuid := ctx_agency(); seats uuid[] := ARRAY(SELECT agencies_my_seats());
BEGIN
    RETURN QUERY SELECT d.id FROM sharing_disclosure d
    WHERE (p_only IS NULL OR d.id = p_only) AND d.from_agency_id = home AND d.initiated_by <> ALL (seats)
      AND d.approved_at IS NULL AND d.refused_at IS NULL AND d.recalled_at IS NULL;
END $$;

CREATE OR REPLACE FUNCTION sharing_goes_on() RETURNS trigger {TRIGGER} AS $$
DECLARE me uuid := ctx_membership(); guards boolean := ctx_role() = 'data_guardian';
BEGIN
    IF (NEW.approved_by, NEW.approved_at, NEW.completed_at, NEW.refused_at)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.completed_at, OLD.refused_at)
            AND (NOT guards OR NOT fact_step_up() OR OLD.initiated_by = ANY (ARRAY(SELECT agencies_my_seats()))
                 OR OLD.approved_at IS NOT NULL OR OLD.refused_at IS NOT NULL OR OLD.recalled_at IS NOT NULL
                 OR NEW.approved_at IS NOT NULL AND NEW.approved_by IS DISTINCT FROM me
                 OR NEW.completed_at IS DISTINCT FROM OLD.completed_at
                    AND (OLD.completed_at IS NOT NULL OR NEW.approved_at IS NULL))
       OR NEW.recalled_at IS DISTINCT FROM OLD.recalled_at
            AND (OLD.recalled_at IS NOT NULL OR NOT guards AND OLD.initiated_by IS DISTINCT FROM me)
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else does this';
    END IF;
    RETURN NEW;
END $$;
"""

AGREEMENTS = f"""
CREATE OR REPLACE FUNCTION sharing_signed() RETURNS trigger {TRIGGER} AS $$
DECLARE
    me uuid := ctx_membership(); home uuid := ctx_agency(); seats uuid[] := ARRAY(SELECT agencies_my_seats());
    corrected boolean := (NEW.basis, NEW.dpia_ref, NEW.starts, NEW.ends)
        IS DISTINCT FROM (OLD.basis, OLD.dpia_ref, OLD.starts, OLD.ends);
BEGIN
    -- its terms are corrected by whoever wrote them, before both have signed, and nobody's signature outlives that
    IF corrected AND (home <> OLD.from_agency_id OR OLD.follows_id IS NOT NULL OR OLD.ended_at IS NOT NULL
            OR OLD.signed_by_from IS NOT NULL AND OLD.signed_by_to IS NOT NULL
            OR NEW.signed_by_from IS NOT NULL OR NEW.signed_by_to IS NOT NULL)
       OR NEW.signed_by_from IS DISTINCT FROM OLD.signed_by_from AND NOT corrected
            AND (OLD.signed_by_from IS NOT NULL OR home <> OLD.from_agency_id OR NEW.signed_by_from IS DISTINCT FROM me
                 OR OLD.signed_by_to = ANY (seats))
       OR NEW.signed_by_to IS DISTINCT FROM OLD.signed_by_to AND NOT corrected AND (OLD.signed_by_to IS NOT NULL OR NOT (
            home = OLD.to_agency_id AND NEW.signed_by_to = me AND coalesce(OLD.signed_by_from <> ALL (seats), true)
            OR home = OLD.from_agency_id AND NEW.signed_by_to = OLD.to_agency_id AND EXISTS (
                SELECT 1 FROM sharing_outsider o WHERE o.id = OLD.to_agency_id AND o.agency_id = home)))
       OR NEW.ended_at IS DISTINCT FROM OLD.ended_at AND OLD.ended_at IS NOT NULL
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else does this';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the weaker triggers come back by migrating ``sharing`` anew."""

    dependencies = [
        ("sharing", "0039_what_rests_on_an_answer"),
        ("agencies", "0020_one_person_in_two_agencies"),
    ]

    operations = [migrations.RunSQL(EMERGENCIES), migrations.RunSQL(DISCLOSURES), migrations.RunSQL(AGREEMENTS)]
