"""Each agency sees its own outside recipients; a pack shows itself to whoever made it and to their guardian.

A yes or a law that is recorded for that kind of recipient is the ground of what goes to one of them. What is called back,
refused, withdrawn or erased empties the pack in the same transaction.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

SIDES = """
ALTER TABLE sharing_outsider ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_outsider FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON sharing_outsider FOR SELECT USING (agency_id = (SELECT ctx_agency()));
CREATE POLICY introduces ON sharing_outsider FOR INSERT WITH CHECK (
    agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian'
    AND made_by = (SELECT ctx_membership()) AND checked_at IS NULL);
CREATE POLICY guards ON sharing_outsider FOR UPDATE USING (
    agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian');
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_outsider FROM wb_app;
GRANT UPDATE (checked_by, checked_at, number_from, ended_at) ON sharing_outsider TO wb_app;
GRANT UPDATE (paper_by, paper_on) ON sharing_agreement TO wb_app;

ALTER TABLE sharing_pack ENABLE ROW LEVEL SECURITY;
ALTER TABLE sharing_pack FORCE ROW LEVEL SECURITY;
CREATE POLICY sides ON sharing_pack USING (
    agency_id = (SELECT ctx_agency())
    AND (made_by = (SELECT ctx_membership()) OR (SELECT ctx_role()) = 'data_guardian'));
CREATE POLICY begins ON sharing_pack AS RESTRICTIVE FOR INSERT WITH CHECK (
    made_by = (SELECT ctx_membership()) AND taken_at IS NULL AND told_at IS NULL AND gone_at IS NULL);
REVOKE UPDATE, DELETE, TRUNCATE ON sharing_pack FROM wb_app;
GRANT UPDATE (payload, taken_at, handed_at, told_at, told_by, gone, gone_at, gone_by) ON sharing_pack TO wb_app;
GRANT SELECT ON sharing_outsider, sharing_pack TO wb_search;
GRANT UPDATE (payload) ON sharing_pack TO wb_search;
"""

EMPTIED = f"""
CREATE FUNCTION sharing_pack_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- what the second person saw is what goes: the bytes may go away, never change
    IF NEW.payload <> OLD.payload AND NEW.payload <> ''::bytea THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: a pack is emptied, never changed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_pack_only_emptied BEFORE UPDATE OF payload ON sharing_pack
    FOR EACH ROW EXECUTE FUNCTION sharing_pack_only_emptied();

CREATE FUNCTION sharing_pack_stopped() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    UPDATE sharing_pack SET payload = ''::bytea WHERE disclosure_id = NEW.id;
    RETURN NULL;
END $$;
ALTER FUNCTION sharing_pack_stopped() OWNER TO wb_search;
CREATE TRIGGER sharing_pack_stopped AFTER UPDATE ON sharing_disclosure FOR EACH ROW
    WHEN (NEW.payload_digest <> '' AND (NEW.recalled_at IS NOT NULL OR NEW.refused_at IS NOT NULL))
    EXECUTE FUNCTION sharing_pack_stopped();

CREATE FUNCTION sharing_pack_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    UPDATE sharing_pack SET payload = ''::bytea WHERE disclosure_id IN (
        SELECT d.id FROM sharing_disclosure d WHERE d.subject_id = OLD.id AND d.payload_digest <> '');
    RETURN NULL;
END $$;
ALTER FUNCTION sharing_pack_erased() OWNER TO wb_search;
CREATE TRIGGER sharing_pack_erased AFTER DELETE ON survivors_person
    FOR EACH ROW EXECUTE FUNCTION sharing_pack_erased();
"""

GROUND = f"""
CREATE OR REPLACE FUNCTION sharing_ground(p_person uuid, p_to uuid, p_class text, p_basis text) RETURNS uuid
LANGUAGE sql STABLE {DEFINER} AS $$
    -- the latest yes to exactly this recipient for this class and purpose, or the law recorded for them;
    -- an outside recipient is known to the person by its kind
    WITH whom AS (
        SELECT o.code FROM sharing_outsider o WHERE o.id = p_to AND o.agency_id = ctx_agency()
    )
    SELECT found.id FROM (
        SELECT a.id FROM survivors_answer a JOIN survivors_person p ON p.id = a.person_id
        WHERE p_basis = 'consent' AND a.person_id = p_person AND a.about_class = p_class
          AND (a.recipient_id = p_to OR a.recipient_code IN (SELECT code FROM whom))
          AND a.purpose = ctx_purpose() AND a.answer = 'given' AND a.controller_id = ctx_agency()
          AND (a.expires_at IS NULL OR a.expires_at > access_now()) AND a.language = ANY (p.languages)
          AND NOT EXISTS (
            SELECT 1 FROM survivors_answer later
            WHERE later.person_id = a.person_id AND later.purpose = a.purpose AND later.about_class = a.about_class
              AND later.recipient_id IS NOT DISTINCT FROM a.recipient_id AND later.recipient_code = a.recipient_code
              AND (later.recorded_at, later.id) > (a.recorded_at, a.id))
        UNION ALL
        SELECT b.id FROM survivors_legalbasis b
        WHERE b.person_id = p_person AND b.basis = p_basis AND p_class = ANY (b.about_classes)
          AND (b.recipient_id = p_to OR b.recipient_code IN (SELECT code FROM whom))
          AND b.controller_id = ctx_agency() AND (b.ends_at IS NULL OR b.ends_at > access_now())
    ) found LIMIT 1
$$;
"""

STOP = f"""
CREATE OR REPLACE FUNCTION sharing_stop(p_answer uuid) RETURNS TABLE (subject uuid, agency_id uuid, recipient_id uuid)
LANGUAGE sql {DEFINER} AS $$
    -- only what the actor themselves has just written down as taken back
    WITH back AS (
        SELECT * FROM survivors_answer w
        WHERE w.id = p_answer AND w.answer = 'withdrawn' AND w.recorded_by = ctx_membership()
    ), stopped AS (
        UPDATE sharing_disclosure d SET withdrawn_at = access_now(), recalled_at = access_now()
        FROM back w JOIN survivors_answer yes ON yes.person_id = w.person_id AND yes.about_class = w.about_class
          AND yes.purpose = w.purpose AND yes.recipient_id IS NOT DISTINCT FROM w.recipient_id
          AND yes.recipient_code = w.recipient_code
        WHERE d.answer_id = yes.id AND d.basis = 'consent' AND d.recalled_at IS NULL AND d.refused_at IS NULL
        RETURNING d.id, d.from_agency_id, d.to_agency_id, d.completed_at, d.payload_digest
    )
    SELECT s.id, CASE WHEN s.completed_at IS NOT NULL
                      THEN CASE WHEN s.payload_digest <> '' THEN s.from_agency_id ELSE s.to_agency_id END END,
           s.to_agency_id
    FROM stopped s
    -- of somebody without a sign-in our own guardian tells the holder, once
    UNION ALL SELECT w.id, ctx_agency(), NULL FROM back w
    WHERE w.recipient_code <> '' AND NOT EXISTS (SELECT 1 FROM stopped)
$$;

CREATE OR REPLACE FUNCTION sharing_rests_on(p_answer uuid)
RETURNS TABLE (agency text, data_class text, projection text, completed_at timestamptz)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT coalesce(a.name, o.name)::text, d.data_class::text, d.projection::text, d.completed_at
    FROM sharing_disclosure d LEFT JOIN agencies_agency a ON a.id = d.to_agency_id
    LEFT JOIN sharing_outsider o ON o.id = d.to_agency_id
    JOIN survivors_answer yes ON yes.id = d.answer_id
    WHERE yes.id = p_answer AND d.basis = 'consent' AND d.from_agency_id = ctx_agency()
      AND d.completed_at IS NOT NULL AND d.recalled_at IS NULL
    ORDER BY d.completed_at
$$;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the earlier functions come back by migrating ``sharing`` anew."""

    dependencies = [("sharing", "0014_recipients_without_a_sign_in"), ("survivors", "0002_facts")]

    operations = [migrations.RunSQL(sql) for sql in (SIDES, EMPTIED, GROUND, STOP)]
