"""Whose grave records somebody opened today: pseudonyms, written in the transaction that shows them and swept after a week.

The application may only add, through the function; a reader can't lower their own count.
"""

from django.db import migrations

OPENED = """
CREATE TABLE ledger_person_opened (
    membership_id uuid NOT NULL,
    day date NOT NULL,
    person uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (membership_id, day, person)
);
REVOKE ALL ON ledger_person_opened FROM PUBLIC, wb_app;

CREATE FUNCTION ledger_opened(p_membership uuid, p_people uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE today date := (access_now() AT TIME ZONE 'Europe/London')::date;
BEGIN
    IF NOT EXISTS (SELECT FROM ledger_person_opened o WHERE o.membership_id = p_membership AND o.day = today) THEN
        DELETE FROM ledger_person_opened o WHERE o.membership_id = p_membership AND o.day < today - 7;
    END IF;
    INSERT INTO ledger_person_opened
    SELECT p_membership, today, person, access_now() FROM unnest(p_people) AS person ORDER BY person
    ON CONFLICT DO NOTHING;
END $$;
REVOKE ALL ON FUNCTION ledger_opened(uuid, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_opened(uuid, uuid[]) TO wb_app;
"""
BACK = "DROP FUNCTION ledger_opened(uuid, uuid[]); DROP TABLE ledger_person_opened;"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_own_entries"), ("access", "0005_opened_cheaply")]

    operations = [migrations.RunSQL(OPENED, BACK)]
