"""Every victim hears of what happens with a suspect within one working day, and whoever does not is seen."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q
from django.urls import reverse

from wilberforce.base.errors import NotAllowed
from wilberforce.custody import actions, policy, telling_of
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.jobs import tell as watch
from wilberforce.deadlines.models import Deadline
from wilberforce.deadlines.policy import due_for
from wilberforce.deadlines.rules import reckon
from wilberforce.operations import actions as operations
from wilberforce.operations.tests.factories import ago, refused
from wilberforce.survivors.rules import VICTIM_UPDATE

from .conftest import Suite

UPDATE = "victim-update"


@pytest.fixture
def team(suite: Suite) -> Suite:
    with suite.day.planning() as actor:
        operations.case_team(actor, suite.day.operation, suite.day.cast["investigator"].pk)
    return suite


def found(suite: Suite, number: int = 1) -> list[UUID]:
    with suite.day.on_site() as actor:
        site = suite.day.sites["B"]
        return [operations.record_found(actor, site, age="adult", at=ago(minutes=45)).pk for _ in range(number)]


def investigating(suite: Suite) -> Any:
    return suite.day.at("investigator", "criminal_investigation")


def news_of(suite: Suite, kind: str = "arrested") -> list[dict[str, Any]]:
    with investigating(suite) as actor:
        return [row for row in telling_of.news(actor, Q(), limit=25) if row["kind"] == kind]


def tell(suite: Suite, news: UUID, **said: Any) -> None:
    given = {"answer": "told", "at": ago(minutes=1), **said}
    with investigating(suite) as actor:
        actions.tell(actor, news, **given)


def test_an_arrest_is_due_to_be_told_by_the_investigators_within_one_working_day(team: Suite) -> None:
    at = ago(minutes=5)
    team.arrest(at=at)
    [row] = news_of(team)
    due = Deadline.objects.get(subject_id=row["id"], rule=UPDATE)
    assert (due.role, due.agency_id) == ("investigator", team.day.agency("derbyshire-police"))
    assert due.due_at == reckon(VICTIM_UPDATE, at, bank_holidays()).due_at


def test_it_is_met_once_everybody_who_may_be_a_victim_has_heard(team: Suite) -> None:
    first, second = found(team, 2)
    team.arrest()
    [row] = news_of(team)
    tell(team, row["id"], people=[first])
    [row] = news_of(team)
    assert list(row["left"]) == [second]
    assert Deadline.objects.get(subject_id=row["id"]).is_open
    tell(team, row["id"], people=[second], answer="not-now")
    assert Deadline.objects.get(subject_id=row["id"]).met_at is not None
    assert news_of(team)[0]["due"] is None


def test_who_could_not_be_reached_is_still_to_be_told(team: Suite) -> None:
    [person] = found(team)
    team.arrest()
    [row] = news_of(team)
    with refused("words", "why"):
        tell(team, row["id"], people=[person], answer="not-reached")
    tell(team, row["id"], people=[person], answer="not-reached", words="No answer; again at nine")
    assert list(news_of(team)[0]["left"]) == [person]
    assert Deadline.objects.get(subject_id=row["id"]).is_open


def test_a_suspect_is_told_nothing_as_a_victim_and_a_victim_in_doubt_is(team: Suite) -> None:
    doubted, suspect = found(team, 2)
    with team.day.on_site() as actor:
        operations.classify(actor, suspect, standing="suspect", why="Held the keys and took the money")
        operations.classify(actor, doubted, standing="both", why="Made to watch the others")
    team.arrest()
    assert list(news_of(team)[0]["left"]) == [doubted]


def test_where_nobody_was_found_that_is_said(team: Suite) -> None:
    team.arrest()
    [row] = news_of(team)
    assert row["due"] is not None
    tell(team, row["id"], answer="nobody")
    assert news_of(team)[0]["due"] is None
    found(team)
    team.arrest("man 2")
    with refused("answer", "may be victims"):
        tell(team, news_of(team)[0]["id"], answer="nobody")


def test_nobody_is_told_before_it_happened(team: Suite) -> None:
    [person] = found(team)
    team.arrest()
    with refused("at", "before"):
        tell(team, news_of(team)[0]["id"], people=[person], at=ago(hours=1))


@pytest.mark.parametrize("kind", ["charged", "bailed", "no-further-action", "under-investigation"])
def test_how_a_detention_ends_is_news(team: Suite, kind: str) -> None:
    held = team.detained()
    with team.duty() as actor:
        offences = ["msa-2"] if kind == "charged" else []
        actions.outcome(actor, held, kind=kind, at=ago(minutes=2), offences=offences, unweighed="The court sits now")
    [row] = news_of(team, kind)
    assert row["reference"] == news_of(team)[0]["reference"], "the arrest's own reference, not the custody record's"
    assert Deadline.objects.get(subject_id=row["id"], rule=UPDATE).is_open


def test_each_extension_of_bail_says_until_when(team: Suite) -> None:
    held = team.detained()
    with team.duty() as actor:
        actions.outcome(actor, held, kind="bailed", at=ago(minutes=5))
        for minutes, authority in ((4, "INSPECTOR"), (3, "SUPERINTENDENT")):
            actions.extend_bail(actor, held, at=ago(minutes=minutes), authority=authority, reason="More to do")
    told = [row["kind_said"] for row in (*news_of(team, "bailed"), *news_of(team, "bail"))]
    assert len(set(told)) == 3
    assert all(", until " in words for words in told)


def test_an_interview_under_caution_is_news(team: Suite) -> None:
    held = team.detained()
    with team.duty() as actor:
        actions.looked_after(actor, held, kind="interview", at=ago(minutes=5))
        actions.looked_after(actor, held, kind="meal", at=ago(minutes=4))
    assert len(news_of(team, "interview")) == 1
    with investigating(team) as actor:
        assert policy.NEWS.count(actor, Q(kind="meal")) == 0


def test_when_the_day_is_over_the_commander_hears_that_victims_were_not_told(team: Suite) -> None:
    team.arrest()
    [row] = news_of(team)
    due = Deadline.objects.get(subject_id=row["id"])
    watch(due.due_at + timedelta(minutes=1))
    with team.day.commanding() as actor:
        assert row["id"] in [one.subject_id for one in due_for(actor)]


def test_nobody_outside_the_case_sees_who_was_told(team: Suite) -> None:
    team.arrest()
    [row] = news_of(team)
    for part, purpose in (
        ("op_member_fire", "op_safety"),
        ("custody_officer", "custody"),
        ("op_member_c", "op_safety"),
    ):
        with team.day.at(part, purpose) as actor, pytest.raises(NotAllowed):
            actions.tell(actor, row["id"], answer="nobody", at=ago(minutes=1))


def test_what_was_told_is_never_changed(team: Suite) -> None:
    team.arrest()
    with investigating(team), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("UPDATE custody_telling SET answer = 'told'")


def test_the_page_asks_who_and_how(team: Suite, signed_in: Any) -> None:
    [person] = found(team)
    team.arrest()
    [row] = news_of(team)
    officer = signed_in("investigator")
    page = officer.get(reverse("criminal_investigation:news")).content.decode()
    assert row["left_said"] in page
    address = reverse("criminal_investigation:telling", args=[row["id"]])
    form = {"purpose": "criminal_investigation", "once": str(uuid4()), "answer": "told", "words": "By her interpreter"}
    refusal = officer.post(address, form).content.decode()
    assert "Choose at least one person" in refusal
    assert "By her interpreter" in refusal
    assert officer.post(address, form | {"people": str(person)}).status_code == 302
    assert "By her interpreter" in officer.get(address).content.decode()
