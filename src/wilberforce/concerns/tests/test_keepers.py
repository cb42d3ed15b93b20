"""The keeper of the sources: who waits, one taken by name, what was said to them, and nobody else who looks on."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.concerns import keeping
from wilberforce.concerns.models import SourceNote
from wilberforce.concerns.policy import SOURCE_NOTES, SOURCES

NUMBER, SAFE = "07700 900417", "After six, never by message."
ALL: dict[str, Any] = {"what": "reached", "text": "They want to hear what came of it.", "review_in": 30}


@pytest.fixture
def source(tell: Any, at: Any) -> Any:
    tell(identity_choice="confidential", contact=NUMBER, safe_times=SAFE)
    with at("source_keeper", "intelligence") as actor:
        (waits,) = SOURCES.many(actor, projection="queue")
        return waits["id"]


@pytest.fixture
def taken(at: Any, source: Any) -> Any:
    with at("source_keeper", "intelligence") as actor:
        keeping.take(actor, source)
    return source


def form(**typed: Any) -> dict[str, str]:
    return {"purpose": "intelligence", "once": str(uuid4()), **typed}


def test_the_queue_says_that_somebody_waits_and_not_who(signed_in: Any, source: Any) -> None:
    page = signed_in("source_keeper").get("/intelligence/sources/").content.decode()
    assert (f"/intelligence/sources/{source}/take/" in page, NUMBER in page) == (True, False)


def test_nothing_opens_before_the_keeper_takes_it(signed_in: Any, at: Any, source: Any) -> None:
    assert signed_in("source_keeper").get(f"/intelligence/sources/{source}/").status_code == 404
    with pytest.raises(NotAllowed), at("source_keeper", "intelligence") as actor:
        keeping.note(actor, source, **ALL)


def test_the_keeper_takes_reads_writes_down_and_puts_back(signed_in: Any, source: Any) -> None:
    keeper, here = signed_in("source_keeper"), f"/intelligence/sources/{source}/"
    assert keeper.post(f"{here}take/", form()).status_code == 302
    page = keeper.get(here).content.decode()
    assert (NUMBER in page, SAFE in page) == (True, True)
    typed = {name: str(value) for name, value in ALL.items()}
    assert keeper.post(here, form(**typed)).status_code == 302
    assert ALL["text"] in keeper.get(here).content.decode()
    assert keeper.post(f"{here}put-back/", form()).status_code == 302
    assert keeper.get(here).status_code == 404
    assert "Nobody waits" in keeper.get("/intelligence/sources/").content.decode()
    assert f"{source}" in keeper.get("/intelligence/sources/?state=later").content.decode()


def test_a_mistake_is_corrected_and_what_was_there_stays(at: Any, taken: Any) -> None:
    with at("source_keeper", "intelligence") as actor:
        keeping.correct(actor, taken, contact="07700 900418", safe_times=SAFE, why="Misheard", version=0)
        assert SOURCES.one(actor, taken)["contact"] == "07700 900418"
        (note,) = SOURCE_NOTES.many(actor)
        assert NUMBER in note["text"]
        assert "Misheard" in note["text"]


def test_a_correction_of_what_a_second_window_has_changed_shows_the_newer(at: Any, taken: Any) -> None:
    with at("source_keeper", "intelligence") as actor:
        keeping.correct(actor, taken, contact="07700 900418", safe_times=SAFE, why="", version=0)
    with pytest.raises(Conflict) as conflict, at("source_keeper", "intelligence") as actor:
        keeping.correct(actor, taken, contact="07700 900419", safe_times=SAFE, why="", version=0)
    assert conflict.value.theirs["contact"] == "07700 900418"


def test_whoever_is_done_with_is_not_written_to_again(at: Any, taken: Any) -> None:
    with at("source_keeper", "intelligence") as actor:
        keeping.note(actor, taken, what="ended", text="They thanked us.", review_in=7)
    with pytest.raises(RuleBroken), at("source_keeper", "intelligence") as actor:
        keeping.note(actor, taken, **ALL)


def test_nobody_is_forgotten_for_longer_than_a_year(at: Any, taken: Any) -> None:
    with at("source_keeper", "intelligence") as actor:
        keeping.note(actor, taken, what="reached", text="", review_in=5_000)
        kept = SOURCES.one(actor, taken)
    assert (kept["review_at"] - kept["received_at"]).days <= 366


def test_what_was_written_down_never_changes(at: Any, taken: Any) -> None:
    with at("source_keeper", "intelligence") as actor:
        keeping.note(actor, taken, **ALL)
    with at("source_keeper", "intelligence"), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE concerns_sourcenote SET what = 'ended'")


@pytest.mark.parametrize("part", ["report_desk", "intel_officer", "op_commander", "investigator", "guardian_police"])
def test_nobody_else_sees_that_anybody_waits(signed_in: Any, at: Any, taken: Any, part: str) -> None:
    client = signed_in(part)
    assert client.get("/intelligence/sources/").status_code == 404
    assert client.get(f"/intelligence/sources/{taken}/").status_code == 404
    assert SourceNote.objects.count() == 0
