"""What a centre leaves: how long people waited, records by who controls them, and what people thought, as counts alone."""

from django.db import migrations

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
OURS = """EXISTS (SELECT 1 FROM reception_centre c WHERE c.id = p_centre AND c.controller_id = ctx_agency()
                  AND ctx_purpose() = 'reception' AND ctx_membership() IS NOT NULL)"""

WAITED = f"""
CREATE FUNCTION reception_waited(p_centre uuid)
RETURNS TABLE (step text, people integer, had integer, usual integer, longest integer)
LANGUAGE sql STABLE {DEFINER} AS $$
    WITH steps (place, step, things) AS (VALUES
        (1, 'drink', ARRAY['hot-drink', 'cold-drink']), (2, 'interpreter', ARRAY['interpreting']),
        (3, 'rest', ARRAY['rested']), (4, 'information', ARRAY['told-options']),
        (5, 'decision', ARRAY['decision-offered'])
    ), took AS (
        SELECT s.place, s.step, p.person_id, extract(epoch FROM min(g.at) - p.since) / 60 AS minutes
        FROM reception_presence p CROSS JOIN steps s
        LEFT JOIN reception_given g ON g.person_id = p.person_id AND g.centre_id = p_centre AND g.thing = ANY (s.things)
                                   AND g.at >= p.since - interval '1 minute'
        WHERE p.centre_id = p_centre AND {OURS}
        GROUP BY s.place, s.step, p.person_id, p.since
    )
    SELECT t.step, count(*)::int, count(t.minutes)::int,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t.minutes))::int, round(max(t.minutes))::int
    FROM took t GROUP BY t.place, t.step ORDER BY t.place
$$;
CREATE FUNCTION reception_minutes_interpreted(p_centre uuid) RETURNS integer LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT coalesce(round(sum(extract(epoch FROM i.ended_at - i.began_at)) / 60), 0)::int
    FROM reception_interpreting i WHERE i.centre_id = p_centre AND {OURS}
$$;
"""

KEPT = {
    "person_ref": ("survivors_person",),
    "identity": ("survivors_identity",),
    "support": (
        "survivors_note", "reception_given", "reception_leaving", "reception_belonging", "reception_followup",
        "reception_practical", "reception_story", "reception_interpreting",
    ),
    "health": (
        "survivors_careflag", "survivors_clinicalnote", "reception_reminder", "reception_clinicalclock",
        "reception_screening",
    ),
    "location": ("survivors_nextplace",),
    "consent": ("survivors_answer", "survivors_told", "survivors_legalbasis"),
}  # fmt: skip
UNION = " UNION ALL ".join(
    f"SELECT '{data_class}' AS data_class, r.controller_id FROM {table} r "
    f"WHERE r.{'id' if table == 'survivors_person' else 'person_id'} IN (SELECT person_id FROM theirs)"
    for data_class, tables in KEPT.items()
    for table in tables
)
RECORDS = f"""
CREATE FUNCTION reception_records_of(p_centre uuid)
RETURNS TABLE (data_class text, controller_id uuid, records integer)
LANGUAGE sql STABLE {DEFINER} AS $$
    WITH theirs AS (SELECT p.person_id FROM reception_presence p WHERE p.centre_id = p_centre AND {OURS})
    SELECT k.data_class, k.controller_id, count(*)::int FROM ({UNION}) k GROUP BY 1, 2 ORDER BY 1, 2
$$;
"""

FEEDBACK = f"""
CREATE TABLE reception_feedback (
    centre_id uuid NOT NULL, question text NOT NULL, answer text NOT NULL, said integer NOT NULL,
    PRIMARY KEY (centre_id, question, answer)
);
REVOKE ALL ON reception_feedback FROM PUBLIC, wb_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON reception_feedback TO wb_search;
CREATE FUNCTION reception_count_feedback(p_centre uuid, p_questions text[], p_answers text[]) RETURNS void
LANGUAGE sql {DEFINER} AS $$
    INSERT INTO reception_feedback
    SELECT p_centre, a.question, a.answer, 1 FROM (
        SELECT * FROM unnest(p_questions, p_answers) UNION ALL SELECT 'people', ''
    ) a (question, answer)
    WHERE p_centre = ANY (ARRAY(SELECT fact_same_centre())) OR {OURS}
    ON CONFLICT (centre_id, question, answer) DO UPDATE SET said = reception_feedback.said + 1
$$;
REVOKE ALL ON FUNCTION reception_count_feedback(uuid, text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reception_count_feedback(uuid, text[], text[]) TO wb_app;
CREATE FUNCTION reception_feedback_of(p_centre uuid) RETURNS TABLE (question text, answer text, said integer)
LANGUAGE sql STABLE {DEFINER} AS $$
    -- not while more may come: the difference between two looks would be one person's answer
    SELECT f.question, f.answer, f.said FROM reception_feedback f
    WHERE f.centre_id = p_centre AND {OURS}
      AND EXISTS (SELECT 1 FROM reception_centre c WHERE c.id = p_centre AND c.state = 'closed')
      AND (SELECT n.said FROM reception_feedback n WHERE (n.centre_id, n.question) = (p_centre, 'people')) >= 5
$$;
"""
OWNERS = "".join(
    f"ALTER FUNCTION {name} OWNER TO wb_search;\n"
    for name in (
        "reception_waited(uuid)", "reception_minutes_interpreted(uuid)", "reception_records_of(uuid)",
        "reception_count_feedback(uuid, text[], text[])", "reception_feedback_of(uuid)",
    )
)  # fmt: skip
SPOKEN_STAYS = "REVOKE UPDATE, DELETE, TRUNCATE ON reception_recording, reception_handedover FROM wb_app"


class Migration(migrations.Migration):
    """Not reversible by itself: what was counted would be lost."""

    dependencies = [("reception", "0019_interpreters_and_closing"), ("survivors", "0005_why_before_rest")]

    operations = [migrations.RunSQL(sql) for sql in (WAITED, RECORDS, FEEDBACK, OWNERS, SPOKEN_STAYS)]
