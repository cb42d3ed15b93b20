"""Which duty is due, by whom, with which clock; then the form after a yes, the notification after a no."""

from datetime import timedelta

import pytest
from django.db.models import Q

from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.models import Deadline
from wilberforce.deadlines.policy import due_for
from wilberforce.reception import actions as reception
from wilberforce.referrals import actions, policy, rules
from wilberforce.referrals.models import state_of
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import ANSWERS

from .conftest import CITY, CITY_TOO, POLICE

WORDS = "Several adults worked long hours in a nail bar and were not free to leave."


def decide(case, part=CITY, found_in="Normanton (Derby)", **given):
    with case.by(part) as actor:
        return actions.duty(actor, case.person_id, found_in=found_in, **given)


def by_whom(decided):
    return Agency.objects.get(pk=decided.agency_id).name if decided.agency_id else ""


def due_of(case, part=CITY):
    with case.by(part) as actor:
        return [due.kind.code for due in due_for(actor)]


def submit(case, part=CITY, **given):
    with case.by(part) as actor:
        form = policy.form_of(actor, case.person_id)
        said = {"home_office_ref": "HO-TEST-1", "at": clock.now(), "version": form["version"]} | given
        return actions.record_submission(actor, case.person_id, **said)


def agreed_form(case, part=CITY):
    case.answers("given", part)
    decide(case, part)
    with case.by(part) as actor:
        return actions.begin_form(actor, case.person_id)


def test_until_the_person_decides_nothing_is_due_and_no_clock_runs(case):
    decided = decide(case)
    assert (decided.duty, by_whom(decided)) == (rules.Duty.WAIT, "")
    assert due_of(case) == []


def test_not_now_is_an_answer_and_hurries_nobody(case):
    case.answers("not now")
    assert decide(case).duty == rules.Duty.WAIT


@pytest.mark.parametrize("part", [CITY, POLICE])
def test_in_derby_the_duty_is_the_citys_whoever_finds_it_out(case, part):
    case.answers("given")
    decided = decide(case, part)
    assert (decided.duty, by_whom(decided)) == (rules.Duty.REFER, "Derby City Council")
    assert due_of(case, CITY) == ["referral-duty"]
    assert due_of(case, POLICE) == []


def test_in_burton_the_duty_is_staffordshires(case):
    case.answers("given")
    assert by_whom(decide(case, found_in="burton town centre")) == "Staffordshire County Council"


@pytest.mark.parametrize("age", ["child", "not sure"])
def test_a_child_or_somebody_who_may_be_one_is_referred_without_consent(meet, age):
    case = meet(age)
    assert decide(case).duty == rules.Duty.REFER
    with case.by() as actor:
        assert state_of(vars(actions.begin_form(actor, case.person_id))) == "draft"


def test_a_no_makes_a_notification_due(case):
    case.answers("declined")
    decided = decide(case)
    assert (decided.duty, by_whom(decided)) == (rules.Duty.NOTIFY, "Derby City Council")


def test_a_yes_taken_back_closes_the_form_and_a_notification_is_due(case):
    agreed_form(case)
    case.answers("withdrawn")
    assert decide(case).duty == rules.Duty.NOTIFY
    with case.by() as actor:
        assert policy.form_of(actor, case.person_id) is None


@pytest.mark.parametrize("first", ["not now", "declined", "given", "withdrawn"])
@pytest.mark.parametrize(("then", "duty"), [("given", "REFER"), ("declined", "NOTIFY"), ("not now", "WAIT")])
def test_any_answer_may_follow_any_other(case, first, then, duty):
    if first == "withdrawn":
        case.answers("given")
    case.answers(first)
    case.answers(then)
    assert decide(case).duty == rules.Duty[duty]


def test_a_changed_mind_changes_the_duty_at_once_and_the_earlier_decision_stays(case):
    case.answers("declined")
    decide(case)
    case.answers("given")
    with case.by() as actor:
        kept = policy.DUTIES.many(actor, projection="referral_duty", order_by=("decided_at",))
    assert [row["duty"] for row in kept] == [rules.Duty.NOTIFY, rules.Duty.REFER]


def test_the_clock_runs_from_the_yes_of_somebody_who_was_waited_for_and_stops_when_they_take_it_back(case):
    case.answers("not now")
    decide(case)
    assert due_of(case) == []
    case.answers("given")
    assert len(due_of(case)) == 1
    case.answers("not now")
    with case.by() as actor:
        assert policy.duties_of(actor, case.person_id)[0]["duty"] == rules.Duty.WAIT
    assert due_of(case) == []


def test_the_same_answer_again_begins_no_clock_anew(case):
    case.answers("given")
    decide(case)
    case.answers("given")
    with case.by() as actor:
        assert len(policy.duties_of(actor, case.person_id)) == 1


def test_without_grounds_nothing_is_due_and_the_clock_stops(case):
    case.answers("given")
    decide(case)
    assert decide(case, believed=False).duty == rules.Duty.NONE
    assert due_of(case) == []


def test_an_unknown_place_says_what_to_do(case):
    with pytest.raises(RuleBroken, match="Choose the area") as broken:
        decide(case, found_in="Atlantis")
    assert broken.value.field == "found_in"


def test_the_red_cross_never_decides_or_refers(case):
    with case.at("reception_manager", "reception") as actor, pytest.raises(RuleBroken, match="never refers"):
        actions.duty(actor, case.person_id, found_in="Derby")


def test_consent_comes_before_the_form(case):
    decide(case)
    with case.by() as actor, pytest.raises(RuleBroken, match="has not agreed"):
        actions.begin_form(actor, case.person_id)


def test_the_place_comes_before_the_form(case):
    case.answers("given")
    with case.by() as actor, pytest.raises(RuleBroken, match="where the person was found"):
        actions.begin_form(actor, case.person_id)


def test_an_agency_has_one_open_form_for_a_person(case):
    agreed_form(case)
    with case.by() as actor, pytest.raises(RuleBroken, match="open for this person already"):
        actions.begin_form(actor, case.person_id)


def test_a_sent_form_waits_five_working_days_for_the_first_decision(case):
    agreed_form(case)
    sent = submit(case)
    assert state_of(vars(sent)) == "sent, no decision yet"
    due = rules.reasonable_grounds_due(sent.submitted_at, bank_holidays()).due_at
    waiting = Deadline.objects.get(subject_id=case.person_id, rule="reasonable-grounds")
    assert (waiting.due_at, waiting.role) == (due, "first_responder")
    assert due_of(case) == ["reasonable-grounds"]


def test_what_one_agency_sent_the_other_does_not_send_again(case):
    agreed_form(case, POLICE)
    submit(case, POLICE)
    assert due_of(case, CITY) == []
    decided = decide(case, CITY)
    assert (decided.duty, decided.why) == (rules.Duty.NONE, decided.why)
    assert "already gone" in decided.why


def test_the_home_offices_reference_opens_only_through_the_form(case):
    sealed = agreed_form(case)
    submit(case)
    sealed.refresh_from_db(fields=[])
    with case.by() as actor:
        assert policy.form_of(actor, case.person_id)["home_office_ref"] == "HO-TEST-1"
        assert str(policy.FORMS.model.objects.get().home_office_ref) == "<sealed>"


@pytest.mark.parametrize(
    ("given", "says", "field"),
    [
        ({"at": clock.now() + timedelta(days=1)}, "has not come yet", "at"),
        ({"at": clock.now() - timedelta(days=2)}, "earlier than the step before", "at"),
        ({"home_office_ref": "  "}, "Enter the reference", "home_office_ref"),
        ({"home_office_ref": "x" * 41}, "40 characters", "home_office_ref"),
        ({"home_office_ref": "A\nBcc: b@example.org"}, "Enter the reference", "home_office_ref"),
    ],
)
def test_a_wrong_submission_says_what_to_do(case, given, says, field):
    agreed_form(case)
    with pytest.raises(RuleBroken, match=says) as broken:
        submit(case, **given)
    assert broken.value.field == field


def test_a_form_is_sent_once(case):
    agreed_form(case)
    submit(case)
    with pytest.raises(RuleBroken, match="sent already"):
        submit(case)


def test_somebody_elses_change_is_not_written_over(case):
    agreed_form(case)
    with pytest.raises(Conflict):
        submit(case, version=7)


# An adult said no


def refuse(case, text=WORDS, part=CITY, version=None):
    with case.by(part) as actor:
        return actions.record_refusal(actor, case.person_id, text=text, version=version)


def send(case, kept):
    with case.by() as actor:
        said = {"home_office_ref": "HO-TEST-2", "at": clock.now(), "version": kept.version}
        return actions.notify(actor, case.person_id, kept.pk, **said)


@pytest.fixture
def no(case):
    case.answers("declined")
    decide(case)
    return case


def test_a_second_person_reads_the_words_before_they_go(no):
    written = refuse(no)
    with pytest.raises(NotAllowed):
        send(no, written)
    with no.by() as actor, pytest.raises(RuleBroken, match="Somebody else has to read it"):
        actions.check_text(actor, no.person_id, version=1)
    with no.by(CITY_TOO) as actor:
        checked = actions.check_text(actor, no.person_id, version=1)
    assert send(no, checked).sent_at
    assert due_of(no) == []


def test_changed_words_are_read_again(no):
    refuse(no)
    with no.by(CITY_TOO) as actor:
        actions.check_text(actor, no.person_id, version=1)
    changed = refuse(no, WORDS + " They were paid nothing.", version=2)
    with pytest.raises(NotAllowed):
        send(no, changed)


@pytest.mark.parametrize(
    "mark", ["a.person@example.org", "07700 900123", "DE1 1AA", "QQ 12 34 56 C", "04/05/1990", "REFERENCE"]
)
def test_what_points_to_somebody_is_refused(no, mark):
    with pytest.raises(RuleBroken, match="could identify") as broken:
        refuse(no, f"{WORDS} {no.reference.lower() if mark == 'REFERENCE' else mark}")
    assert broken.value.field == "text"


@pytest.mark.parametrize(("text", "says"), [("  ", "Say what happened"), ("x" * 2_000_000, "2,000,000")])
def test_too_little_and_too_much_is_refused(no, text, says):
    with pytest.raises(RuleBroken, match=says):
        refuse(no, text)


@pytest.mark.parametrize("answer", ["given", "not now"])
def test_without_a_no_there_is_no_notification(case, answer):
    case.answers(answer)
    decide(case)
    with pytest.raises((RuleBroken, NotAllowed)):
        refuse(case)


def test_a_child_is_never_notified_without_a_name(meet):
    case = meet("child")
    case.answers("declined")
    decide(case)
    with pytest.raises(RuleBroken, match="only for an adult"):
        refuse(case)


@pytest.mark.parametrize("answer", ["given", "declined"])
def test_no_decision_is_written_down_before_rest_and_information(meet, answer):
    case = meet(ready_to_decide=False)
    with pytest.raises(RuleBroken, match="has not rested") as refused:
        case.answers(answer)
    assert refused.value.field == "sooner_because"
    case.answers("not now")
    with case.at("reception_manager", "reception") as actor:
        reception.rest_recorded(actor, case.person_id)
    with pytest.raises(RuleBroken, match="told every choice"):
        case.answers(answer)
    with case.by() as actor:
        survivors.tell(actor, case.person_id, step="choices", language="ro", interpreter=True)
    case.answers(answer)


def test_a_decision_before_rest_is_written_down_with_the_persons_reason(meet):
    case = meet(ready_to_decide=False)
    with case.by() as actor:
        how = {"language": "ro", "interpreter": True, "sooner_because": "Her child waits for her."}
        actions.record_answer(actor, case.person_id, answer="given", **how)
        (kept,) = ANSWERS.many(actor, Q(person_id=case.person_id, answer="given"))
    assert kept["sooner_because"] == "Her child waits for her."
