"""What else happens in a detention: written once, counted by the clocks, shown with its reasons."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.custody import actions, board
from wilberforce.custody.clocks import limit_of
from wilberforce.custody.models import Arrest
from wilberforce.custody.rules import Brought
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, MINUTE, Suite


@pytest.fixture
def shown(suite: Suite) -> Any:
    def of(held: UUID) -> dict[str, Any]:
        with suite.duty() as actor:
            return board.record(actor, held)

    return of


def limit(shown: dict[str, Any]) -> Any:
    return next(due for due in shown["clocks"].due if due.code == "detention")


def said(shown: dict[str, Any]) -> str:
    return " | ".join(entry["title"] for entry in shown["history"])


def test_questions_in_hospital_count_and_the_rest_of_the_stay_does_not(suite: Suite, shown: Any) -> None:
    held = suite.detained(6 * HOUR)
    before = limit(shown(held)).at
    with suite.duty() as actor:
        actions.hospital_out(actor, held, at=ago(hours=5))
        actions.hospital_back(actor, held, at=ago(hours=2))
        actions.looked_after(actor, held, kind="questioned", at=ago(hours=4), until=ago(hours=3))
    after = limit(shown(held))
    assert abs(after.at - before - 2 * HOUR) < MINUTE
    assert "away not counted (PACE 1984 s.41(6)" in after.why


def test_questions_outside_a_stay_in_hospital_are_refused(suite: Suite) -> None:
    held = suite.detained(6 * HOUR)
    with suite.duty() as actor, pytest.raises(RuleBroken, match="not in hospital at that time"):
        actions.looked_after(actor, held, kind="questioned", at=ago(hours=4), until=ago(hours=3))


def test_a_rest_of_eight_hours_starts_the_next_day_of_rest(suite: Suite, shown: Any) -> None:
    held = suite.detained(10 * HOUR)
    ended = ago(minutes=30)
    with suite.duty() as actor:
        actions.looked_after(actor, held, kind="rest", at=ended - 8 * HOUR, until=ended)
    rest = next(due for due in shown(held)["clocks"].due if due.code == "custody-rest")
    assert (rest.at, "Code C 12.2" in rest.why) == (ended + 24 * HOUR, True)


def test_a_rest_is_written_down_once_it_is_over(suite: Suite) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor, pytest.raises(RuleBroken, match="once it is over") as refused:
        actions.looked_after(actor, held, kind="rest", at=ago(minutes=30))
    assert refused.value.field == "until"


def test_who_was_beside_them_is_in_the_record(suite: Suite, shown: Any) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor:
        for kind in ("adult", "interpreter", "solicitor"):
            actions.looked_after(actor, held, kind=kind, at=ago(minutes=20), until=ago(minutes=5), text="In person")
    record = said(shown(held))
    assert all(words in record for words in ("Appropriate adult with them, until", "Interpreter", "Solicitor"))


def test_a_further_offence_starts_no_new_clock(suite: Suite, shown: Any) -> None:
    held = suite.detained(3 * HOUR)
    before = limit(shown(held)).at
    with suite.duty() as actor:
        actions.further_offence(actor, held, at=ago(minutes=10), offences=["fraud-1"])
        with pytest.raises(RuleBroken, match="Choose at least one offence"):
            actions.further_offence(actor, held, at=ago(minutes=10), offences=[])
    after = shown(held)
    assert (limit(after).at, after["clocks"].title) == (before, "Time without charge")
    assert "Arrested for a further offence: Fraud" in said(after)


def test_a_court_gives_hours_from_its_issue(suite: Suite, shown: Any) -> None:
    held = suite.detained(20 * HOUR)
    issued = ago(hours=1)
    with suite.duty() as actor:
        actions.court_warrant(actor, held, at=issued, hours=30, reason="Derby magistrates; a phone still to be read")
    due = limit(shown(held))
    assert (due.at, "s.43(12)" in due.why) == (issued + 30 * HOUR, True)
    assert shown(held)["clocks"].title == "Time under the court's warrant"
    filed = Deadline.objects.filter(OPEN, subject_id=held, rule="detention").get()
    assert filed.due_at == due.at


@pytest.mark.parametrize(
    ("since", "hours", "sentence"),
    [(2 * HOUR, 37, "at most 36 hours"), (30 * HOUR, 12, "The time ran out")],
    ids=["too-long", "too-late"],
)
def test_a_court_gives_no_more_than_the_law_lets_it(suite: Suite, since: timedelta, hours: int, sentence: str) -> None:
    held = suite.detained(since)
    with suite.duty() as actor, pytest.raises(RuleBroken, match=sentence):
        actions.court_warrant(actor, held, at=ago(minutes=5), hours=hours, reason="A court")


def test_a_suspect_becomes_a_possible_victim_and_back_and_both_reasons_are_kept(suite: Suite, shown: Any) -> None:
    held = suite.detained(2 * HOUR)
    steps = [("both", ["no-papers", "fearful"], "Others keep the papers"), ("suspect", [], "Seen on the film")]
    with suite.duty() as actor:
        for minutes, (standing, signs, why) in zip((60, 30), steps, strict=True):
            actions.screen(actor, held, at=ago(minutes=minutes), signs=signs, standing=standing, reason=why)
    after = shown(held)
    assert after["held"]["possible_victim"] == "no"
    texts = [entry["text"] for entry in after["history"]]
    assert texts.index("Others keep the papers") < texts.index("Seen on the film")


def test_screening_needs_a_reason(suite: Suite) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor, pytest.raises(RuleBroken) as refused:
        actions.screen(actor, held, at=ago(minutes=5), standing="both", reason=" ")
    assert refused.value.field == "reason"


def test_somebody_may_be_screened_after_the_detention(suite: Suite, shown: Any) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor:
        actions.outcome(actor, held, kind="reclassified", at=ago(minutes=10), reason="Held there against their will")
        actions.screen(actor, held, at=ago(minutes=5), standing="suspect", reason="The others say otherwise")
    assert "A suspect" in said(shown(held))


def test_nobody_stops_being_a_suspect_without_a_reason(suite: Suite) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor, pytest.raises(RuleBroken) as refused:
        actions.outcome(actor, held, kind="reclassified", at=ago(minutes=10), reason=" ")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    ("decision", "words"),
    [("continue", "Review held. Detention continues"), ("release", "Review held. The grounds are over: release")],
)
def test_the_history_says_what_a_review_decided(suite: Suite, shown: Any, decision: str, words: str) -> None:
    held = suite.detained(HOUR)
    with suite.duty("review_officer") as actor:
        actions.review(actor, held, at=ago(minutes=5), decision=decision, reason="What they said was weighed")
    assert words in said(shown(held))


# Bail


def bailed(suite: Suite, case: str = "standard") -> UUID:
    held = suite.detained(2 * HOUR)
    with suite.duty() as actor:
        actions.outcome(actor, held, kind="bailed", at=ago(minutes=30), bail_case=case)
    return held


def months(shown: dict[str, Any]) -> str:
    why: str = shown["outcome"]["bail_why"]
    return why.split(": ", maxsplit=1)[0].rsplit(", ", maxsplit=1)[-1]


@pytest.mark.parametrize(("case", "at_first"), [("standard", "3 months"), ("special", "6 months")])
def test_whose_case_it_is_decides_how_long_bail_runs(suite: Suite, shown: Any, case: str, at_first: str) -> None:
    assert months(shown(bailed(suite, case))) == at_first


def test_bail_is_extended_by_higher_authorities_one_after_the_other(suite: Suite, shown: Any) -> None:
    held, seen = bailed(suite), []
    for authority in ("INSPECTOR", "SUPERINTENDENT", "COURT"):
        with suite.duty() as actor:
            actions.extend_bail(actor, held, at=ago(minutes=1), authority=authority, reason="A phone still to be read")
        seen.append(months(shown(held)))
    assert seen == ["6 months", "9 months", "12 months"]
    assert (
        Deadline.objects.filter(OPEN, subject_id=held, rule="bail").get().due_at == shown(held)["outcome"]["bail_until"]
    )


@pytest.mark.parametrize(
    ("authority", "sentence"),
    [("FIRST", "at least that long already"), ("SENIOR_OFFICIAL", "knew no such extension")],
)
def test_an_authority_that_cannot_extend_is_refused(suite: Suite, authority: str, sentence: str) -> None:
    held = bailed(suite)
    with suite.duty() as actor, pytest.raises(RuleBroken, match=sentence):
        actions.extend_bail(actor, held, at=ago(minutes=1), authority=authority, reason="More time")


def test_nobody_who_is_not_on_bail_has_it_extended(suite: Suite) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor, pytest.raises(RuleBroken, match="not on bail"):
        actions.extend_bail(actor, held, at=ago(minutes=1), authority="INSPECTOR", reason="More time")


# Several forces


def test_a_second_force_starts_its_own_clock_for_its_own_offence(suite: Suite) -> None:
    arrest = suite.arrest(at=ago(hours=40))
    left, arrived = ago(hours=30), ago(hours=2)
    brought = Brought.AFTER_ANOTHER_FORCE.value
    with suite.duty() as actor:
        held = actions.book_in(actor, arrest, station="derby", arrived_at=arrived, brought=brought, left_at=left)
    assert held.relevant_at == left + 24 * HOUR


def test_leaving_another_station_is_asked_only_where_it_happened(suite: Suite) -> None:
    arrest = suite.arrest(at=ago(hours=4))
    with suite.duty() as actor, pytest.raises(RuleBroken) as refused:
        actions.book_in(actor, arrest, station="derby", arrived_at=ago(hours=1), left_at=ago(hours=2))
    assert (refused.value.field, "Leave this empty" in str(refused.value)) == ("left_at", True)
    with suite.duty() as actor, pytest.raises(RuleBroken, match="Write when they left the other force's station"):
        actions.book_in(
            actor, arrest, station="derby", arrived_at=ago(hours=1), brought=str(Brought.AFTER_ANOTHER_FORCE)
        )


def test_the_limit_of_two_people_from_two_sites_differs_by_the_minute_they_came(suite: Suite) -> None:
    arrests = [suite.arrest(f"man {number}", at=ago(minutes=50)) for number in (1, 2)]
    times = [ago(minutes=40), ago(minutes=33)]
    for arrest, arrived in zip(arrests, times, strict=True):
        suite.booked(arrest, arrived_at=arrived)
    with suite.duty() as actor:
        limits = sorted(limit_of(row, [], [], clock.now()).due_at for row in board.detained_now(actor))
    assert limits == [one + 24 * HOUR for one in times]


@pytest.mark.parametrize("sql", ["UPDATE custody_entry SET hours = 36", "DELETE FROM custody_entry"])
def test_what_was_entered_is_never_changed(suite: Suite, sql: str) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor:
        actions.looked_after(actor, held, kind="meal", at=ago(minutes=5))
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)


def test_the_arresting_officer_reads_none_of_it(suite: Suite) -> None:
    held = suite.detained(HOUR)
    with suite.duty() as actor:
        actions.looked_after(actor, held, kind="meal", at=ago(minutes=5))
    with suite.day.on_site():
        assert Arrest.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM custody_entry")
            assert cursor.fetchone() == (0,)
