"""Every table of every class: which of its rows go with a record whose time is over.

What goes is a table of the owner's and not a list in a function, so that whoever adds a class table adds its line.
"""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"

# In the order in which they go. $1 is the record: a person, an operation, a centre, a report, a source, an item,
# somebody suspected, an arrest or an exhibit.
GOES = {
    "report_raw": {"concerns_message": "report_id = $1", "concerns_report": "id = $1"},
    "source": {"concerns_sourcenote": "source_id = $1", "concerns_source": "id = $1"},
    "intel": {"intelligence_formeritem": "record_id = $1", "intelligence_item": "id = $1"},
    "suspect": {
        "intelligence_formersuspect": "record_id = $1",
        "intelligence_link": "suspect_id = $1",
        "intelligence_suspectentry": "id = $1",
        "custody_telling": "news_id IN (SELECT id FROM custody_news WHERE arrest_id = $1)",
        "custody_news": "arrest_id = $1",
        "custody_review": "arrest_id = $1",
        "custody_outcome": "arrest_id = $1",
        "custody_entry": "arrest_id = $1",
        "custody_absence": "arrest_id = $1",
        "custody_detention": "arrest_id = $1",
        "custody_arrest": "id = $1",
        "custody_exhibitmove": "exhibit_id = $1",
        "custody_formerexhibit": "record_id = $1",
        "custody_exhibit": "id = $1",
    },
    "operation": {
        **dict.fromkeys(
            (
                "operations_brief", "operations_centreaddress", "operations_classified", "operations_lesson",
                "operations_debrief", "operations_decision", "operations_fastcheck", "operations_handover",
                "operations_found", "operations_hazard", "operations_logentry", "operations_orderpart",
                "operations_partner", "operations_readiness", "operations_safetyworry", "operations_unit",
                "operations_warrant", "operations_siteplace", "operations_site", "press_guard",
            ),
            "operation_id = $1",
        ),
        "operations_operation": "id = $1",
    },
    "identity": {"survivors_formeridentity": "person_id = $1", "survivors_identity": "person_id = $1"},
    "support": {
        "survivors_note": "person_id = $1",
        "reception_apart": "person_id = $1 OR other_id = $1",
        **dict.fromkeys(
            ("reception_belonging", "reception_followup", "reception_given", "reception_leaving", "reception_careevent"),
            "person_id = $1",
        ),
    },
    "location": {"survivors_nextplace": "person_id = $1"},
    "health": dict.fromkeys(
        ("survivors_careflag", "survivors_clinicalnote", "reception_clinicalclock", "reception_reminder"),
        "person_id = $1",
    ),
    "immigration": {"referrals_nrmform": "person_id = $1"},
    "account": dict.fromkeys(
        ("survivors_account", "survivors_formeraccount", "referrals_notification"), "person_id = $1"
    ),
    "consent": dict.fromkeys(("survivors_answer", "survivors_told", "survivors_legalbasis"), "person_id = $1"),
    "centre": {
        **dict.fromkeys(
            (
                "reception_movement", "reception_presence", "reception_room", "reception_stockchange",
                "reception_check", "reception_centreroster", "reception_centreevent",
            ),
            "centre_id = $1",
        ),
        "reception_centre": "id = $1",
    },
    "person_ref": {
        "referrals_dutydecided": "person_id = $1",
        "reception_personevent": "person_id = $1",
        "survivors_personrole": "person_id = $1",
        "survivors_formerperson": "record_id = $1",
        "survivors_person": "id = $1",
    },
}  # fmt: skip
LINES = [(data_class, table, rows) for data_class, tables in GOES.items() for table, rows in tables.items()]
TABLE = f"""
CREATE TABLE stewardship_goes (
    place integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, data_class text NOT NULL, name text NOT NULL, rows text NOT NULL,
    UNIQUE (data_class, name)
);
REVOKE ALL ON stewardship_goes FROM PUBLIC, wb_app;
GRANT SELECT ON stewardship_goes TO wb_search;
INSERT INTO stewardship_goes (data_class, name, rows) VALUES {", ".join(map(str, LINES))};
GRANT SELECT, DELETE ON {", ".join(table for _, table, _ in LINES)} TO wb_search;
"""

CLOCKS = """
CREATE OR REPLACE VIEW stewardship_support_ended AS
    SELECT e.person_id, e.ended FROM (
        SELECT p.id AS person_id, greatest(p.ended_at,
                   (SELECT max(s.until) FROM reception_presence s WHERE s.person_id = p.id),
                   (SELECT max(coalesce(a.ended_at, a.until)) FROM survivors_assignment a WHERE a.person_id = p.id)) AS ended
        FROM survivors_person p
        WHERE NOT EXISTS (SELECT 1 FROM reception_presence s WHERE s.person_id = p.id AND s.until IS NULL)
          AND NOT EXISTS (SELECT 1 FROM survivors_assignment a
                          WHERE a.person_id = p.id AND a.ended_at IS NULL AND a.until > access_now())
    ) e WHERE e.ended IS NOT NULL;

CREATE OR REPLACE VIEW stewardship_clock AS
    SELECT 'report_raw' AS data_class, id AS subject_id, controller_id AS agency_id, triaged_at AS began FROM concerns_report WHERE triaged_at IS NOT NULL
    UNION ALL
    SELECT 'source', id, controller_id,
           to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) FROM concerns_source
    UNION ALL
    SELECT 'intel', id, controller_id, recorded_at FROM intelligence_item
    UNION ALL
    SELECT 'suspect', id, controller_id, recorded_at FROM intelligence_suspectentry
    UNION ALL
    SELECT 'suspect', a.id, a.controller_id, greatest(a.recorded_at,
           (SELECT max(o.recorded_at) FROM custody_outcome o WHERE o.arrest_id = a.id)) FROM custody_arrest a
    UNION ALL
    SELECT 'suspect', d.arrest_id, d.controller_id, greatest(d.recorded_at,
           (SELECT max(o.recorded_at) FROM custody_outcome o WHERE o.arrest_id = d.arrest_id))
    FROM custody_detention d
    WHERE NOT EXISTS (SELECT 1 FROM custody_arrest a WHERE (a.id, a.controller_id) = (d.arrest_id, d.controller_id))
    UNION ALL
    SELECT 'suspect', x.id, x.controller_id, greatest(x.recorded_at,
           (SELECT max(m.recorded_at) FROM custody_exhibitmove m WHERE m.exhibit_id = x.id)) FROM custody_exhibit x
    UNION ALL
    SELECT 'operation', id, controller_id, ended_at FROM operations_operation WHERE ended_at IS NOT NULL
    UNION ALL
    SELECT 'centre', id, controller_id, closed_at FROM reception_centre WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT DISTINCT 'identity', i.person_id, i.controller_id, e.ended FROM survivors_identity i JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'support', n.person_id, n.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_note UNION SELECT person_id, controller_id FROM reception_given
          UNION SELECT person_id, controller_id FROM reception_leaving UNION SELECT person_id, controller_id FROM reception_careevent
          UNION SELECT person_id, controller_id FROM reception_belonging UNION SELECT person_id, controller_id FROM reception_followup
          UNION SELECT person_id, controller_id FROM reception_apart) n JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'location', l.person_id, l.controller_id, e.ended FROM survivors_nextplace l JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT DISTINCT 'health', h.person_id, h.controller_id, e.ended
    FROM (SELECT person_id, controller_id FROM survivors_careflag UNION SELECT person_id, controller_id FROM survivors_clinicalnote
          UNION SELECT person_id, controller_id FROM reception_clinicalclock
          UNION SELECT person_id, controller_id FROM reception_reminder) h JOIN stewardship_support_ended e USING (person_id)
    UNION ALL
    SELECT 'immigration', f.person_id, f.controller_id, max(f.closed_at) FROM referrals_nrmform f
    GROUP BY f.person_id, f.controller_id HAVING bool_and(f.closed_at IS NOT NULL)
    UNION ALL
    SELECT DISTINCT 'account', a.person_id, a.controller_id, f.closed
    FROM survivors_account a
    JOIN (SELECT person_id, controller_id, max(closed_at) AS closed FROM referrals_nrmform
          GROUP BY person_id, controller_id HAVING bool_and(closed_at IS NOT NULL)) f USING (person_id, controller_id)
    UNION ALL
    SELECT 'account', t.person_id, t.controller_id, max(t.sent_at) FROM referrals_notification t
    WHERE NOT EXISTS (SELECT 1 FROM survivors_account a WHERE (a.person_id, a.controller_id) = (t.person_id, t.controller_id))
    GROUP BY t.person_id, t.controller_id HAVING bool_and(t.sent_at IS NOT NULL)
    UNION ALL
    SELECT 'consent', person_id, controller_id, max(recorded_at)
    FROM (SELECT person_id, controller_id, recorded_at FROM survivors_answer
          UNION ALL SELECT person_id, controller_id, recorded_at FROM survivors_told
          UNION ALL SELECT person_id, controller_id, recorded_at FROM survivors_legalbasis) said
    GROUP BY person_id, controller_id
    UNION ALL
    -- the reference is the last to go: while anything else of the person is kept, somebody must be able to say whose it is
    SELECT 'person_ref', p.id, p.controller_id, e.ended FROM survivors_person p
    JOIN stewardship_support_ended e ON e.person_id = p.id
    WHERE NOT EXISTS (SELECT 1 FROM survivors_identity o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_nextplace o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_note o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM reception_given o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM reception_leaving o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM reception_belonging o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM reception_followup o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_careflag o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_clinicalnote o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM referrals_nrmform o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM referrals_notification o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_account o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_answer o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_told o WHERE o.person_id = p.id)
      AND NOT EXISTS (SELECT 1 FROM survivors_legalbasis o WHERE o.person_id = p.id)
    UNION ALL
    SELECT 'person_ref', d.person_id, d.controller_id, max(d.decided_at) FROM referrals_dutydecided d
    WHERE NOT EXISTS (SELECT 1 FROM survivors_person p WHERE (p.id, p.controller_id) = (d.person_id, d.controller_id))
      AND NOT EXISTS (SELECT 1 FROM referrals_nrmform f WHERE f.person_id = d.person_id)
      AND NOT EXISTS (SELECT 1 FROM referrals_notification n WHERE n.person_id = d.person_id)
      AND (NOT EXISTS (SELECT 1 FROM survivors_person p WHERE p.id = d.person_id)
           OR EXISTS (SELECT 1 FROM stewardship_support_ended e WHERE e.person_id = d.person_id))
    GROUP BY d.person_id, d.controller_id;
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
    FOR t IN SELECT g.name, g.rows FROM stewardship_goes g WHERE g.data_class = r.data_class ORDER BY g.place LOOP
        EXECUTE format('DELETE FROM %I WHERE (%s) AND controller_id = $2', t.name, t.rows) USING r.subject_id, r.agency_id;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    DELETE FROM stewardship_due d
    WHERE (d.agency_id, d.data_class, d.subject_id) = (r.agency_id, r.data_class, r.subject_id);
    UPDATE stewardship_review SET erased_by = ctx_membership(), erased_at = access_now(), rows = total WHERE id = r.id;
    RETURN total;
END $$;
"""

# What a tablet sent stays sealed in its envelope; the seal of the desk has no epoch, so the box goes with the event.
ENVELOPES = f"""
CREATE FUNCTION reception_event_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    UPDATE reception_envelope SET box = '' WHERE id = OLD.id;
    RETURN NULL;
END $$;
CREATE FUNCTION reception_centre_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    UPDATE reception_envelope SET box = '' WHERE centre_id = OLD.id;
    RETURN NULL;
END $$;
CREATE FUNCTION survivors_person_erased() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    DELETE FROM reception_standing WHERE person_id = OLD.id;
    DELETE FROM survivors_same_asked WHERE person_id = OLD.id;
    DELETE FROM survivors_same_found WHERE OLD.id IN (person_id, other_id);
    RETURN NULL;
END $$;
CREATE TRIGGER event_erased AFTER DELETE ON reception_personevent FOR EACH ROW EXECUTE FUNCTION reception_event_erased();
CREATE TRIGGER event_erased AFTER DELETE ON reception_centreevent FOR EACH ROW EXECUTE FUNCTION reception_event_erased();
CREATE TRIGGER event_erased AFTER DELETE ON reception_careevent FOR EACH ROW EXECUTE FUNCTION reception_event_erased();
CREATE TRIGGER centre_erased AFTER DELETE ON reception_centre FOR EACH ROW EXECUTE FUNCTION reception_centre_erased();
CREATE TRIGGER person_erased AFTER DELETE ON survivors_person FOR EACH ROW EXECUTE FUNCTION survivors_person_erased();
GRANT SELECT (id, centre_id) ON reception_envelope TO wb_search;
"""
OWNED = "".join(
    f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC; ALTER FUNCTION {name}() OWNER TO wb_search;\n"
    for name in ("reception_event_erased", "reception_centre_erased", "survivors_person_erased")
)


class Migration(migrations.Migration):
    """Not reversible by itself: what was added to the table of what goes would be forgotten."""

    dependencies = [
        ("stewardship", "0003_over_is_kept"),
        ("concerns", "0004_sources_are_kept"),
        ("custody", "0007_latest_first"),
        ("intelligence", "0003_the_latest_first"),
        ("operations", "0009_latest_first"),
        ("press", "0006_a_picture"),
        ("reception", "0012_what_remains"),
        ("referrals", "0003_decisions"),
        ("survivors", "0004_known_already"),
    ]

    operations = [migrations.RunSQL(TABLE + CLOCKS + ERASE + ENVELOPES + OWNED)]
