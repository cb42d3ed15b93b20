"""After custody: charged by post, off police bail, kept before a trial no longer than the law lets."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.custody import actions
from wilberforce.custody.models import News, Proceeding
from wilberforce.custody.rules import court
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.deadlines.rules import LONDON, legal_day
from wilberforce.operations.tests.factories import ago

from .conftest import TRAFFICKING, Suite, send, to, words
from .test_policy import join_case

PURPOSE = "criminal_investigation"
LATER = legal_day(clock.now()) + timedelta(days=400)


@pytest.fixture
def case(suite: Suite, cast: Any) -> Suite:
    join_case(suite, cast["investigator"])
    return suite


def goes_on(case: Suite, arrest: UUID, kind: str, **told: Any) -> Proceeding:
    with case.day.at("investigator", PURPOSE) as actor:
        return actions.proceed(actor, arrest, kind=kind, **({"at": ago(minutes=1)} | told))


def bailed(case: Suite) -> tuple[UUID, UUID]:
    """The detention and the arrest of an adult whom nobody takes for a victim."""
    arrest = case.arrest(ages=[30])
    held = case.booked(arrest)
    with case.duty() as actor:
        actions.care(actor, held, possible_victim="no")
        actions.outcome(actor, held, kind="bailed", at=ago(minutes=5))
    return held, arrest


def due(*subjects: UUID) -> dict[str, Any]:
    return {row.rule: row.due_at for row in Deadline.objects.filter(OPEN, subject_id__in=subjects)}


# What the law says


def step(kind: str, day: str, **more: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "at": datetime.fromisoformat(day).replace(hour=10, tzinfo=LONDON),
        "spent": 0,
        "until": None,
    } | more


@pytest.mark.parametrize(
    ("steps", "code", "last_day"),
    [
        ([], "", ""),
        ([step("requisition", "2026-01-05")], "", ""),
        ([step("appeared", "2026-01-05")], "summary-time-limit", "2026-03-01"),
        ([step("appeared", "2026-01-05"), step("sent", "2026-01-05")], "custody-time-limit", "2026-07-05"),
        ([step("sent", "2026-01-05", spent=14)], "custody-time-limit", "2026-06-21"),
        ([step("sent", "2026-01-05"), step("indicted", "2026-02-02")], "indictment-time-limit", "2026-05-24"),
        (
            [step("sent", "2026-01-05"), step("extended", "2026-06-01", until=date(2026, 9, 30))],
            "custody-time-limit",
            "2026-09-30",
        ),
        ([step("sent", "2026-01-05"), step("court-bail", "2026-02-02")], "", ""),
        ([step("sent", "2026-01-05"), step("trial", "2026-06-08")], "", ""),
        ([step("extended", "2026-06-01", until=date(2026, 9, 30))], "", ""),
    ],
)
def test_a_limit_runs_from_what_the_court_did_last(steps: list[dict[str, Any]], code: str, last_day: str) -> None:
    runs = court.time_limit(steps)
    assert (runs.code, str(legal_day(runs.due_at))) == (code, last_day) if runs else code == ""


@pytest.mark.parametrize(
    ("on", "until", "field"),
    [("2026-06-01", "2026-09-30", ""), ("2026-07-06", "2026-09-30", "at"), ("2026-06-01", "2026-07-05", "until"),
     ("2026-06-01", "", "until"), ("2026-01-04", "2026-09-30", "kind")],
)  # fmt: skip
def test_a_court_extends_only_what_still_runs_and_to_a_later_day(on: str, until: str, field: str) -> None:
    to_day = date.fromisoformat(until) if until else None
    at = step("extended", on)["at"]
    assert court.extension_fault([step("sent", "2026-01-05")], at, to_day)[0] == field


# A charge by post, and the end of police bail


def test_a_charge_by_post_ends_police_bail_and_victims_hear_of_it(case: Suite) -> None:
    held, arrest = bailed(case)
    assert "bail" in due(held)
    made = goes_on(case, arrest, "requisition", offences=[TRAFFICKING], text="Derby magistrates, 26/0417")
    assert (made.offences, due(held, arrest)) == ([TRAFFICKING], {})
    with case.day.at("investigator", PURPOSE):
        assert News.objects.filter(arrest_id=arrest, kind="requisition").count() == 1


def test_what_never_happened_is_struck_out_and_bail_runs_again(case: Suite) -> None:
    held, arrest = bailed(case)
    until = due(held)["bail"]
    wrong = goes_on(case, arrest, "no-further-action")
    assert due(held) == {}
    goes_on(case, arrest, "struck-out", instead_of=wrong.pk)
    assert due(held) == {"bail": until}
    with pytest.raises(RuleBroken, match="corrected this line already"):
        goes_on(case, arrest, "bail-over", instead_of=wrong.pk)
    with pytest.raises(RuleBroken, match="earlier line of the same person"):
        goes_on(case, case.arrest("man 2"), "bail-over", instead_of=wrong.pk)


def test_bail_that_a_charge_ended_is_not_extended_nor_due_again(case: Suite) -> None:
    held, arrest = bailed(case)
    charge = goes_on(case, arrest, "requisition", offences=[TRAFFICKING])
    decided = {"authority": "INSPECTOR", "reason": "A phone still to be read"}
    with case.duty() as actor, pytest.raises(RuleBroken, match="There is nothing to extend") as refused:
        actions.extend_bail(actor, held, at=ago(seconds=5), **decided)
    assert refused.value.field == "at"
    with case.duty() as actor:
        longer = actions.extend_bail(actor, held, at=ago(minutes=3), **decided)
    assert due(held) == {}
    goes_on(case, arrest, "struck-out", instead_of=charge.pk)
    assert due(held) == {"bail": longer.until}
    with case.duty() as actor:
        longest = actions.extend_bail(actor, held, at=ago(seconds=5), **decided | {"authority": "SUPERINTENDENT"})
    assert due(held) == {"bail": longest.until}


def test_who_may_be_a_victim_is_not_charged_by_post_unweighed(case: Suite) -> None:
    arrest = case.arrest()
    with pytest.raises(RuleBroken, match="weighed before a charge") as refused:
        goes_on(case, arrest, "requisition", offences=[TRAFFICKING])
    assert refused.value.field == "unweighed"
    goes_on(case, arrest, "requisition", offences=[TRAFFICKING], unweighed="The time to charge ends tonight")


@pytest.mark.parametrize("kind", ["requisition", "no-further-action", "bail-over"])
def test_whoever_is_held_is_for_custody_to_charge_or_to_release(case: Suite, kind: str) -> None:
    arrest = case.arrest()
    case.booked(arrest)
    with pytest.raises(RuleBroken, match="custody officer writes how it ends"):
        goes_on(case, arrest, kind, offences=[TRAFFICKING])


def test_a_charge_names_its_offences(case: Suite) -> None:
    for offences in ([], ["not-an-offence"]):
        with pytest.raises(RuleBroken) as refused:
            goes_on(case, bailed(case)[1] if not offences else case.arrest("man 2"), "requisition", offences=offences)
        assert refused.value.field == "offences"


# Custody before a trial


def test_a_time_limit_is_filed_extended_and_met_when_the_trial_begins(case: Suite) -> None:
    arrest = case.arrest()
    goes_on(case, arrest, "appeared", at=ago(minutes=30))
    assert set(due(arrest)) == {"summary-time-limit"}
    goes_on(case, arrest, "sent", at=ago(minutes=20), spent=3)
    first = due(arrest)
    assert set(first) == {"custody-time-limit"}
    goes_on(case, arrest, "extended", at=ago(minutes=10), until=LATER)
    assert legal_day(due(arrest)["custody-time-limit"]) == LATER
    goes_on(case, arrest, "trial", at=ago(minutes=5))
    assert due(arrest) == {}
    assert Deadline.objects.get(subject_id=arrest, rule="custody-time-limit").met_at is not None


def test_bail_by_the_court_stops_the_limit_and_a_correction_starts_it_again(case: Suite) -> None:
    arrest = case.arrest()
    goes_on(case, arrest, "sent", at=ago(minutes=20))
    wrong = goes_on(case, arrest, "court-bail")
    assert due(arrest) == {}
    goes_on(case, arrest, "struck-out", instead_of=wrong.pk)
    assert set(due(arrest)) == {"custody-time-limit"}


# Who writes and who sees it


def test_a_step_is_never_changed_and_nobody_outside_the_case_sees_it(case: Suite) -> None:
    arrest = case.arrest()
    goes_on(case, arrest, "sent")
    with case.day.at("investigator", PURPOSE):
        for sql in ("UPDATE custody_proceeding SET kind = 'trial'", "DELETE FROM custody_proceeding"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)
    with case.duty() as actor:
        assert not Proceeding.objects.exists()
        with pytest.raises(NotAllowed):
            actions.proceed(actor, arrest, kind="trial", at=ago(minutes=1))
    for part, purpose in (("op_commander", "op_safety"), ("intel_officer", "intelligence")):
        with case.day.at(part, purpose):
            assert not Proceeding.objects.exists()


def test_the_case_team_writes_it_on_its_page(case: Suite, signed_in: Any) -> None:
    held, arrest = bailed(case)
    investigator, page = signed_in("investigator"), to(f"{PURPOSE}:proceeding", arrest)
    form = to(f"{PURPOSE}:proceed", arrest)
    assert "Nothing since custody" in words(investigator.get(to(f"{PURPOSE}:proceedings")))
    before = words(investigator.get(page))
    assert "Custody: released on bail before charge" in before
    assert "End of bail" in before
    refused = words(send(investigator, form, PURPOSE, kind="requisition", text="Derby magistrates"))
    assert "Choose the offences charged" in refused
    assert "Derby magistrates" in refused
    told = {"kind": "requisition", "offences": [TRAFFICKING]}
    assert send(investigator, form, PURPOSE, **told).status_code == 302
    assert "Charged with: Conspiracy" in words(investigator.get(page))
    assert due(held) == {}
    for name in ("proceeding", "proceed"):
        assert investigator.get(to(f"{PURPOSE}:{name}", uuid4())).status_code == 404
