"""What is begun, approved, signed and answered is so by whoever is at the screen, in their own role, and once.

The pages held to that; the row policies compared the agency alone, so that whoever could send statements of their own as the
application might have let something go, or signed for the other side. The database's own functions pass: they are asked first.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
REFUSE = "RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else does this'"
APP = "FOR EACH ROW WHEN (current_user = 'wb_app') EXECUTE FUNCTION"

DISCLOSURE = f"""
CREATE FUNCTION sharing_begun() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NEW.initiated_by IS DISTINCT FROM ctx_membership() OR NEW.approved_by IS NOT NULL OR NEW.approved_at IS NOT NULL
       OR NEW.refused_at IS NOT NULL OR NEW.withdrawn_at IS NOT NULL
       OR NEW.completed_at IS NOT NULL AND NOT (NEW.at_once AND NEW.projection = 'safeguarding_alert')
       OR NOT (EXISTS (SELECT 1 FROM unnest(ctx_grants()) g
                       WHERE split_part(g, '/', 2) = NEW.data_class AND split_part(g, '/', 3) = 'D')
               OR NEW.projection = 'request_letter' AND ctx_role() = 'investigator' AND NEW.payload_digest <> ''
                  AND EXISTS (SELECT 1 FROM sharing_outsider o WHERE o.id = NEW.to_agency_id AND o.agency_id = ctx_agency()))
    THEN
        {REFUSE};
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_begun() OWNER TO wb_search;
CREATE TRIGGER sharing_begun BEFORE INSERT ON sharing_disclosure {APP} sharing_begun();

CREATE FUNCTION sharing_goes_on() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); guards boolean := ctx_role() = 'data_guardian';
BEGIN
    IF (NEW.approved_by, NEW.approved_at, NEW.completed_at, NEW.refused_at)
            IS DISTINCT FROM (OLD.approved_by, OLD.approved_at, OLD.completed_at, OLD.refused_at)
            AND (NOT guards OR NOT fact_step_up() OR OLD.initiated_by = me OR OLD.approved_at IS NOT NULL
                 OR OLD.refused_at IS NOT NULL OR OLD.recalled_at IS NOT NULL
                 OR NEW.approved_at IS NOT NULL AND NEW.approved_by IS DISTINCT FROM me
                 OR NEW.completed_at IS DISTINCT FROM OLD.completed_at
                    AND (OLD.completed_at IS NOT NULL OR NEW.approved_at IS NULL))
       OR NEW.recalled_at IS DISTINCT FROM OLD.recalled_at
            AND (OLD.recalled_at IS NOT NULL OR NOT guards AND OLD.initiated_by IS DISTINCT FROM me)
    THEN
        {REFUSE};
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_goes_on() OWNER TO wb_search;
CREATE TRIGGER sharing_goes_on BEFORE UPDATE ON sharing_disclosure {APP} sharing_goes_on();
"""

REQUEST = f"""
CREATE FUNCTION sharing_asked() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency();
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.asked_by IS DISTINCT FROM me OR NEW.answered_by IS NOT NULL
            OR NEW.disclosure_id IS NOT NULL OR NEW.refused_at IS NOT NULL OR NEW.disputed_at IS NOT NULL)
       OR TG_OP = 'UPDATE' AND (
            (NEW.answered_by, NEW.disclosure_id, NEW.refused_at) IS DISTINCT FROM (OLD.answered_by, OLD.disclosure_id, OLD.refused_at)
                AND (home <> OLD.to_agency_id OR OLD.answered_by IS NOT NULL OR NEW.answered_by IS DISTINCT FROM me
                     OR NOT EXISTS (SELECT 1 FROM unnest(ctx_grants()) g
                                    WHERE split_part(g, '/', 2) = OLD.data_class AND split_part(g, '/', 3) = 'D'))
            OR NEW.disputed_at IS DISTINCT FROM OLD.disputed_at AND (home <> OLD.from_agency_id OR OLD.disputed_at IS NOT NULL))
    THEN
        {REFUSE};
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_asked() OWNER TO wb_search;
CREATE TRIGGER sharing_asked BEFORE INSERT OR UPDATE ON sharing_request {APP} sharing_asked();
"""

AGREEMENT = f"""
GRANT UPDATE (basis, dpia_ref, starts, ends) ON sharing_agreement TO wb_app;
CREATE FUNCTION sharing_signed() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE
    me uuid := ctx_membership(); home uuid := ctx_agency();
    corrected boolean := (NEW.basis, NEW.dpia_ref, NEW.starts, NEW.ends) IS DISTINCT FROM (OLD.basis, OLD.dpia_ref, OLD.starts, OLD.ends);
BEGIN
    -- its terms are corrected by whoever wrote them, before both have signed, and nobody's signature outlives that
    IF corrected AND (home <> OLD.from_agency_id OR OLD.follows_id IS NOT NULL OR OLD.ended_at IS NOT NULL
            OR OLD.signed_by_from IS NOT NULL AND OLD.signed_by_to IS NOT NULL
            OR NEW.signed_by_from IS NOT NULL OR NEW.signed_by_to IS NOT NULL)
       OR NEW.signed_by_from IS DISTINCT FROM OLD.signed_by_from AND NOT corrected
            AND (OLD.signed_by_from IS NOT NULL OR home <> OLD.from_agency_id OR NEW.signed_by_from IS DISTINCT FROM me)
       OR NEW.signed_by_to IS DISTINCT FROM OLD.signed_by_to AND NOT corrected AND (OLD.signed_by_to IS NOT NULL OR NOT (
            home = OLD.to_agency_id AND NEW.signed_by_to = me
            OR home = OLD.from_agency_id AND NEW.signed_by_to = OLD.to_agency_id AND EXISTS (
                SELECT 1 FROM sharing_outsider o WHERE o.id = OLD.to_agency_id AND o.agency_id = home)))
       OR NEW.ended_at IS DISTINCT FROM OLD.ended_at AND OLD.ended_at IS NOT NULL
    THEN
        {REFUSE};
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_signed() OWNER TO wb_search;
CREATE TRIGGER sharing_signed BEFORE UPDATE ON sharing_agreement {APP} sharing_signed();

CREATE FUNCTION sharing_written() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NEW.begun_by IS DISTINCT FROM ctx_membership() OR NEW.signed_by_from IS NOT NULL OR NEW.signed_by_to IS NOT NULL
       OR NEW.signed_at IS NOT NULL OR NEW.ended_at IS NOT NULL
       OR NEW.follows_id IS NULL AND NEW.from_agency_id IS DISTINCT FROM ctx_agency()
    THEN
        {REFUSE};
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION sharing_written() OWNER TO wb_search;
CREATE TRIGGER sharing_written BEFORE INSERT ON sharing_agreement {APP} sharing_written();
"""


class Migration(migrations.Migration):
    """Not reversible by itself, and nothing depends on its absence."""

    dependencies = [("sharing", "0030_safety_for_the_referral")]

    operations = [migrations.RunSQL(sql) for sql in (DISCLOSURE, REQUEST, AGREEMENT)]
