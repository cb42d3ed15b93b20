"""Who is at the screen, and what is true of them now: asked at each page, planned once for a connection."""

from django.db import migrations

STABLE = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public SET plan_cache_mode = force_generic_plan"

WHO = f"""
CREATE OR REPLACE FUNCTION access_membership(p_membership uuid)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int) {STABLE} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT m.id, a.id, a.kind::text,
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
      AND (a.ends IS NULL OR a.ends > (access_now() AT TIME ZONE 'Europe/London')::date);
END $$;

CREATE OR REPLACE FUNCTION access_session(p_session bytea)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int,
               device_id uuid, stepped_up_at timestamptz, second_factor boolean) {STABLE} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT m.membership_id, m.agency_id, m.agency_kind, m.roles, m.vetting,
           s.device_id, s.stepped_up_at, s.second_factor
    FROM agencies_signedin s
    CROSS JOIN LATERAL access_membership(s.membership_id) m
    WHERE s.session_key_hash = p_session AND s.ended_at IS NULL AND s.second_factor
      AND s.user_id = (SELECT user_id FROM agencies_membership WHERE id = s.membership_id)
      AND EXISTS (SELECT 1 FROM django_session d
                  WHERE sha256(decode(d.session_key, 'escape')) = p_session AND d.expire_date > access_now());
END $$;
"""

FACTS = {
    "on_shift": """EXISTS (SELECT 1 FROM agencies_shift s
        WHERE s.membership_id = ctx_membership() AND s.signed_in_at <= access_now() + interval '1 minute'
          AND coalesce(s.signed_out_at, s.ends) > access_now() - interval '2 hours')""",
    "clinical": """EXISTS (SELECT 1 FROM agencies_membership m
        WHERE m.id = ctx_membership()
          AND m.clinician_checked_on <= (access_now() AT TIME ZONE 'Europe/London')::date
          AND m.clinician_checked_on > (access_now() AT TIME ZONE 'Europe/London')::date - 365)""",
    # the person, not the membership: a second post in another agency would open the corridor too
    "sterile": """ctx_membership() IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM agencies_membership mine
        JOIN agencies_membership m ON m.user_id = mine.user_id
        JOIN agencies_roleheld r ON r.membership_id = m.id
        WHERE mine.id = ctx_membership() AND r.role <> ctx_role() AND r.starts <= access_now()
          AND (r.ends IS NULL OR r.ends > access_now()) AND (m.ends IS NULL OR m.ends > access_now()))""",
    "step_up": """EXISTS (SELECT 1 FROM agencies_signedin s
        WHERE s.session_key_hash = ctx_session() AND s.ended_at IS NULL
          AND s.stepped_up_at <= access_now() + interval '1 minute'
          AND s.stepped_up_at > access_now() - interval '5 minutes')""",
    "managed_device": """EXISTS (SELECT 1 FROM agencies_signedin s
        JOIN agencies_device d ON d.id = s.device_id AND d.membership_id = s.membership_id
        WHERE s.session_key_hash = ctx_session() AND s.ended_at IS NULL AND d.revoked_at IS NULL
          AND d.posture_at <= access_now() + interval '1 minute' AND d.posture_at > access_now() - interval '24 hours')""",
    # a member of the public has no device of ours to distrust, and reads nothing but their own thread
    "device_untrusted": "ctx_kind() IS DISTINCT FROM 'public' AND NOT fact_managed_device()",
}
ASKED = "".join(
    f"CREATE OR REPLACE FUNCTION fact_{name}() RETURNS boolean {STABLE} AS $$ BEGIN RETURN {sql}; END $$;\n"
    for name, sql in FACTS.items()
)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0006_ties_and_blocks"), ("access", "0005_opened_cheaply")]

    operations = [migrations.RunSQL(WHO + ASKED, migrations.RunSQL.noop)]
