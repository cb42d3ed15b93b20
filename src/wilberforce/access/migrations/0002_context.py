"""The request's context, and one placeholder function for every fact.

The context row is found by a random token in a transaction-local setting; only definer functions
read or write it, so a forged setting names nobody. The app that owns a fact replaces its placeholder.
"""

from django.db import migrations

CONTEXT = """
CREATE FUNCTION access_now() RETURNS timestamptz LANGUAGE sql STABLE AS 'SELECT statement_timestamp()';

CREATE UNLOGGED TABLE access_context (
    token uuid PRIMARY KEY,
    session bytea,
    membership uuid,
    agency uuid,
    kind text NOT NULL,
    role text NOT NULL,
    roles text[] NOT NULL,
    purpose text NOT NULL,
    vetting int NOT NULL,
    device uuid,
    stepped_up_at timestamptz,
    second_factor boolean NOT NULL,
    grants text[] NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX access_context_expires ON access_context (expires_at);
REVOKE ALL ON access_context FROM PUBLIC, wb_app;

CREATE TABLE access_policy_version (hash text NOT NULL);
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON access_policy_version FROM wb_app;

CREATE TABLE access_ticket (
    token uuid PRIMARY KEY,
    membership uuid NOT NULL,
    role text NOT NULL,
    purpose text NOT NULL,
    expires_at timestamptz NOT NULL
);
REVOKE ALL ON access_ticket FROM PUBLIC, wb_app;

CREATE FUNCTION access_session(p_session bytea)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int,
               device_id uuid, stepped_up_at timestamptz, second_factor boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT NULL::uuid, NULL::uuid, NULL::text, NULL::text[], NULL::int, NULL::uuid, NULL::timestamptz, NULL::boolean
    WHERE false
$$;

CREATE FUNCTION access_membership(p_membership uuid)
RETURNS TABLE (membership_id uuid, agency_id uuid, agency_kind text, roles text[], vetting int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT NULL::uuid, NULL::uuid, NULL::text, NULL::text[], NULL::int WHERE false
$$;

CREATE FUNCTION ctx() RETURNS SETOF access_context
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT * FROM access_context
    WHERE token = nullif(current_setting('wb.token', true), '')::uuid AND expires_at > access_now()
$$;
CREATE FUNCTION ctx_membership() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT membership FROM ctx()';
CREATE FUNCTION ctx_agency() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT agency FROM ctx()';
CREATE FUNCTION ctx_kind() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT kind FROM ctx()';
CREATE FUNCTION ctx_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT role FROM ctx()';
CREATE FUNCTION ctx_roles() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT roles FROM ctx()';
CREATE FUNCTION ctx_purpose() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT purpose FROM ctx()';
CREATE FUNCTION ctx_session() RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT session FROM ctx()';
CREATE FUNCTION ctx_device() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT device FROM ctx()';
CREATE FUNCTION ctx_stepped_up_at() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT stepped_up_at FROM ctx()';
CREATE FUNCTION ctx_vetting() RETURNS int LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS 'SELECT vetting FROM ctx()';
CREATE FUNCTION ctx_grants() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$SELECT coalesce((SELECT grants FROM ctx()), '{}')$$;
"""

GRANTS = """
CREATE FUNCTION access_grants(p_kind text, p_role text, p_purpose text, p_wanted text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- rule/class/action/projection for each allow rule of this kind, role and purpose that no plain forbid
    -- overrides, narrowed to what the address declared
    SELECT coalesce(array_agg(r.id || '/' || c.cls || '/' || a.act), '{}')
    FROM access_rule r, unnest(r.classes) AS c(cls), unnest(r.actions) AS a(act)
    WHERE p_kind = ANY (r.kinds) AND p_role = ANY (r.roles) AND p_purpose = ANY (r.purposes)
      AND EXISTS (SELECT 1 FROM access_kind_role k WHERE k.kind = p_kind AND k.role = p_role)
      AND EXISTS (SELECT 1 FROM access_role_purpose q WHERE (q.kind, q.role, q.purpose) = (p_kind, p_role, p_purpose))
      AND (p_wanted IS NULL OR EXISTS (
            SELECT 1 FROM unnest(p_wanted) AS w(cell)
            WHERE split_part(w.cell, ':', 1) = c.cls AND split_part(w.cell, ':', 2) = a.act
              AND (r.fields IS NULL
                   OR split_part(w.cell, ':', 3) = replace(r.fields, '{agency}', p_kind)
                   OR split_part(w.cell, ':', 3) = r.fields)))
      AND NOT EXISTS (
            SELECT 1 FROM access_forbid f
            WHERE (f.kinds IS NULL OR p_kind = ANY (f.kinds)) AND (f.roles IS NULL OR p_role = ANY (f.roles))
              AND c.cls = ANY (f.classes) AND (f.actions IS NULL OR a.act = ANY (f.actions))
              AND f.unless = '{}' AND f.fields IS NULL)
$$;

CREATE FUNCTION access_seat(p_session bytea, p_membership uuid, p_agency uuid, p_kind text, p_role text,
    p_roles text[], p_purpose text, p_vetting int, p_device uuid, p_step timestamptz, p_second boolean,
    p_wanted text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE new_token uuid := gen_random_uuid();
BEGIN
    INSERT INTO access_context VALUES (new_token, p_session, p_membership, p_agency, p_kind, p_role, p_roles,
        p_purpose, p_vetting, p_device, p_step, p_second,
        access_grants(p_kind, p_role, p_purpose, p_wanted), access_now() + interval '10 minutes');
    PERFORM set_config('wb.token', new_token::text, true);
END $$;
REVOKE ALL ON FUNCTION access_seat(bytea, uuid, uuid, text, text, text[], text, int, uuid, timestamptz, boolean, text[])
    FROM PUBLIC;

CREATE FUNCTION access_ready() RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- the facts about the person that are true now; plpgsql, so that owning apps may replace the facts later
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN fact_on_shift() THEN 'on_shift' END, CASE WHEN fact_clinical() THEN 'clinical' END,
        CASE WHEN fact_sterile() THEN 'sterile' END, CASE WHEN fact_step_up() THEN 'step_up' END,
        CASE WHEN fact_managed_device() THEN 'managed_device' END,
        CASE WHEN fact_device_untrusted() THEN 'device_untrusted' END,
        CASE WHEN fact_rate_tripped() THEN 'rate_tripped' END], NULL);
END $$;

CREATE FUNCTION access_choose_role(p_kind text, p_roles text[], p_purpose text, p_wanted text[]) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT h.role FROM unnest(p_roles) WITH ORDINALITY AS h(role, place)
    JOIN access_role_purpose q ON (q.kind, q.role, q.purpose) = (p_kind, h.role, p_purpose)
    ORDER BY cardinality(access_grants(p_kind, h.role, p_purpose, p_wanted)) DESC, h.place LIMIT 1
$$;

CREATE FUNCTION access_open(p_session bytea, p_purpose text, p_wanted text[])
RETURNS TABLE (membership uuid, agency uuid, kind text, role text, roles text[], purpose text, grants text[],
               ready text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE s record; chosen text;
BEGIN
    PERFORM set_config('wb.token', '', true);
    SELECT * INTO s FROM access_session(p_session);
    IF NOT FOUND THEN RETURN; END IF;
    IF p_purpose = '' THEN
        chosen := '';
    ELSE
        chosen := access_choose_role(s.agency_kind, s.roles, p_purpose, p_wanted);
        IF chosen IS NULL THEN RETURN; END IF;
    END IF;
    PERFORM access_seat(p_session, s.membership_id, s.agency_id, s.agency_kind, chosen, s.roles, p_purpose,
        s.vetting, s.device_id, s.stepped_up_at, s.second_factor, p_wanted);
    RETURN QUERY SELECT c.membership, c.agency, c.kind, c.role, c.roles, c.purpose, c.grants, access_ready()
        FROM ctx() c;
END $$;

CREATE FUNCTION access_open_public(p_purpose text, p_wanted text[])
RETURNS TABLE (membership uuid, agency uuid, kind text, role text, roles text[], purpose text, grants text[],
               ready text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM access_seat(NULL, NULL, NULL, 'public', 'reporter', ARRAY['reporter'], p_purpose, 0, NULL, NULL, false,
        p_wanted);
    RETURN QUERY SELECT c.membership, c.agency, c.kind, c.role, c.roles, c.purpose, c.grants, access_ready()
        FROM ctx() c;
END $$;

CREATE FUNCTION access_open_system(p_purpose text, p_wanted text[])
RETURNS TABLE (membership uuid, agency uuid, kind text, role text, roles text[], purpose text, grants text[],
               ready text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM access_seat(NULL, NULL, NULL, 'platform', 'system', ARRAY['system'], p_purpose, 0, NULL, NULL, false,
        p_wanted);
    RETURN QUERY SELECT c.membership, c.agency, c.kind, c.role, c.roles, c.purpose, c.grants, access_ready()
        FROM ctx() c;
END $$;

CREATE FUNCTION access_issue_ticket() RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    -- lets a job that this actor defers run as this actor, for a day, checked again at run time
    INSERT INTO access_ticket SELECT gen_random_uuid(), membership, role, purpose, access_now() + interval '1 day'
    FROM ctx() WHERE membership IS NOT NULL RETURNING token
$$;

CREATE FUNCTION access_open_ticket(p_ticket uuid, p_wanted text[])
RETURNS TABLE (membership uuid, agency uuid, kind text, role text, roles text[], purpose text, grants text[],
               ready text[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE t record; m record;
BEGIN
    PERFORM set_config('wb.token', '', true);
    SELECT * INTO t FROM access_ticket WHERE token = p_ticket AND expires_at > access_now();
    IF NOT FOUND THEN RETURN; END IF;
    SELECT * INTO m FROM access_membership(t.membership);
    IF NOT FOUND OR NOT t.role = ANY (m.roles) THEN RETURN; END IF;
    PERFORM access_seat(NULL, m.membership_id, m.agency_id, m.agency_kind, t.role, m.roles, t.purpose, m.vetting,
        NULL, NULL, false, p_wanted);
    RETURN QUERY SELECT c.membership, c.agency, c.kind, c.role, c.roles, c.purpose, c.grants, access_ready()
        FROM ctx() c;
END $$;

CREATE FUNCTION access_close() RETURNS void LANGUAGE sql AS $$SELECT set_config('wb.token', '', true)$$;

CREATE FUNCTION access_sweep() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH old AS (DELETE FROM access_context WHERE expires_at < access_now() RETURNING 1),
         spent AS (DELETE FROM access_ticket WHERE expires_at < access_now() RETURNING 1)
    SELECT (SELECT count(*) FROM old) + (SELECT count(*) FROM spent)
$$;
"""

BOOLEAN_FACTS = ("on_shift", "clinical", "sterile", "step_up", "managed_device", "device_untrusted", "rate_tripped")
SUBJECT_FACTS = (
    "receipt", "claimed", "assigned", "same_centre", "op_lead", "op_member", "op_window", "op_linked",
    "case_member", "nrm_consent", "nrm_refused", "vir", "pending", "sar_open", "placing", "break_glass",
    "threat_to_life", "peer_ok", "second_command", "named_on_shift", "text_checked", "conflict", "subject_block",
)  # fmt: skip
CELL_FACTS = ("agreement", "consent", "legal_basis", "disclosed", "withdrawn")
"""Subject facts that also depend on the class and the projection asked for."""


def _placeholders() -> str:
    made = []
    for name in BOOLEAN_FACTS:
        made.append(
            f"CREATE FUNCTION fact_{name}() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = pg_catalog, public AS 'SELECT false';"
        )
    for name in SUBJECT_FACTS:
        made.append(
            f"CREATE FUNCTION fact_{name}() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER "
            f"SET search_path = pg_catalog, public AS 'SELECT NULL::uuid WHERE false';"
        )
    for name in CELL_FACTS:
        made.append(
            f"CREATE FUNCTION fact_{name}(p_class text, p_projection text) RETURNS SETOF uuid "
            f"LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS "
            f"'SELECT NULL::uuid WHERE false';"
        )
    return "\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("access", "0001_rules")]

    operations = [
        migrations.RunSQL(CONTEXT, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(_placeholders(), migrations.RunSQL.noop),
    ]
