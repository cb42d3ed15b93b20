"""People at a centre: their stay comes first, as in life."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from wilberforce.reception import actions as reception
from wilberforce.reception.tests.conftest import on_shift
from wilberforce.survivors.models import Person


@pytest.fixture
def centre_id(at: Any, cast: Any) -> UUID:
    """``reception_worker_2`` belongs to the same agency and to no centre."""
    with at("reception_manager", "reception") as actor:
        opened = reception.open_centre(actor, name="Kingfisher", capacity=20)
    on_shift(at, cast, opened.pk, "reception_manager", "reception_worker", "health_worker")
    return UUID(str(opened.pk))


@pytest.fixture
def register(centre_id: UUID, at: Any) -> Callable[..., Person]:
    def registered(ready_to_decide: bool = True, **said: Any) -> Person:
        with at("reception_manager", "reception") as actor:
            person = reception.arrive(actor, centre_id, **{"age": "adult", "languages": ["ti"], **said})
            if ready_to_decide:
                reception.rest_recorded(actor, person.pk)
                reception.information_given(actor, person.pk, language="ti")
            return person

    return registered
