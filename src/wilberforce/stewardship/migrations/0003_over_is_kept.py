"""What is over is looked for once a night and kept; one record is reckoned on the spot. The page no longer reckons everybody."""

from django.db import migrations, models

import wilberforce.base.ids

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

KEPT = """
DROP FUNCTION stewardship_over(text[], timestamptz[]);
ALTER TABLE stewardship_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE stewardship_due FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON stewardship_due FOR SELECT
    USING (agency_id = (SELECT ctx_agency()) AND (SELECT ctx_role()) = 'data_guardian');
CREATE POLICY found ON stewardship_due FOR INSERT WITH CHECK ((SELECT ctx_role()) = 'system');
REVOKE UPDATE, DELETE, TRUNCATE ON stewardship_due FROM wb_app;
GRANT SELECT, DELETE ON stewardship_due TO wb_search;
"""

# Views and not functions: asked for one record they read one record.
CLOCKS = """
DROP FUNCTION stewardship_clocks();
DROP FUNCTION stewardship_support_ended();

CREATE VIEW stewardship_support_ended AS
    SELECT p.id AS person_id, greatest(
               (SELECT max(s.until) FROM reception_presence s WHERE s.person_id = p.id),
               (SELECT max(coalesce(a.ended_at, a.until)) FROM survivors_assignment a WHERE a.person_id = p.id)) AS ended
    FROM survivors_person p
    WHERE NOT EXISTS (SELECT 1 FROM reception_presence s WHERE s.person_id = p.id AND s.until IS NULL)
      AND NOT EXISTS (SELECT 1 FROM survivors_assignment a
                      WHERE a.person_id = p.id AND a.ended_at IS NULL AND a.until > access_now());

CREATE VIEW stewardship_clock AS
    SELECT 'report_raw' AS data_class, id AS subject_id, controller_id AS agency_id, triaged_at AS began FROM concerns_report WHERE triaged_at IS NOT NULL
    UNION ALL
    SELECT 'source', id, controller_id,
           to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) FROM concerns_source
    UNION ALL
    SELECT 'intel', id, controller_id, recorded_at FROM intelligence_item
    UNION ALL
    SELECT 'suspect', id, controller_id, recorded_at FROM intelligence_suspectentry
    UNION ALL
    SELECT 'operation', id, controller_id, ended_at FROM operations_operation WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT 'centre', id, controller_id, closed_at FROM reception_centre WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'identity', i.person_id, i.controller_id, e.ended FROM survivors_identity i JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'support', n.person_id, n.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_note UNION SELECT person_id, controller_id FROM reception_given
          UNION SELECT person_id, controller_id FROM reception_leaving) n JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'location', l.person_id, l.controller_id, e.ended FROM survivors_nextplace l JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'health', h.person_id, h.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_careflag
          UNION SELECT person_id, controller_id FROM survivors_clinicalnote) h JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT 'immigration', f.person_id, f.controller_id, max(f.closed_at) FROM referrals_nrmform f
    GROUP BY f.person_id, f.controller_id HAVING bool_and(f.closed_at IS NOT NULL)
    UNION ALL
    SELECT DISTINCT 'account', a.person_id, a.controller_id, f.closed
    FROM survivors_account a
    JOIN (SELECT person_id, controller_id, max(closed_at) AS closed FROM referrals_nrmform
          GROUP BY person_id, controller_id HAVING bool_and(closed_at IS NOT NULL)) f USING (person_id, controller_id)
    UNION ALL
    SELECT 'consent', person_id, controller_id, max(recorded_at) FROM survivors_answer GROUP BY person_id, controller_id;

REVOKE ALL ON stewardship_support_ended, stewardship_clock FROM PUBLIC, wb_app, wb_backup, wb_sequencer;
ALTER VIEW stewardship_support_ended OWNER TO wb_search;
ALTER VIEW stewardship_clock OWNER TO wb_search;
"""

LOOKED_FOR = f"""
CREATE FUNCTION stewardship_kept(p_agency uuid, p_class text, p_subject uuid) RETURNS boolean
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT 1 FROM stewardship_review r
                   WHERE (r.agency_id, r.data_class, r.subject_id) = (p_agency, p_class, p_subject)
                     AND r.keep_until >= (access_now() AT TIME ZONE 'Europe/London')::date)
$$;

CREATE FUNCTION stewardship_over(p_classes text[], p_before timestamptz[])
RETURNS TABLE (data_class text, subject_id uuid, agency_id uuid, began timestamptz)
LANGUAGE plpgsql {DEFINER} AS $$
#variable_conflict use_column
BEGIN
    -- for the machine alone: what is over no more is forgotten, what is newly over is told
    IF ctx_role() IS DISTINCT FROM 'system' THEN RETURN; END IF;
    DELETE FROM stewardship_due d
    WHERE stewardship_kept(d.agency_id, d.data_class, d.subject_id) OR NOT EXISTS (
        SELECT 1 FROM stewardship_clock c
        WHERE (c.data_class, c.subject_id, c.agency_id, c.began) = (d.data_class, d.subject_id, d.agency_id, d.began));
    RETURN QUERY
    SELECT c.data_class, c.subject_id, c.agency_id, c.began
    FROM stewardship_clock c
    JOIN unnest(p_classes, p_before) AS w(cls, before) ON w.cls = c.data_class AND c.began <= w.before
    WHERE NOT EXISTS (SELECT 1 FROM stewardship_due d
                      WHERE (d.agency_id, d.data_class, d.subject_id) = (c.agency_id, c.data_class, c.subject_id))
      AND NOT stewardship_kept(c.agency_id, c.data_class, c.subject_id)
    ORDER BY c.began, c.subject_id LIMIT 5000;
END $$;

CREATE FUNCTION stewardship_one_over(p_class text, p_subject uuid)
RETURNS TABLE (agency_id uuid, began timestamptz, held boolean)
LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.agency_id, c.began, stewardship_held(c.agency_id, c.data_class, c.subject_id)
    FROM stewardship_clock c
    WHERE c.data_class = p_class AND c.subject_id = p_subject AND c.agency_id = ctx_agency()
      AND ctx_role() = 'data_guardian' AND ctx_purpose() = 'oversight'
      AND NOT stewardship_kept(c.agency_id, c.data_class, c.subject_id)
$$;
"""

ERASE = f"""
CREATE OR REPLACE FUNCTION stewardship_erase(p_review uuid, p_before timestamptz) RETURNS integer
LANGUAGE plpgsql {DEFINER} AS $$
DECLARE r stewardship_review; t record; gone integer; total integer := 0;
BEGIN
    SELECT * INTO r FROM stewardship_review
    WHERE id = p_review AND agency_id = ctx_agency() AND begun_by <> ctx_membership()
      AND erased_at IS NULL AND keep_until IS NULL FOR UPDATE;
    IF NOT FOUND OR ctx_role() <> 'data_guardian' OR ctx_purpose() <> 'oversight' THEN RETURN NULL; END IF;
    IF stewardship_held(r.agency_id, r.data_class, r.subject_id) THEN RETURN NULL; END IF;
    IF NOT EXISTS (SELECT 1 FROM stewardship_clock c
                   WHERE (c.data_class, c.subject_id, c.agency_id) = (r.data_class, r.subject_id, r.agency_id)
                     AND c.began <= p_before) THEN RETURN NULL; END IF;
    FOR t IN SELECT * FROM (VALUES
        ('report_raw', 'concerns_message', 'report_id'), ('report_raw', 'concerns_report', 'id'),
        ('source', 'concerns_source', 'id'),
        ('identity', 'survivors_formeridentity', 'person_id'), ('identity', 'survivors_identity', 'person_id'),
        ('support', 'survivors_note', 'person_id'), ('support', 'reception_given', 'person_id'),
        ('support', 'reception_leaving', 'person_id'), ('location', 'survivors_nextplace', 'person_id'),
        ('health', 'survivors_careflag', 'person_id'), ('health', 'survivors_clinicalnote', 'person_id'),
        ('immigration', 'referrals_nrmform', 'person_id'), ('account', 'survivors_account', 'person_id'),
        ('consent', 'survivors_answer', 'person_id'), ('consent', 'survivors_told', 'person_id')
    ) AS every(cls, name, subject) WHERE cls = r.data_class LOOP
        EXECUTE format('DELETE FROM %I WHERE %I = $1 AND controller_id = $2', t.name, t.subject)
            USING r.subject_id, r.agency_id;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    DELETE FROM stewardship_due d
    WHERE (d.agency_id, d.data_class, d.subject_id) = (r.agency_id, r.data_class, r.subject_id);
    UPDATE stewardship_review SET erased_by = ctx_membership(), erased_at = access_now(), rows = total WHERE id = r.id;
    RETURN total;
END $$;
"""

ASKED = """
REVOKE ALL ON FUNCTION stewardship_kept(uuid, text, uuid), stewardship_over(text[], timestamptz[]),
    stewardship_one_over(text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stewardship_over(text[], timestamptz[]), stewardship_one_over(text, uuid) TO wb_app;
ALTER FUNCTION stewardship_kept(uuid, text, uuid) OWNER TO wb_search;
ALTER FUNCTION stewardship_over(text[], timestamptz[]) OWNER TO wb_search;
ALTER FUNCTION stewardship_one_over(text, uuid) OWNER TO wb_search;
"""


class Migration(migrations.Migration):
    """Not reversible by itself: nothing stands on it that could go back."""

    dependencies = [("stewardship", "0002_what_is_due_and_erased")]

    operations = [
        migrations.CreateModel(
            name="Due",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=wilberforce.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agency_id", models.UUIDField()),
                ("subject_id", models.UUIDField()),
                ("data_class", models.CharField(max_length=20)),
                ("began", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index("agency_id", "began", "subject_id", name="due_longest")],
                "constraints": [
                    models.UniqueConstraint("agency_id", "data_class", "subject_id", name="due_once"),
                ],
            },
        ),
        migrations.RunSQL(KEPT + CLOCKS + LOOKED_FOR + ERASE + ASKED),
    ]
