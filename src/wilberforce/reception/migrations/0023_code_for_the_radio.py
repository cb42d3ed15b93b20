"""Each centre has a code to say on the radio, those that stand already too.

A code is found again by whoever commands the operation, and only among centres of agencies that take part in it.
"""

from django.db import migrations, models

import wilberforce.base.ids

CODES = """
CREATE FUNCTION reception_some_code() RETURNS text LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public AS $$
DECLARE
    spoken text := '23456789ABCDEFGHJKMNPQRSTVWXY';
    drawn bytea := uuid_send(gen_random_uuid());
    code text := '';
    total int := 0;
BEGIN
    FOR place IN 1..5 LOOP
        code := code || substr(spoken, get_byte(drawn, place - 1) % 29 + 1, 1);
        total := total + place * (get_byte(drawn, place - 1) % 29);
    END LOOP;
    RETURN code || substr(spoken, total % 29 + 1, 1);
END $$;
ALTER TABLE reception_centre ADD COLUMN code varchar(6) NOT NULL DEFAULT reception_some_code();
ALTER TABLE reception_centre ALTER COLUMN code DROP DEFAULT;
DROP FUNCTION reception_some_code();
CREATE INDEX reception_centre_code ON reception_centre (code);
"""
CALLED = """
CREATE OR REPLACE FUNCTION operations_centres_called(p_operation uuid, p_code text)
RETURNS TABLE (centre_id uuid, agency_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY
    SELECT c.id, c.controller_id FROM reception_centre c
    WHERE c.code = p_code AND c.closed_at IS NULL AND p_operation IN (SELECT fact_op_lead())
      AND EXISTS (SELECT 1 FROM operations_partner p
                  WHERE p.operation_id = p_operation AND p.agency_id = c.controller_id AND p.answer = 'yes');
END $$;
GRANT SELECT ON reception_centre, operations_partner TO wb_search;
GRANT EXECUTE ON FUNCTION fact_op_lead() TO wb_search;
ALTER FUNCTION operations_centres_called(uuid, text) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: the placeholder comes back by migrating ``operations`` anew."""

    dependencies = [
        ("reception", "0022_large_centres_are_counted_at_night"),
        ("operations", "0012_centres_called"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(CODES)],
            [
                migrations.AddField(
                    model_name="centre",
                    name="code",
                    field=models.CharField(
                        default=wilberforce.base.ids.spoken_code,
                        editable=False,
                        help_text="said on the radio",
                        max_length=6,
                    ),
                )
            ],
        ),
        migrations.RunSQL(CALLED),
    ]
