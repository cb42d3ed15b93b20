"""A keeper without a sign-in is asked by letter: the case team itself gives the notice, writes the letter and the answer."""

from django.db import migrations, models
from django.db.models import Q

DEFINER = "SECURITY DEFINER SET search_path = pg_catalog, public"
STEPS = f"""
CREATE OR REPLACE FUNCTION sharing_victim_request_step() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
DECLARE me uuid := ctx_membership(); home uuid := ctx_agency(); held text := ctx_role(); keeps boolean; asks boolean;
BEGIN
    keeps := home = OLD.to_agency_id AND held = CASE OLD.data_class
        WHEN 'health' THEN 'health_worker' ELSE 'reception_manager' END;
    asks := home = OLD.from_agency_id AND held = 'investigator';
    IF OLD.refused_at IS NOT NULL OR OLD.taken_back_at IS NOT NULL
       OR (NEW.senior_by, NEW.senior_at) IS DISTINCT FROM (OLD.senior_by, OLD.senior_at) AND (OLD.senior_at IS NOT NULL OR home <> OLD.from_agency_id
            OR NEW.senior_by IS DISTINCT FROM me OR held NOT IN ('op_commander', 'review_officer'))
       OR (NEW.excused_by, NEW.excused_at) IS DISTINCT FROM (OLD.excused_by, OLD.excused_at) AND (OLD.excused_at IS NOT NULL
            OR home <> OLD.to_agency_id OR held <> 'reception_manager' OR NEW.excused_by IS DISTINCT FROM me)
       OR NEW.notice_may_at IS DISTINCT FROM OLD.notice_may_at AND (OLD.notice_may_at IS NOT NULL OR NOT asks)
       OR (NEW.noticed_by, NEW.noticed_at, NEW.language, NEW.view, NEW.given_to, NEW.given_because)
            IS DISTINCT FROM (OLD.noticed_by, OLD.noticed_at, OLD.language, OLD.view, OLD.given_to, OLD.given_because)
            AND (OLD.noticed_at IS NOT NULL
                OR NOT (OLD.outside AND asks OR NOT OLD.outside AND home = OLD.to_agency_id AND held = 'reception_manager')
                OR NEW.noticed_by IS DISTINCT FROM me OR OLD.notice_form = 'none' AND OLD.notice_may_at IS NULL)
       OR NEW.letter_id IS DISTINCT FROM OLD.letter_id AND (OLD.letter_id IS NOT NULL OR NOT OLD.outside OR NOT asks)
       OR (NEW.answer, NEW.answered_by, NEW.answered_at) IS DISTINCT FROM (OLD.answer, OLD.answered_by, OLD.answered_at)
            AND (OLD.answered_at IS NOT NULL OR OLD.letter_id IS NULL OR NOT asks OR NEW.answered_by IS DISTINCT FROM me)
       OR (NEW.records, NEW.chosen_by, NEW.chosen_at, NEW.narrowed, NEW.expires_at)
            IS DISTINCT FROM (OLD.records, OLD.chosen_by, OLD.chosen_at, OLD.narrowed, OLD.expires_at)
            AND (NOT keeps OR OLD.sent_at IS NOT NULL OR NEW.chosen_by IS DISTINCT FROM me)
       OR (NEW.disclosure_id, NEW.sent_at) IS DISTINCT FROM (OLD.disclosure_id, OLD.sent_at) AND (NOT keeps OR OLD.sent_at IS NOT NULL)
       OR (NEW.refused_by, NEW.refused_at, NEW.refusal)
            IS DISTINCT FROM (OLD.refused_by, OLD.refused_at, OLD.refusal) AND (NEW.refused_by IS DISTINCT FROM me OR NOT (keeps
            OR home = OLD.from_agency_id AND OLD.senior_at IS NULL AND held IN ('op_commander', 'review_officer')))
       OR NEW.taken_back_at IS DISTINCT FROM OLD.taken_back_at AND NOT asks
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'row-level security: somebody else takes this step';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER sharing_victim_request_step BEFORE UPDATE OF senior_by, senior_at, excused_by, excused_at,
    notice_may_at, noticed_by, noticed_at, language, view, given_to, given_because, letter_id, answer,
    answered_by, answered_at, records, chosen_by, chosen_at, narrowed,
    expires_at, disclosure_id, sent_at, refused_by, refused_at, refusal, taken_back_at ON sharing_victimrequest
    FOR EACH ROW EXECUTE FUNCTION sharing_victim_request_step();
"""


GRANTS = """
DROP POLICY asks ON sharing_victimrequest;
CREATE POLICY asks ON sharing_victimrequest AS RESTRICTIVE FOR INSERT WITH CHECK (
    from_agency_id = (SELECT ctx_agency()) AND asked_by = (SELECT ctx_membership())
    AND (SELECT ctx_role()) = 'investigator' AND operation_id = ANY (ARRAY(SELECT fact_case_member()))
    AND senior_at IS NULL AND noticed_at IS NULL AND excused_at IS NULL AND notice_may_at IS NULL AND given_to = ''
    AND disclosure_id IS NULL AND expires_at IS NULL AND records = '{}' AND letter_id IS NULL AND answered_at IS NULL);
GRANT UPDATE (letter_id, answer, answered_by, answered_at) ON sharing_victimrequest TO wb_app;
"""
FIELDS = {
    "outside": models.BooleanField(db_default=False, default=False, help_text="whoever keeps them has no sign-in"),
    "letter_id": models.UUIDField(blank=True, help_text="the disclosure that is the letter", null=True),
    "answer": models.CharField(
        blank=True,
        choices=[
            ("all", "They sent what was asked for"),
            ("part", "They sent some of it"),
            ("none", "They hold nothing of the kind"),
            ("refused", "They refused"),
        ],
        db_default="",
        default="",
        max_length=10,
    ),
    "answered_by": models.UUIDField(blank=True, null=True),
    "answered_at": models.DateTimeField(blank=True, null=True),
}
FIRST = Q(letter_id=None) | Q(outside=True) & (
    Q(noticed_at__isnull=False) | Q(notice_form="none", senior_at__isnull=False)
)


class Migration(migrations.Migration):
    dependencies = [("sharing", "0028_what_goes_into_a_pack")]

    operations = [
        *(migrations.AddField("victimrequest", name, field) for name, field in FIELDS.items()),
        migrations.AddConstraint(
            "victimrequest", models.CheckConstraint(condition=FIRST, name="victim_request_notice_before_letter")
        ),
        migrations.RunSQL(STEPS, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
    ]
