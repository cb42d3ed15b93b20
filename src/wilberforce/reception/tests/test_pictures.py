"""Pictures of belongings: sealed pieces on a queue of their own, opened only to be shown, and only as pixels."""

import json
import secrets
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.sequencer import connect
from wilberforce.reception.desk import boxes, pictures, rules, tablets
from wilberforce.reception.desk.imitated import Desk
from wilberforce.reception.models import Envelope, PictureChunk

from .tablet import desk_of

pytestmark = pytest.mark.django_db
PLACE = b"51.5007N 0.1246W"


def photograph(side: int = 420) -> bytes:
    """Grain, so that it needs more than one piece; and what a camera writes beside the pixels."""
    told = Image.Exif()
    told[0x010E] = PLACE.decode()
    made = BytesIO()
    Image.frombytes("RGB", (side, side), secrets.token_bytes(side * side * 3)).save(made, "JPEG", quality=70, exif=told)
    return made.getvalue()


@pytest.fixture
def desk(centre: Any, at: Any) -> Desk:
    return desk_of(at, centre.centre_id)


def taken(desk: Desk, raw: bytes, of: str = "belongings") -> tuple[UUID, list[bytes]]:
    return desk.photographs(raw, of, ref="P-7K3MQX")


def sends(desk: Desk, event: UUID, n: int, box: bytes) -> int:
    return posts(desk, "chunk", {"event": str(event), "n": n, "box": boxes.text64(box)})[0]


def posts(desk: Desk, what: str, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    client = Client()
    client.cookies[tablets.COOKIE] = desk.secret
    answer = client.post(f"/desk/v1/{what}", json.dumps(said), content_type="application/json")
    return answer.status_code, answer.json()


@pytest.fixture
def person(desk: Desk) -> UUID:
    return desk.meets("P-7K3MQX")


def test_pieces_come_in_any_order_and_twice_and_make_the_picture(desk, person, centre):
    raw = photograph()
    event, sealed = taken(desk, raw)
    desk.sends()
    assert len(sealed) > 1
    for n in [*reversed(range(len(sealed))), 0]:
        assert sends(desk, event, n, sealed[n]) == 200
    with centre.by() as actor:
        (found,) = pictures.of_person(actor, person)
        assert (found.id, found.whole) == (event, True)
        shown = pictures.jpeg(actor, person, picture=event)
    assert PLACE in raw
    assert PLACE not in shown
    assert Image.open(BytesIO(shown)).size == (420, 420)


def test_a_piece_waits_for_its_event_and_no_event_waits_for_a_piece(desk, person):
    event, sealed = taken(desk, photograph())
    assert sends(desk, event, 0, sealed[0]) == 409
    assert {ack.status for ack in desk.sends()} == {"accepted"}
    assert sends(desk, event, 0, sealed[0]) == 200


def test_the_tablet_learns_where_to_go_on(desk, person):
    event, sealed = taken(desk, photograph())
    desk.sends()
    sends(desk, event, 0, sealed[0])
    status, said = posts(desk, "held", {"events": [str(event)]})
    assert (status, said["held"][str(event)]) == (200, {"have": [0], "durable": False})


def test_half_a_picture_and_a_changed_piece_are_not_shown(desk, person, centre):
    event, sealed = taken(desk, photograph())
    desk.sends()
    sends(desk, event, 0, sealed[0])
    with centre.by() as actor:
        assert pictures.of_person(actor, person)[0].came == 1
        with pytest.raises(RuleBroken):
            pictures.jpeg(actor, person, picture=event)
    sends(desk, event, 1, sealed[1][:-1] + bytes([sealed[1][-1] ^ 1]))
    with centre.by() as actor, pytest.raises(RuleBroken):
        pictures.jpeg(actor, person, picture=event)


@pytest.mark.parametrize("of", ["face", "passport", ""])
def test_what_a_picture_may_not_show_waits_for_a_person(desk, person, of):
    taken(desk, photograph(40), of)
    assert desk.sends()[-1].reason == "sense"


def test_a_tablet_fills_the_server_only_so_far(desk, person, monkeypatch):
    event, sealed = taken(desk, photograph())
    desk.sends()
    assert sends(desk, event, 0, b"x" * (rules.PIECE + 29)) == 400
    assert sends(desk, event, rules.MOST_PIECES, sealed[0]) == 400
    monkeypatch.setattr(rules, "MOST_OPEN", 1)
    assert sends(desk, event, 0, sealed[0]) == 507


def test_no_tablet_adds_to_the_picture_of_another(desk, person, centre, at):
    event, sealed = taken(desk, photograph())
    desk.sends()
    other = desk_of(at, centre.centre_id, "health_worker", "Tablet 2")
    assert sends(other, event, 0, sealed[0]) == 409


def test_a_picture_is_found_through_its_own_person_alone(desk, person, centre):
    event, sealed = taken(desk, photograph(40))
    other = desk.meets("P-7K3MQY")
    desk.sends()
    sends(desk, event, 0, sealed[0])
    with centre.by() as actor, pytest.raises(NotAllowed):
        pictures.jpeg(actor, other, picture=event)


def test_close_down_waits_for_the_pieces(desk, person):
    desk.sends()
    told = {"count": len(desk.outbox), "head": boxes.text64(desk.head)}
    assert posts(desk, "close", told | {"pieces": 1})[0] == 409
    assert posts(desk, "close", told | {"pieces": 0})[0] == 200


@pytest.mark.django_db(transaction=True)
def test_when_the_picture_goes_its_pieces_go_and_the_box_with_the_key(desk, person):
    event, sealed = taken(desk, photograph(40))
    desk.sends()
    sends(desk, event, 0, sealed[0])
    with connect("owner") as eraser:
        eraser.execute("SET ROLE wb_search")
        eraser.execute("DELETE FROM reception_pictureevent WHERE id = %s", [event])
    assert not PictureChunk.objects.filter(event_id=event).exists()
    assert bytes(Envelope.objects.get(id=event).box) == b""
