"""A shift card: a half of the roster's key on paper, for a tablet that somebody unlocks without the network."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from wilberforce.agencies.models import Shift
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.reception.desk import boxes, cards, tablets
from wilberforce.reception.desk.imitated import Desk

from .tablet import desk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(centre: Any, at: Any) -> Desk:
    return desk_of(at, centre.centre_id)


def asked(desk: Desk, what: str = "unlock") -> dict[str, Any]:
    client = Client()
    client.cookies[tablets.COOKIE] = desk.secret
    body = json.dumps({"seat": str(desk.seat.pk), "proof": boxes.text64(desk.proof)})
    said: dict[str, Any] = client.post(f"/desk/v1/{what}", body, content_type="application/json").json()
    return said


def read(letters: str) -> bytes:
    """As a person with the alphabet would: the inverse of what is printed."""
    number = 0
    for letter in letters.replace(" ", ""):
        number = number * 32 + cards.LETTERS.index(letter)
    return (number >> 12).to_bytes(cards.BYTES)


def test_the_tablet_learns_the_cards_half_when_it_is_unlocked_and_the_same_one_every_time(desk):
    first, again = asked(desk), asked(desk)
    assert first["card"] == again["card"]
    assert first["card"] != first["share"]
    assert asked(desk, "people")["card"] is True


def test_the_letters_on_the_card_are_the_half_that_the_tablet_knows(desk):
    card = boxes.bytes64(asked(desk)["card"])
    assert read(cards.spelt(card)) == card
    assert [len(group) for group in cards.spelt(card).split()] == [4] * 7


def test_a_card_is_printed_by_the_manager_alone(desk, centre, at):
    asked(desk)
    with at("reception_manager", "reception") as actor:
        assert cards.printed(actor, centre.centre_id, desk.seat.pk).startswith(b"%PDF")
        assert cards.at_centre(actor, centre.centre_id)[0].seat.printed_at
    with at("reception_worker", "reception") as actor, pytest.raises(NotAllowed):
        cards.printed(actor, centre.centre_id, desk.seat.pk)


def test_nothing_is_printed_that_would_open_nothing(desk, centre, at):
    with at("reception_manager", "reception") as actor, pytest.raises(RuleBroken, match="Unlock it once"):
        cards.printed(actor, centre.centre_id, desk.seat.pk)
    asked(desk)
    Shift.objects.update(ends=clock.now() - timedelta(minutes=1))
    with at("reception_manager", "reception") as actor, pytest.raises(RuleBroken, match="on no shift"):
        cards.printed(actor, centre.centre_id, desk.seat.pk)


def test_a_card_opens_until_the_shift_ends(desk):
    ends = clock.now() + timedelta(hours=3)
    Shift.objects.update(ends=ends)
    assert asked(desk)["until"] == round(ends.timestamp() * 1000)
    Shift.objects.update(ends=clock.now() - timedelta(minutes=1))
    assert "card" not in asked(desk)


def test_a_revoked_card_is_told_to_the_tablet_and_the_next_is_another(desk, centre, at):
    before = asked(desk)["card"]
    with at("reception_manager", "reception") as actor:
        cards.revoke(actor, centre.centre_id, desk.seat.pk)
    assert asked(desk, "people")["card"] is False
    assert asked(desk)["card"] != before


def test_a_lost_tablet_has_no_card(desk, centre, at):
    asked(desk)
    with at("reception_manager", "reception") as actor:
        tablets.lose(actor, centre.centre_id, desk.kept.pk)
        assert cards.at_centre(actor, centre.centre_id) == []
    desk.seat.refresh_from_db()
    assert (desk.seat.share, desk.seat.card) == (None, None)
