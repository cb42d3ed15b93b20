"""The cap on different people in a day, as a fact; and what a guardian sees and lifts.

How many are registered where somebody works is known to a later stage, which replaces the placeholder.
"""

from django.db import migrations

STABLE = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

RATE = f"""
CREATE FUNCTION agencies_registered(p_membership uuid) RETURNS int {STABLE} AS $$ BEGIN RETURN 0; END $$;

CREATE FUNCTION agencies_rate_of(p_opened int, p_registered int) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public AS $$
DECLARE cap int := greatest(20, p_registered);
BEGIN
    RETURN CASE WHEN p_opened > cap THEN 'tripped' WHEN p_opened * 5 >= cap * 4 THEN 'near' ELSE '' END;
END $$;

CREATE FUNCTION agencies_opened(p_membership uuid) RETURNS int {STABLE} AS $$
BEGIN
    RETURN (SELECT count(*) FROM ledger_person_opened o
        WHERE o.membership_id = p_membership AND o.day = (access_now() AT TIME ZONE 'Europe/London')::date
          AND o.at > coalesce((SELECT max(u.at) FROM agencies_unlocked u WHERE u.membership_id = p_membership), '-infinity'));
END $$;

CREATE FUNCTION agencies_rate(p_membership uuid) RETURNS text {STABLE} AS $$
DECLARE opened int := agencies_opened(p_membership);
BEGIN
    IF opened < 16 THEN RETURN ''; END IF; -- under every cap: nobody counts who is registered
    RETURN agencies_rate_of(opened, agencies_registered(p_membership));
END $$;
REVOKE ALL ON FUNCTION agencies_registered(uuid), agencies_opened(uuid), agencies_rate(uuid) FROM PUBLIC;

CREATE OR REPLACE FUNCTION fact_rate_tripped() RETURNS boolean {STABLE} AS $$
BEGIN
    RETURN agencies_rate(ctx_membership()) = 'tripped';
END $$;

CREATE OR REPLACE FUNCTION access_ready() RETURNS text[] {STABLE} AS $$
    -- near_cap is no fact of the matrix: it only warns
DECLARE rate text := agencies_rate(ctx_membership());
BEGIN
    RETURN array_remove(ARRAY[
        CASE WHEN fact_on_shift() THEN 'on_shift' END, CASE WHEN fact_clinical() THEN 'clinical' END,
        CASE WHEN fact_sterile() THEN 'sterile' END, CASE WHEN fact_step_up() THEN 'step_up' END,
        CASE WHEN fact_managed_device() THEN 'managed_device' END,
        CASE WHEN fact_device_untrusted() THEN 'device_untrusted' END,
        CASE rate WHEN 'tripped' THEN 'rate_tripped' WHEN 'near' THEN 'near_cap' END], NULL);
END $$;
"""

GUARDIANS = f"""
CREATE FUNCTION agencies_caps() RETURNS TABLE (membership_id uuid, opened int, registered int, rate text) {STABLE} AS $$
BEGIN
    RETURN QUERY SELECT m.id, o.opened, agencies_registered(m.id), agencies_rate(m.id)
    FROM agencies_membership m CROSS JOIN LATERAL (SELECT agencies_opened(m.id) AS opened) o
    WHERE ctx_role() = 'data_guardian' AND m.agency_id = ctx_agency() AND o.opened >= 16
      AND agencies_rate(m.id) <> '';
END $$;
REVOKE ALL ON FUNCTION agencies_caps() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION agencies_caps() TO wb_app;

CREATE FUNCTION agencies_only_a_guardian_unlocks() RETURNS trigger {STABLE.replace("STABLE ", "")} AS $$
BEGIN
    IF NEW.by_id IS DISTINCT FROM ctx_membership() OR ctx_role() IS DISTINCT FROM 'data_guardian'
       OR NOT EXISTS (SELECT FROM agencies_membership m WHERE m.id = NEW.membership_id AND m.agency_id = ctx_agency())
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'only their own guardian';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agencies_only_a_guardian_unlocks BEFORE INSERT ON agencies_unlocked
    FOR EACH ROW EXECUTE FUNCTION agencies_only_a_guardian_unlocks();
REVOKE UPDATE, DELETE, TRUNCATE ON agencies_unlocked FROM wb_app;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [
        ("agencies", "0010_caps_on_people"),
        ("ledger", "0004_people_opened"),
        ("access", "0005_opened_cheaply"),
    ]

    operations = [migrations.RunSQL(sql) for sql in (RATE, GUARDIANS)]
