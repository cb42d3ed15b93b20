"""Who works with a person, what the person answered, and on which law something may go.

Functions that read class tables belong to the search role; the application can't call the inner ones.
"""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

ASSIGNED = f"""
CREATE OR REPLACE FUNCTION fact_assigned() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT a.person_id FROM survivors_assignment a
    WHERE a.membership_id = ctx_membership() AND a.ended_at IS NULL
      AND a.starts <= access_now() AND a.until > access_now()
$$;

CREATE OR REPLACE FUNCTION fact_placing() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT p.person_id FROM survivors_placement p WHERE p.agency_id = ctx_agency() AND p.ended_at IS NULL
$$;
"""

ANSWERS = f"""
CREATE FUNCTION survivors_counts(p survivors_answer) RETURNS boolean {DEFINER} AS $$
    -- no later answer about the same class, recipient and purpose, whoever wrote it down
    SELECT NOT EXISTS (
        SELECT 1 FROM survivors_answer later
        WHERE later.person_id = p.person_id AND later.purpose = p.purpose AND later.about_class = p.about_class
          AND later.recipient_id IS NOT DISTINCT FROM p.recipient_id AND later.recipient_code = p.recipient_code
          AND (later.recorded_at, later.id) > (p.recorded_at, p.id))
$$;

CREATE FUNCTION survivors_no_basis(p_person uuid, p_class text) RETURNS boolean {DEFINER} AS $$
    SELECT NOT EXISTS (
        SELECT 1 FROM survivors_legalbasis b
        WHERE b.person_id = p_person AND p_class = ANY (b.about_classes) AND b.recipient_id = ctx_agency()
          AND (b.ends_at IS NULL OR b.ends_at > access_now()))
$$;

CREATE OR REPLACE FUNCTION fact_consent(p_class text, p_projection text) RETURNS SETOF uuid {DEFINER} AS $$
    -- for whoever receives: a yes to this agency. For whoever began the record: a yes to the one it would go to
    SELECT a.person_id FROM survivors_answer a JOIN survivors_person p ON p.id = a.person_id
    WHERE a.answer = 'given' AND a.about_class = p_class AND a.purpose = ctx_purpose()
      AND (a.recipient_id = ctx_agency() OR a.controller_id = ctx_agency())
      AND (a.expires_at IS NULL OR a.expires_at > access_now())
      AND a.language = ANY (p.languages) AND survivors_counts(a)
$$;

CREATE OR REPLACE FUNCTION fact_withdrawn(p_class text, p_projection text) RETURNS SETOF uuid {DEFINER} AS $$
    SELECT a.person_id FROM survivors_answer a
    WHERE a.answer = 'withdrawn' AND a.recipient_id = ctx_agency() AND a.purpose = ctx_purpose()
      AND a.about_class = p_class AND survivors_counts(a) AND survivors_no_basis(a.person_id, p_class)
    UNION
    -- a referral withdrawn by an adult closes the form to the first responder who prepared it
    SELECT n.person_id FROM survivors_nrm() n
    WHERE ctx_purpose() = 'nrm' AND n.answer = 'withdrawn' AND n.age = 'adult'
      AND survivors_no_basis(n.person_id, p_class)
$$;
"""

REFERRAL = f"""
CREATE FUNCTION survivors_nrm() RETURNS TABLE (person_id uuid, age text, answer text, informed boolean) {DEFINER} AS $$
    -- those whom the actor works with, and the latest answer that each gave about referral
    SELECT p.id, p.age::text, said.answer::text,
           coalesce(said.language = ANY (p.languages) AND (said.expires_at IS NULL OR said.expires_at > access_now())
                    AND EXISTS (SELECT 1 FROM survivors_told t WHERE t.person_id = p.id AND t.step = 'who-decides'
                                AND t.language = ANY (p.languages)), false)
    FROM survivors_person p
    LEFT JOIN LATERAL (
        SELECT a.answer, a.language, a.expires_at FROM survivors_answer a
        WHERE a.person_id = p.id AND a.purpose = 'nrm' AND a.recipient_code = 'home_office_ca'
        ORDER BY a.recorded_at DESC, a.id DESC LIMIT 1) said ON true
    WHERE p.id = ANY (ARRAY(SELECT fact_assigned()))
$$;

CREATE OR REPLACE FUNCTION fact_nrm_consent() RETURNS SETOF uuid {DEFINER} AS $$
    -- a child, or somebody who may be one, is referred without it (Modern Slavery Act 2015 s.51)
    SELECT n.person_id FROM survivors_nrm() n
    WHERE n.age IN ('child', 'not sure') OR (n.answer = 'given' AND n.informed)
$$;

CREATE OR REPLACE FUNCTION fact_nrm_refused() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT n.person_id FROM survivors_nrm() n WHERE n.age = 'adult' AND n.answer = 'declined'
$$;

CREATE OR REPLACE FUNCTION fact_legal_basis(p_class text, p_projection text) RETURNS SETOF uuid {DEFINER} AS $$
    SELECT b.person_id FROM survivors_legalbasis b
    WHERE p_class = ANY (b.about_classes) AND b.controller_id = ctx_agency() AND b.basis <> 'consent'
      AND (b.ends_at IS NULL OR b.ends_at > access_now())
$$;
"""

OWNED = """
ALTER FUNCTION survivors_counts(survivors_answer) OWNER TO wb_search;
ALTER FUNCTION survivors_no_basis(uuid, text) OWNER TO wb_search;
ALTER FUNCTION survivors_nrm() OWNER TO wb_search;
ALTER FUNCTION fact_consent(text, text) OWNER TO wb_search;
ALTER FUNCTION fact_withdrawn(text, text) OWNER TO wb_search;
ALTER FUNCTION fact_legal_basis(text, text) OWNER TO wb_search;
ALTER FUNCTION fact_nrm_consent() OWNER TO wb_search;
ALTER FUNCTION fact_nrm_refused() OWNER TO wb_search;
REVOKE ALL ON FUNCTION survivors_counts(survivors_answer), survivors_no_basis(uuid, text), survivors_nrm() FROM PUBLIC;
"""

APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON survivors_answer, survivors_told, survivors_formeridentity, survivors_note,
    survivors_clinicalnote, survivors_nextplace FROM wb_app;
REVOKE DELETE, TRUNCATE ON survivors_assignment, survivors_placement FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [("survivors", "0001_person_identity_consent_care"), ("access", "0002_context")]

    operations = [migrations.RunSQL(sql) for sql in (ASSIGNED, REFERRAL, ANSWERS, OWNED, APPEND_ONLY)]
