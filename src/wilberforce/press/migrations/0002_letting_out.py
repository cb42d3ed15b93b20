"""Two yeses of two agencies let a bulletin out, and nothing else does."""

from django.db import migrations

DEFINER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public"

WAITING = f"""
CREATE FUNCTION press_pending() RETURNS SETOF uuid {DEFINER} AS $$
    -- sent for approval, not out, and not yet answered by this person in this version
    SELECT b.id FROM press_bulletin b
    WHERE b.submitted_at IS NOT NULL AND b.released_at IS NULL AND b.withdrawn_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM press_approval a
                      WHERE a.bulletin_id = b.id AND a.bulletin_version = b.version
                        AND a.membership_id = ctx_membership())
$$;
ALTER FUNCTION press_pending() OWNER TO wb_search;

CREATE FUNCTION press_not_mine() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT id FROM press_bulletin WHERE ctx_membership() NOT IN (drafted_by, cut_by)
$$;
ALTER FUNCTION press_not_mine() OWNER TO wb_search;

CREATE OR REPLACE FUNCTION fact_pending() RETURNS SETOF uuid {DEFINER} AS $$
    SELECT press_pending()
$$;

CREATE FUNCTION press_flooded() RETURNS boolean {DEFINER} AS $$
    SELECT count(*) >= 500 FROM press_subscriber
    WHERE confirmed_at IS NULL AND asked_at > access_now() - interval '1 hour'
$$;
ALTER FUNCTION press_flooded() OWNER TO wb_search;

CREATE OR REPLACE FUNCTION fact_receipt() RETURNS SETOF uuid {DEFINER} AS $$
    -- wb.receipt holds the hash of the code as it was shown, for this transaction only
    SELECT id FROM concerns_report
    WHERE receipt_hash = decode(nullif(current_setting('wb.receipt', true), ''), 'hex')
    UNION ALL
    SELECT id FROM press_subscriber
    WHERE code_hash = decode(nullif(current_setting('wb.receipt', true), ''), 'hex')
$$;
ALTER FUNCTION fact_receipt() OWNER TO wb_search;
"""

RELEASE = """
CREATE FUNCTION press_let_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE press_bulletin b SET released_at = greatest(access_now(), b.embargo_until)
    WHERE b.id = NEW.bulletin_id AND b.version = NEW.bulletin_version AND b.released_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM press_approval n
                      WHERE n.bulletin_id = b.id AND n.bulletin_version = b.version AND NOT n.yes)
      AND (SELECT count(DISTINCT y.controller_id) >= 2 AND count(DISTINCT y.membership_id) >= 2
           FROM press_approval y
           WHERE y.bulletin_id = b.id AND y.bulletin_version = b.version AND y.yes);
    RETURN NULL;
END $$;
ALTER FUNCTION press_let_out() OWNER TO wb_search;
GRANT SELECT ON press_bulletin, press_approval TO wb_search;
GRANT UPDATE (released_at) ON press_bulletin TO wb_search;
CREATE TRIGGER let_out AFTER INSERT ON press_approval FOR EACH ROW EXECUTE FUNCTION press_let_out();

CREATE FUNCTION press_guard_release() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    IF current_user <> 'wb_search' AND TG_OP = 'INSERT' AND NEW.released_at IS NOT NULL
       OR current_user <> 'wb_search' AND TG_OP = 'UPDATE' AND NEW.released_at IS DISTINCT FROM OLD.released_at THEN
        RAISE insufficient_privilege USING MESSAGE = 'only two approvals release a bulletin (row-level security)';
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.released_at IS NOT NULL
       AND (NEW.title, NEW.text) IS DISTINCT FROM (OLD.title, OLD.text) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a published bulletin stays as it is (row-level security)';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_release BEFORE INSERT OR UPDATE ON press_bulletin
    FOR EACH ROW EXECUTE FUNCTION press_guard_release();
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholders come back by migrating ``access`` anew."""

    dependencies = [
        ("press", "0001_bulletins_and_subscribers"),
        ("concerns", "0002_facts"),
        ("access", "0002_context"),
    ]

    operations = [migrations.RunSQL(WAITING), migrations.RunSQL(RELEASE)]
