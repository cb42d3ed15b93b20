"""Somebody who works for two agencies is one person: never their own second, their own peer or their own other side."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.agencies.demo import seat_without_browser
from wilberforce.agencies.models import Membership, RoleHeld, SubjectBlock
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.doors import at_work
from wilberforce.sharing import actions, emergencies
from wilberforce.sharing.models import Agreement, Disclosure, Emergency
from wilberforce.survivors.policy import PEOPLE

from .conftest import NEED

Elsewhere = Callable[..., Callable[[str], AbstractContextManager[Any]]]


@pytest.fixture
def threatened(at: Any, person: UUID) -> Emergency:
    """The commander asked three minutes ago for a safe address that the Red Cross holds."""
    with at("reception_manager", "reception") as actor:
        reference = PEOPLE.one(actor, person)["reference"]
    earlier = clock.now() - timedelta(minutes=3)
    with at("op_commander", "op_safety") as actor, patch.object(clock, "now", lambda: earlier):
        return emergencies.break_glass(actor, reference=reference, reason="threat", threat_reference="TTL/0142")


def test_whoever_asks_is_not_the_other_agencys_yes(threatened: Emergency, also: Elsewhere) -> None:
    elsewhere = also("op_commander", "reception_manager", "reception_manager")
    with elsewhere("support") as actor:
        assert emergencies.calls(actor) == []
    with pytest.raises(NotAllowed), elsewhere("support") as actor:
        emergencies.answer_call(actor, threatened.pk, said="yes")


def test_whoever_asks_is_not_an_officer_of_another_command_in_another_force(
    threatened: Emergency, also: Elsewhere
) -> None:
    elsewhere = also("op_commander", "review_officer_host", "review_officer")
    with elsewhere("custody") as actor:
        assert emergencies.calls(actor) == []
    with pytest.raises(NotAllowed), elsewhere("custody") as actor:
        emergencies.agree_as_second(actor, threatened.pk)


def test_nobody_reviews_their_own_emergency_for_the_other_agency(threatened: Emergency, also: Elsewhere) -> None:
    elsewhere = also("op_commander", "reception_manager", "data_guardian")
    with pytest.raises(NotAllowed), elsewhere("oversight") as actor:
        emergencies.review(actor, threatened.pk, verdict="right")


def test_one_guardian_does_not_review_it_for_both_agencies(threatened: Emergency, also: Elsewhere, at: Any) -> None:
    elsewhere = also("guardian_police", "reception_manager", "data_guardian")
    with at("guardian_police", "oversight") as actor:
        emergencies.review(actor, threatened.pk, verdict="right")
    with pytest.raises(RuleBroken, match="your other agency"), elsewhere("oversight") as actor:
        emergencies.review(actor, threatened.pk, verdict="right")


@pytest.mark.parametrize("answer", [{"peer_said": "yes"}, {"second_at": True}, {"holder_review": "right"}])
def test_the_database_takes_none_of_it_either(
    threatened: Emergency, also: Elsewhere, cast: Any, answer: dict[str, Any]
) -> None:
    colleague, role, purpose, by = {
        "peer_said": ("reception_manager", "reception_manager", "support", "peer"),
        "second_at": ("review_officer_host", "review_officer", "custody", "second"),
        "holder_review": ("reception_manager", "data_guardian", "oversight", "holder_review"),
    }[next(iter(answer))]
    elsewhere = also("op_commander", colleague, role)
    with elsewhere(purpose) as actor:
        forged = answer | {f"{by}_by": actor.me, f"{by}_at": clock.now()}
        with pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
            Emergency.objects.filter(pk=threatened.pk).update(**forged)


def test_nobody_signs_an_agreement_for_both_sides(agree: Any, at: Any, also: Elsewhere) -> None:
    made = agree("guardian_redcross", "guardian_city", ("guardian_redcross",))
    elsewhere = also("guardian_redcross", "guardian_city", "data_guardian")
    with pytest.raises(RuleBroken, match="signed for the other side"), elsewhere("oversight") as actor:
        actions.sign_agreement(actor, made.pk)
    with elsewhere("oversight") as actor, pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        Agreement.objects.filter(pk=made.pk).update(signed_by_to=actor.me)


@pytest.mark.usefixtures("housing")
def test_whoever_began_it_before_they_left_and_came_back_lets_nothing_go(person: UUID, at: Any, cast: Any) -> None:
    with at("reception_manager", "support") as actor:
        begun = actions.begin(
            actor, person, to_agency=cast["housing_officer"].agency_id, data_class="person_ref", fields=NEED,
            basis="adult-safeguarding", projection="housing_need",
        )  # fmt: skip
    first = cast["reception_manager"]
    Membership.objects.filter(pk=first.pk).update(ends=clock.now())
    again = Membership.objects.create(user=first.user, agency=first.agency, starts=first.starts)
    RoleHeld.objects.create(membership=again, role="data_guardian", starts=first.starts)
    session = seat_without_browser(again)
    with pytest.raises(RuleBroken, match="cannot approve"), at_work(session, "oversight") as actor:
        actions.approve(actor, begun.pk)
    now = clock.now()
    with at_work(session, "oversight") as actor, pytest.raises(ProgrammingError), transaction.atomic():
        Disclosure.objects.filter(pk=begun.pk).update(approved_by=actor.me, approved_at=now, completed_at=now)


def test_a_worker_whom_the_person_shut_out_stays_shut_out_in_their_other_agency(
    person: UUID, cast: Any, also: Elsewhere
) -> None:
    elsewhere = also("reception_worker", "safeguarding_lead", "safeguarding_lead")
    SubjectBlock.objects.create(subject_id=person, membership=cast["reception_worker"])
    with elsewhere("support"), connection.cursor() as cursor:
        cursor.execute("SELECT fact_subject_block()")
        assert cursor.fetchall() == [(person,)]
