"""A person at the centre, and the first responders who were named for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from wilberforce.base import clock
from wilberforce.reception import actions as reception
from wilberforce.referrals import actions
from wilberforce.survivors import actions as survivors

HOUR = timedelta(hours=1)
CITY, CITY_TOO, POLICE = "first_responder_city", "first_responder_city_2", "first_responder"


@dataclass
class Case:
    at: Callable[..., Any]
    person_id: UUID
    reference: str

    def by(self, part: str = CITY) -> Any:
        return self.at(part, "nrm")

    def answers(self, answer: str, part: str = CITY) -> None:
        with self.by(part) as actor:
            actions.record_answer(actor, self.person_id, answer=answer, language="ro", interpreter=True)


@pytest.fixture
def meet(at: Any, cast: Any) -> Callable[..., Case]:
    def met(
        age: str = "adult", named: tuple[str, ...] = (CITY, CITY_TOO, POLICE), ready_to_decide: bool = True
    ) -> Case:
        now = clock.now()
        with at("reception_manager", "reception") as actor:
            centre = reception.open_centre(actor, name="Kingfisher", capacity=20).pk
            shift = reception.set_up_shift(actor, centre, cast["reception_manager"].pk, now - HOUR, now + 7 * HOUR)
            reception.sign_in_to_shift(actor, shift.pk)
        with at("reception_manager", "reception") as actor:
            person = reception.arrive(actor, centre, age=age, languages=["ro"])
            for part in named:
                survivors.assign(actor, person.pk, cast[part].pk)
            if ready_to_decide:
                reception.rest_recorded(actor, person.pk)
                reception.information_given(actor, person.pk, language="ro")
        return Case(at, person.pk, person.reference)

    return met


@pytest.fixture
def case(meet: Callable[..., Case]) -> Case:
    return meet()
