"""A yes that is taken back: what rests on it is closed at the next request, in every tier, and its holders are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils.html import strip_tags

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.sharing import actions, withdrawals
from wilberforce.sharing.models import Disclosure
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import ANSWERS, PEOPLE

from .conftest import NEED


@pytest.fixture
def matter(cast: Any) -> dict[str, Any]:
    return {"data_class": "person_ref", "recipient": cast["housing_officer"].agency_id, "purpose": "support"}


@pytest.fixture
def said_yes(person: UUID, housing: Any, at: Any, matter: dict[str, Any]) -> Any:
    def said(**more: Any) -> UUID:
        with at("reception_manager", "reception") as actor:
            given = survivors.answer(
                actor, person, answer="given", legal_basis="consent", language="ro", interpreter=True, **matter, **more
            )
        return UUID(str(given.pk))

    return said


def begun(at: Any, person: UUID, to: UUID) -> Disclosure:
    with at("reception_manager", "support") as actor:
        return actions.begin(
            actor,
            person,
            to_agency=to,
            data_class="person_ref",
            projection="housing_need",
            fields=NEED,
            basis="consent",
        )


def let_go(at: Any, one: Disclosure) -> None:
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, one.pk)


def taken_back(at: Any, person: UUID, matter: dict[str, Any]) -> None:
    with at("reception_manager", "reception") as actor:
        survivors.withdraw(actor, person, **matter)


def housing_reads(at: Any) -> list[UUID]:
    with at("housing_officer", "support") as actor:
        return [row["id"] for row in PEOPLE.many(actor, projection="housing_need")]


def test_the_next_request_finds_nothing_even_of_a_reference(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    said_yes()
    let_go(at, begun(at, person, matter["recipient"]))
    assert housing_reads(at) == [person]
    taken_back(at, person, matter)
    assert housing_reads(at) == []


def test_what_still_waits_for_a_guardian_can_t_be_let_go(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    said_yes()
    waiting = begun(at, person, matter["recipient"])
    taken_back(at, person, matter)
    with pytest.raises(RuleBroken, match="called back"):
        let_go(at, waiting)


def test_a_new_yes_revives_nothing_of_the_old_one(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    said_yes()
    let_go(at, begun(at, person, matter["recipient"]))
    taken_back(at, person, matter)
    said_yes()
    assert housing_reads(at) == []


def test_what_rests_on_a_law_goes_on(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    said_yes()
    with at("reception_manager", "support") as actor:
        lawful = actions.begin(
            actor, person, to_agency=matter["recipient"], data_class="person_ref", projection="housing_need",
            fields=NEED, basis="adult-safeguarding",
        )  # fmt: skip
    let_go(at, lawful)
    taken_back(at, person, matter)
    assert housing_reads(at) == [person]


def test_a_yes_that_lapses_closes_what_rested_on_it(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    soon = clock.now() + timedelta(seconds=3)
    said_yes(expires_at=soon)
    let_go(at, begun(at, person, matter["recipient"]))
    assert housing_reads(at) == [person]
    while clock.now() <= soon:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
    assert housing_reads(at) == []


def test_the_holder_is_told_and_says_when_its_copies_are_gone(
    said_yes: Any, person: UUID, at: Any, matter: Any, signed_in: Any
) -> None:
    said_yes()
    sent = begun(at, person, matter["recipient"])
    let_go(at, sent)
    taken_back(at, person, matter)
    guardian, receipt = signed_in("guardian_city"), f"/oversight/disclosures/{sent.pk}/"
    shown = " ".join(strip_tags(guardian.get(receipt).content.decode()).split())
    assert "Stopped because consent was withdrawn" in shown
    assert "What was printed or copied must go as well" in shown
    with at("guardian_redcross", "oversight") as actor, pytest.raises(NotAllowed):
        withdrawals.copies_gone(actor, sent.pk)
    assert guardian.post(f"{receipt}copies-gone/", {"purpose": "oversight"}).status_code == 302
    assert "Our copies are gone" not in guardian.get(receipt).content.decode()
    assert guardian.post(f"{receipt}copies-gone/", {"purpose": "oversight"}).status_code == 404


def test_what_never_left_is_told_to_nobody_else(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    said_yes()
    begun(at, person, matter["recipient"])
    taken_back(at, person, matter)
    with at("guardian_city", "oversight"):
        assert not Deadline.objects.filter(OPEN, rule=withdrawals.RULE).exists()


def test_a_recipient_without_a_sign_in_is_told_by_our_guardian(person: UUID, at: Any) -> None:
    to_nhs: dict[str, Any] = {"data_class": "health", "recipient": "nhs", "purpose": "support"}
    with at("reception_manager", "reception") as actor:
        survivors.answer(
            actor, person, answer="given", legal_basis="consent", language="ro", interpreter=True, **to_nhs
        )
    taken_back(at, person, to_nhs)
    with at("guardian_redcross", "oversight") as actor:
        waiting = Deadline.objects.filter(OPEN, rule=withdrawals.RULE, agency_id=actor.home)
        assert [one.role for one in waiting] == ["data_guardian"]


def test_the_page_says_first_what_can_t_be_undone(
    said_yes: Any, person: UUID, at: Any, matter: Any, signed_in: Any
) -> None:
    answer = said_yes()
    let_go(at, begun(at, person, matter["recipient"]))
    with at("reception_manager", "reception") as actor:
        assert ANSWERS.one(actor, answer)["answer"] == "given"
    page = signed_in("reception_manager").get(f"/reception/people/{person}/consents/{answer}/withdraw/")
    words = " ".join(strip_tags(page.content.decode()).split())
    assert "Derby City Council could read this since" in words
    assert "What a home needs" in words
    assert "Their care here goes on as before." in words


def test_nobody_stops_a_disclosure_by_another_persons_answer(said_yes: Any, person: UUID, at: Any, matter: Any) -> None:
    answer = said_yes()
    let_go(at, begun(at, person, matter["recipient"]))
    with at("guardian_police", "oversight"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sharing_stop(%s)", [answer])
        assert cursor.fetchone() == (0,)
    assert housing_reads(at) == [person]
