"""The defence of somebody who may have been made to offend: weighed by two before a charge, never in a clock's way."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.custody import actions, board, policy, weighing_of
from wilberforce.custody.lists import OFFENCES, SCHEDULE_4, excluded
from wilberforce.custody.models import Weighing
from wilberforce.custody.rules import defence
from wilberforce.operations.tests.factories import ago

from .conftest import TRAFFICKING, Suite, send, to, words
from .test_policy import join_case

SAID = {
    "may_be_victim": "yes", "age": "adult", "offences": ["mda-6"], "scheduled": "no", "compelled": "yes",
    "linked": "yes", "reasonable": "not sure", "considered": "What custody noticed", "conclusion": "may-apply",
    "reason": "A debt was spoken of",
}  # fmt: skip
DECIDED = {"decided_by": "CPS East Midlands, 26/0417", "charging": "charge"}


@pytest.fixture
def case(suite: Suite, cast: Any) -> Suite:
    join_case(suite, cast["investigator"])
    return suite


def weighs(case: Suite, arrest: UUID, whose: str = "investigator", **told: Any) -> Weighing:
    of = SAID | ({"conclusion": "more-needed"} | DECIDED if whose == "prosecutor" else {})
    with case.day.at("investigator", "criminal_investigation") as actor:
        return actions.weigh(actor, arrest, whose=whose, at=ago(minutes=1), **(of | told))


def charges(case: Suite, held: UUID, kind: str = "charged", **told: Any) -> None:
    with case.duty() as actor:
        actions.outcome(actor, held, kind=kind, at=ago(minutes=0), offences=[TRAFFICKING], **told)


def arrest_of(case: Suite, held: UUID) -> UUID:
    with case.duty() as actor:
        arrest: UUID = policy.DETENTIONS.one(actor, held, projection="detention")["arrest_id"]
    return arrest


@pytest.fixture
def held(case: Suite) -> UUID:
    return case.detained()


# What the law says


@pytest.mark.parametrize(
    ("victim", "ages", "asked"),
    [
        ("yes", [30], True), ("not sure", [30], True), ("no", [30], False), ("no", [17], True), ("no", [17, 19], True),
        ("no", [], True), ("no", [18], False),
    ],
)  # fmt: skip
def test_it_is_weighed_of_a_possible_victim_and_of_a_possible_child(victim: str, ages: list[int], asked: bool) -> None:
    assert bool(defence.must_be_weighed(victim, ages)) is asked


@pytest.mark.parametrize(
    ("offence", "day", "answer"),
    [
        ("kidnapping", date(2026, 1, 1), "yes"),
        (TRAFFICKING, date(2018, 4, 17), "yes"),
        ("mda-6", date(2026, 1, 1), "no"),
        ("soa-53", date(2026, 1, 1), "not sure"),
        ("kidnapping", date(2015, 7, 30), "no"),
    ],
)
def test_schedule_4_is_read_as_it_was_that_day(offence: str, day: date, answer: str) -> None:
    assert excluded(offence, day) == answer


def test_schedule_4_names_only_known_offences_and_its_source() -> None:
    assert all(set(group.offences) <= set(OFFENCES) for group in SCHEDULE_4.values())
    assert all(group.source and group.valid_from == defence.IN_FORCE for group in SCHEDULE_4.values())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"scheduled": "yes", "conclusion": "excluded"}, "scheduled"),
        ({"offences": ["kidnapping"]}, "scheduled"),
        ({"offences": ["kidnapping"], "scheduled": "yes", "conclusion": "excluded"}, ""),
        ({"compelled": "not-asked"}, "compelled"),
        ({"age": "child"}, "compelled"),
        ({"age": "child", "compelled": "not-asked"}, ""),
        ({"age": "not sure", "compelled": "not-asked"}, ""),
        ({"linked": "no"}, "conclusion"),
        ({"linked": "no", "conclusion": "does-not-apply"}, ""),
        ({"reasonable": "yes", "conclusion": "does-not-apply"}, "conclusion"),
        ({"conclusion": "excluded"}, "conclusion"),
    ],
)
def test_answers_that_contradict_one_another_are_said_beside_their_question(
    changes: dict[str, Any], field: str
) -> None:
    told = SAID | changes
    listed = [excluded(code, date(2026, 1, 1)) for code in told["offences"]]
    assert list(defence.faults(told, listed)) == ([field] if field else [])


def test_a_weighing_needs_its_words_and_knows_its_answers(case: Suite) -> None:
    arrest = case.arrest()
    for wrong in ({"considered": " "}, {"reason": ""}, {"linked": "perhaps"}, {"age": "child"}):
        with pytest.raises(RuleBroken) as refused:
            weighs(case, arrest, **wrong)
        assert refused.value.field == ("compelled" if "age" in wrong else next(iter(wrong)))


# A charge


def test_a_charge_waits_for_both_or_for_a_written_reason(case: Suite, held: UUID) -> None:
    with pytest.raises(RuleBroken, match="the investigator and the prosecutor") as refused:
        charges(case, held)
    assert refused.value.field == "unweighed"
    weighs(case, arrest_of(case, held))
    with pytest.raises(RuleBroken, match="Not yet weighed by: the prosecutor"):
        charges(case, held)
    weighs(case, arrest_of(case, held), "prosecutor")
    charges(case, held)


def test_the_reason_of_a_charge_without_it_stands_in_the_record(case: Suite, held: UUID) -> None:
    charges(case, held, unweighed="The court sits at ten and the prosecutor has said so by telephone")
    with case.duty() as actor:
        texts = [entry["text"] for entry in board.record(actor, held)["history"]]
    assert any("before the defence was weighed: The court sits" in text for text in texts)


@pytest.mark.parametrize("kind", ["bailed", "no-further-action"])
def test_nobody_is_held_because_it_was_not_weighed(case: Suite, held: UUID, kind: str) -> None:
    charges(case, held, kind)


def test_a_charge_against_the_prosecutors_decision_is_refused(case: Suite, held: UUID) -> None:
    arrest = arrest_of(case, held)
    weighs(case, arrest)
    for charging in ("no-charge", "later"):
        weighs(case, arrest, "prosecutor", charging=charging)
        with pytest.raises(RuleBroken, match="prosecutor’s decision is"):
            charges(case, held)


def test_who_is_an_adult_and_no_victim_is_charged_as_before(case: Suite) -> None:
    held = case.booked(case.arrest(ages=[30]))
    with case.duty() as actor:
        actions.care(actor, held, possible_victim="no")
    charges(case, held)


# Written once


def test_a_correction_points_back_and_is_made_once(case: Suite) -> None:
    arrest = case.arrest()
    first = weighs(case, arrest)
    second = weighs(case, arrest, conclusion="more-needed", instead_of=first.pk)
    with pytest.raises(RuleBroken, match="corrected this weighing already"):
        weighs(case, arrest, instead_of=first.pk)
    with pytest.raises(RuleBroken, match="of the same person"):
        weighs(case, arrest, "prosecutor", instead_of=second.pk)
    with case.day.at("investigator", "criminal_investigation") as actor:
        shown = weighing_of.one(actor, arrest)
    assert shown["found"]["investigator"]["id"] == second.pk
    assert ["corrected" in entry["title"] for entry in shown["history"]] == [False, True]


def test_what_was_weighed_is_never_changed(case: Suite) -> None:
    weighs(case, case.arrest())
    with case.day.at("investigator", "criminal_investigation"):
        for sql in ("UPDATE custody_weighing SET linked = 'no'", "DELETE FROM custody_weighing"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


def test_the_prosecutor_is_named_by_office_and_the_investigator_decides_no_charge(case: Suite) -> None:
    arrest = case.arrest()
    with pytest.raises(RuleBroken) as refused:
        weighs(case, arrest, "prosecutor", decided_by=" ")
    assert refused.value.field == "decided_by"
    assert weighs(case, arrest, charging="charge").charging == ""


# Who sees it


def test_custody_sees_that_it_was_weighed_and_not_what(case: Suite, held: UUID) -> None:
    arrest = arrest_of(case, held)
    weighs(case, arrest)
    with case.duty() as actor:
        [row] = policy.WEIGHINGS.many(actor, projection="defence_weighed")
        assert policy.WEIGHINGS.many(actor, projection="defence") == []
        with pytest.raises(NotAllowed):
            actions.weigh(actor, arrest, whose="investigator", at=ago(minutes=1), **SAID)
    assert not {"reason", "conclusion", "considered", "linked"} & set(row)


def test_nobody_outside_the_case_sees_it(case: Suite) -> None:
    weighs(case, case.arrest())
    for part, purpose in (
        ("op_commander", "op_safety"),
        ("op_member_a", "op_safety"),
        ("intel_officer", "intelligence"),
    ):
        with case.day.at(part, purpose):
            assert not Weighing.objects.exists()


def test_the_case_team_weighs_on_its_pages_and_custody_reads_only_that_it_did(
    case: Suite,
    held: UUID,
    signed_in: Any,
    sergeant: Any,
) -> None:
    investigator, arrest = signed_in("investigator"), arrest_of(case, held)
    purpose = "criminal_investigation"
    assert "To be weighed" in words(investigator.get(to(f"{purpose}:defences")))
    page = to(f"{purpose}:weigh", arrest, "investigator")
    told = SAID | {"offences": [TRAFFICKING], "scheduled": "no"}
    refused = words(send(investigator, page, purpose, **told))
    assert "At least one of these offences is in Schedule 4" in refused
    told |= {"scheduled": "yes", "conclusion": "excluded"}
    assert send(investigator, page, purpose, **told).status_code == 302
    decided = to(f"{purpose}:weigh", arrest, "prosecutor")
    assert send(investigator, decided, purpose, **(told | DECIDED)).status_code == 302
    assert "CPS East Midlands" in words(investigator.get(to(f"{purpose}:defence", arrest)))
    seen = words(sergeant.get(to("custody:detention", held)))
    assert "The investigator weighed it" in seen
    assert "The prosecutor: to charge" in seen
    assert "A debt was spoken of" not in seen
    assert investigator.get(to(f"{purpose}:weigh", uuid4(), "investigator")).status_code == 404
