"""Who is behind a session, and the facts about a person and a device, in the database's own words.

Each function replaces the placeholder of the same name, which lets nobody in.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

SESSION = f"""
CREATE INDEX agencies_session_hash ON django_session (sha256(decode(session_key, 'escape')));

CREATE OR REPLACE FUNCTION access_membership(p_membership uuid)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.id, a.id, a.kind::text,
           ARRAY(SELECT r.role::text FROM agencies_roleheld r
                 WHERE r.membership_id = m.id AND r.starts <= access_now()
                   AND (r.ends IS NULL OR r.ends > access_now()) ORDER BY r.role),
           m.vetting::int
    FROM agencies_membership m
    JOIN agencies_agency a ON a.id = m.agency_id
    JOIN agencies_user u ON u.id = m.user_id
    WHERE m.id = p_membership AND u.is_active
      AND m.starts <= access_now() AND (m.ends IS NULL OR m.ends > access_now())
      AND a.starts <= (access_now() AT TIME ZONE 'Europe/London')::date
      AND (a.ends IS NULL OR a.ends > (access_now() AT TIME ZONE 'Europe/London')::date)
$$;

CREATE OR REPLACE FUNCTION access_session(p_session bytea)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int,
               device_id uuid, stepped_up_at timestamptz, second_factor boolean)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT m.membership_id, m.agency_id, m.agency_kind, m.roles, m.vetting,
           s.device_id, s.stepped_up_at, s.second_factor
    FROM agencies_signedin s
    CROSS JOIN LATERAL access_membership(s.membership_id) m
    WHERE s.session_key_hash = p_session AND s.ended_at IS NULL AND s.second_factor
      AND s.user_id = (SELECT user_id FROM agencies_membership WHERE id = s.membership_id)
      AND EXISTS (SELECT 1 FROM django_session d
                  WHERE sha256(decode(d.session_key, 'escape')) = p_session AND d.expire_date > access_now())
$$;

REVOKE ALL ON FUNCTION access_membership(uuid), access_session(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_membership(uuid), access_session(bytea) TO wb_app;
"""

PERSON = f"""
-- stamps come from the web server's clock, which may run a little ahead of this one
CREATE OR REPLACE FUNCTION fact_step_up() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT 1 FROM agencies_signedin s
        WHERE s.session_key_hash = ctx_session() AND s.ended_at IS NULL
          AND s.stepped_up_at <= access_now() + interval '1 minute' AND s.stepped_up_at > access_now() - interval '5 minutes')
$$;

CREATE OR REPLACE FUNCTION fact_managed_device() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT 1 FROM agencies_signedin s
        JOIN agencies_device d ON d.id = s.device_id AND d.membership_id = s.membership_id
        WHERE s.session_key_hash = ctx_session() AND s.ended_at IS NULL AND d.revoked_at IS NULL
          AND d.posture_at <= access_now() + interval '1 minute' AND d.posture_at > access_now() - interval '24 hours')
$$;

CREATE OR REPLACE FUNCTION fact_device_untrusted() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    -- a member of the public has no device of ours to distrust, and reads nothing but their own thread
    SELECT ctx_kind() IS DISTINCT FROM 'public' AND NOT fact_managed_device()
$$;

CREATE OR REPLACE FUNCTION fact_sterile() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    -- the person, not the membership: a second post in another agency would open the corridor too
    SELECT ctx_membership() IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM agencies_membership mine
        JOIN agencies_membership m ON m.user_id = mine.user_id
        JOIN agencies_roleheld r ON r.membership_id = m.id
        WHERE mine.id = ctx_membership() AND r.role <> ctx_role() AND r.starts <= access_now()
          AND (r.ends IS NULL OR r.ends > access_now()) AND (m.ends IS NULL OR m.ends > access_now()))
$$;

CREATE OR REPLACE FUNCTION fact_clinical() RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT 1 FROM agencies_membership m
        WHERE m.id = ctx_membership()
          AND m.clinician_checked_on <= (access_now() AT TIME ZONE 'Europe/London')::date
          AND m.clinician_checked_on > (access_now() AT TIME ZONE 'Europe/London')::date - 365)
$$;
"""

SUBJECTS = f"""
CREATE OR REPLACE FUNCTION fact_conflict() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.subject_id FROM agencies_conflictdeclared c
    JOIN agencies_membership m ON m.id = c.membership_id
    WHERE m.user_id = (SELECT user_id FROM agencies_membership WHERE id = ctx_membership())
$$;

CREATE OR REPLACE FUNCTION fact_subject_block() RETURNS SETOF uuid LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT b.subject_id FROM agencies_subjectblock b
    WHERE b.lifted_at IS NULL AND (b.agency_id = ctx_agency() OR b.membership_id = ctx_membership())
$$;
"""

ROLES = f"""
CREATE FUNCTION agencies_roles_of(p_kind text) RETURNS SETOF text LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT k.role::text FROM access_kind_role k WHERE k.kind = p_kind ORDER BY k.role
$$;
REVOKE ALL ON FUNCTION agencies_roles_of(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_roles_of(text) TO wb_app;

CREATE FUNCTION agencies_role_fits() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM agencies_membership m
            JOIN agencies_agency a ON a.id = m.agency_id
            JOIN access_kind_role k ON k.kind = a.kind AND k.role = NEW.role
            WHERE m.id = NEW.membership_id) THEN
        RAISE check_violation USING MESSAGE = 'this kind of agency may not hold that role',
            CONSTRAINT = 'role_fits_kind', TABLE = 'agencies_roleheld';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_fits_kind BEFORE INSERT OR UPDATE OF role, membership_id ON agencies_roleheld
    FOR EACH ROW EXECUTE FUNCTION agencies_role_fits();

CREATE FUNCTION agencies_kind_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'an agency keeps its kind; found another one instead',
        CONSTRAINT = 'agency_kind_stays', TABLE = 'agencies_agency';
END $$;
CREATE TRIGGER agency_kind_stays BEFORE UPDATE OF kind ON agencies_agency
    FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION agencies_kind_stays();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [
        ("agencies", "0001_organisations_people_roles"),
        ("access", "0002_context"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (SESSION, PERSON, SUBJECTS, ROLES)]
