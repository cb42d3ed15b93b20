"""Nobody is registered twice: a warning while somebody types, and a check when they send it without a script."""

import re
from typing import Any

import pytest
from django.urls import reverse

from wilberforce.base.references import nearly_the_same

from .conftest import Open, leaves
from .test_pages import people, register, words


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("P-7K3MQX", True),
        ("p 7k3mqx", True),
        ("P-7K3MQ", True),
        ("P-7K3MXQ", True),
        ("P-7K3MQY", True),
        ("P-7K3MQXX", True),
        ("P-7K3NQY", False),
        ("P-222222", False),
        ("P-O", False),
    ],
)
def test_a_card_read_with_cold_hands_is_still_the_card(typed: str, near: bool) -> None:
    assert nearly_the_same("P-7K3MQX", typed) is near


def alike(client: Any, centre: Open, **typed: str) -> str:
    page = words(client.get(reverse("reception:alike", args=[centre.centre_id]), typed))
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_whoever_is_nearly_the_same_is_shown_while_one_types(centre: Open, signed_in: Any) -> None:
    centre.arrived(reference="P-7K3MQX")
    client = signed_in("reception_worker")
    assert "P-7K3MQX" in alike(client, centre, reference="P-7K3MQ")
    assert "P-7K3MQX" in alike(client, centre, age="adult", languages="sq")
    assert "Nobody here is like them" in alike(client, centre, reference="P-999999", age="child", languages="ro")


def test_without_a_script_it_is_asked_when_it_is_sent(centre: Open, signed_in: Any) -> None:
    centre.arrived(reference="P-7K3MQX")
    client = signed_in("reception_worker")
    page = register(client, centre, reference="P-7K3MQY")
    assert "Perhaps they are here already" in words(page)
    assert len(people(centre)) == 1
    assert register(client, centre, reference="P-7K3MQY", somebody_else="yes").status_code == 302
    assert len(people(centre)) == 2


def test_somebody_who_left_with_this_card_is_shown(centre: Open, signed_in: Any) -> None:
    person = centre.arrived(reference="P-7K3MQX").pk
    with centre.by() as actor:
        leaves(actor, person, destination="friends")
    page = words(register(signed_in("reception_worker"), centre, reference="P-7K3MQX"))
    assert "was here and left" in page


def test_whoever_another_centre_knows_changes_no_byte(centre: Open, other_centre: Open, signed_in: Any) -> None:
    client = signed_in("reception_worker")
    before = alike(client, centre, reference="P-7K3MQX", age="adult", languages="sq")
    other_centre.arrived("reception_worker_2", reference="P-7K3MQX")
    assert alike(client, centre, reference="P-7K3MQX", age="adult", languages="sq") == before
