"""What is shared with whom is put right with its history, and nobody begins, signs or answers in another's name."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, transaction

from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.sharing import actions, correcting, outside
from wilberforce.sharing.models import Agreement, Before, Disclosure, Request

from .conftest import NEED, today

pytestmark = pytest.mark.django_db
TERMS: dict[str, Any] = {"basis": "Care Act 2014 s.45", "dpia_ref": "DPIA-7", "ends": None}


def test_terms_are_put_right_until_both_have_signed_and_whoever_signed_signs_again(at: Any, agree: Any) -> None:
    one = agree("guardian_redcross", "guardian_city", signed_by=("guardian_redcross",))
    with at("guardian_redcross", "oversight") as actor:
        with pytest.raises(RuleBroken, match="why"):
            correcting.correct_agreement(actor, one.pk, **TERMS, starts=today(), why=" ")
        correcting.correct_agreement(actor, one.pk, **TERMS, starts=today(), why="The wrong Act")
        [entry] = correcting.entries(one.pk)
        one.refresh_from_db()
    assert (one.basis, one.signed_by_from, one.signed) == ("Care Act 2014 s.45", None, False)
    assert "Law was: Crime and Disorder Act 1998 s.115" in entry["text"]
    assert "Why: The wrong Act" in entry["text"]
    for part in ("guardian_redcross", "guardian_city"):
        with at(part, "oversight") as actor:
            actions.sign_agreement(actor, one.pk)
    with at("guardian_redcross", "oversight") as actor, pytest.raises(RuleBroken, match="stand"):
        correcting.correct_agreement(actor, one.pk, **TERMS, starts=today(), why="Again")


def test_where_packs_go_is_put_right_and_the_page_says_what_stood_there(at: Any, signed_in: Any) -> None:
    key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    with at("guardian_redcross", "oversight") as actor:
        made = outside.introduce(actor, code="nhs", name="Hill Lane", reached="01632 960 111", public_key=key)
    guardian, address = signed_in("guardian_redcross"), f"/oversight/outside/{made.pk}/"
    assert f"{address}right/" in guardian.get(address).content.decode()
    said = {"purpose": "oversight", "name": "Hill Lane", "reached": "01632 960 112", "why": "They have moved"}
    assert guardian.post(f"{address}right/", said).status_code == 302
    page = guardian.get(address).content.decode()
    assert "Where packs go was: 01632 960 111" in page
    assert "They have moved" in page
    assert signed_in("guardian_city").get(f"{address}right/").status_code == 404


def test_every_change_leaves_what_was_before_to_the_guardians_alone(at: Any, housing: Any, cast: Any) -> None:
    with at("guardian_city", "oversight") as actor:
        actions.end_agreement(actor, housing.pk)
        kept = list(Before.objects.filter(record_id=housing.pk).order_by("at", "id"))
    assert {name for row in kept for name in row.was} >= {"signed_by_from", "signed_by_to", "signed_at", "ended_at"}
    assert {row.by for row in kept} == {cast["guardian_redcross"].pk, cast["guardian_city"].pk}
    for part, purpose in (("reception_manager", "support"), ("guardian_police", "oversight")):
        with at(part, purpose):
            assert not Before.objects.exists()
    with at("guardian_city", "oversight"), pytest.raises(ProgrammingError), transaction.atomic():
        Before.objects.filter(record_id=housing.pk).delete()


@pytest.fixture
def begun(at: Any, person: UUID, housing: Any, cast: Any) -> Disclosure:
    with at("reception_manager", "support") as actor:
        return actions.begin(
            actor, person, to_agency=cast["housing_officer"].agency_id, data_class="person_ref",
            projection="housing_need", fields=NEED, basis="adult-safeguarding",
        )  # fmt: skip


Forged = Callable[[Disclosure, Any], dict[str, Any]]
FORGED: list[tuple[str, str, Forged]] = [
    ("reception_worker", "support", lambda one, cast: {"approved_by": cast["reception_worker"].pk}),
    ("reception_manager", "support", lambda one, cast: {"completed_at": clock.now(), "approved_by": random_id()}),
    ("guardian_redcross", "oversight", lambda one, cast: {"approved_by": random_id(), "approved_at": clock.now()}),
    ("guardian_redcross", "oversight", lambda one, cast: {"completed_at": clock.now()}),
    ("reception_worker", "support", lambda one, cast: {"recalled_at": clock.now()}),
]


@pytest.mark.parametrize("place", range(len(FORGED)))
def test_nobody_lets_a_disclosure_go_in_anothers_name(at: Any, begun: Disclosure, cast: Any, place: int) -> None:
    part, purpose, forged = FORGED[place]
    with at(part, purpose), pytest.raises(ProgrammingError, match="somebody else"), transaction.atomic():
        Disclosure.objects.filter(pk=begun.pk).update(**forged(begun, cast))


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("reception_worker", {}),
        ("reception_manager", {"at_once": True, "completed_at": clock.now}),
        ("reception_manager", {"initiated_by": random_id}),
        ("reception_manager", {"data_class": "account"}),
        ("reception_manager", {"projection": "request_letter", "data_class": "health", "payload_digest": "0" * 64}),
    ],
)
def test_nobody_begins_one_that_is_not_theirs_to_begin(
    at: Any, begun: Disclosure, cast: Any, part: str, changed: dict[str, Any]
) -> None:
    said = {name: value() if callable(value) else value for name, value in changed.items()}
    given = {field.attname: getattr(begun, field.attname) for field in Disclosure._meta.concrete_fields}
    with at(part, "support") as actor:
        forged = Disclosure(**given | {"id": random_id(), "initiated_by": actor.me} | said)
        with pytest.raises(ProgrammingError, match="somebody else"), transaction.atomic():
            forged.save(force_insert=True)


def test_nobody_signs_for_the_other_side(at: Any, agree: Any, cast: Any) -> None:
    one = agree("guardian_redcross", "guardian_city", signed_by=())
    for fresh in (
        {"signed_by_to": cast["guardian_city"].pk},
        {"signed_by_to": cast["guardian_redcross"].pk},
        {"signed_by_to": one.to_agency_id},
        {"signed_by_from": cast["guardian_city"].pk},
    ):
        with at("guardian_redcross", "oversight"), pytest.raises(ProgrammingError), transaction.atomic():
            Agreement.objects.filter(pk=one.pk).update(**fresh)
    with at("guardian_city", "oversight"), pytest.raises(ProgrammingError), transaction.atomic():
        Agreement.objects.filter(pk=one.pk).update(starts=today() - timedelta(days=9))


def test_nobody_answers_a_request_but_whoever_could_begin_it(at: Any, person: UUID, housing: Any, cast: Any) -> None:
    with at("housing_officer", "support") as actor:
        asked = Request(
            person_id=person, from_agency_id=actor.home, to_agency_id=cast["reception_manager"].agency_id,
            data_class="person_ref", projection="housing_need", purpose="support", basis="consent", asked_by=actor.me,
        )  # fmt: skip
        asked.save(force_insert=True)
    with at("housing_officer", "support") as actor, pytest.raises(ProgrammingError), transaction.atomic():
        Request.objects.filter(pk=asked.pk).update(answered_by=actor.me, refused_at=clock.now(), refusal="person")
    with at("reception_worker", "support") as actor:
        assert not Request.objects.filter(pk=asked.pk).update(answered_by=actor.me, refused_at=clock.now())
    with at("reception_manager", "support") as actor:
        actions.answer_request(actor, asked.pk, reason="person")
