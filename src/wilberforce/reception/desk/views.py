"""What a tablet asks, in JSON. A tablet proves itself by a cookie that no script reads; people by their PIN's proof.

The shell holds no personal data and needs no sign-in, so that it opens from a cold start without a network.
"""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.agencies import seats, sittings
from wilberforce.base import clock, outbox
from wilberforce.base.csp import PERMISSIONS, permissions
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.asked import asked_by, no, yes
from wilberforce.ledger.doors import at_work
from wilberforce.ledger.pages import open_page, page
from wilberforce.reception.models import Seat, Tablet

from . import boxes, cards, pictures, roster, rules, shell, sync, tablets, takings
from .boxes import Row

PROVES_ITSELF = "a tablet proves itself by its own key; people are reached through the seat of whoever unlocked it"


def tablet_of(request: HttpRequest) -> Tablet | None:
    return tablets.of_cookie(request.COOKIES.get(tablets.COOKIE))


tablet_asks = asked_by(tablet_of, PROVES_ITSELF, 4 * rules.MOST_BYTES)


@tablet_asks
def hello(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    seats.greet(tablet, boxes.bytes64(said["public_key"]))
    return yes(
        tablet=str(tablet.pk),
        centre=str(tablet.centre_id),
        label=tablet.label,
        key=boxes.text64(boxes.public_key()),
        kid=boxes.key_id(),
        epoch=str(sync.current_epoch()),
        server_ms=_ms(),
    )


def _ms() -> int:
    return round(clock.now().timestamp() * 1000)


@tablet_asks
def take_events(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    """``POST /desk/v1/sync``: an answer for each row; nothing may be deleted on the strength of any other answer."""
    events = said["events"]
    if len(events) > rules.MOST_EVENTS or len(request.body) > 2 * rules.MOST_BYTES:
        return no("halve", 413)
    if said.get("device") not in (None, str(tablet.pk)):
        return no("unknown", 401)  # enrolled as another since: its rows are bound to the first
    offset = outbox.offset_of(int(said["device_ms"]), clock.now())
    rows = [Row.of(tablet.pk, event) for event in events]
    acks = sync.receive(tablet, rows, offset) if rows else []
    held = sync.heard(tablet, unsent=int(said["unsent"]), offset_ms=offset, app_version=str(said.get("version", "")))
    if said.get("epoch") != str(held.epoch):
        return no("epoch", 409, epoch=str(held.epoch), acks=[_as_json(ack) for ack in acks])
    return yes(
        acks=[_as_json(ack) for ack in acks],
        have=held.highest,
        missing=held.missing,
        epoch=str(held.epoch),
        durable_upto=sync.durable_upto(tablet) if said.get("durable") else 0,
        server_ms=_ms(),
        clock=rules.words_for_offset(offset),
    )


def _as_json(ack: sync.Ack) -> dict[str, Any]:
    return {"id": str(ack.id), "dseq": ack.dseq, "status": ack.status, "reason": ack.reason}


@tablet_asks
def unlock(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    seat = seats.unlock(tablet, UUID(str(said["seat"])), boxes.bytes64(said["proof"]))
    return yes(**_shares(seat)) if seat else no("pin", 403)


def _shares(seat: Seat) -> dict[str, Any]:
    """What the tablet wraps its roster's key with and forgets: our half, and a card's until the shift ends."""
    card, until = cards.laid_by(seat)
    told = {"share": boxes.text64(bytes(seat.share or b""))}
    return told | ({"card": boxes.text64(card), "until": round(until.timestamp() * 1000)} if card and until else {})


@tablet_asks
def people(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    """The roster, under the grants of whoever unlocked the tablet."""
    seat = seats.unlock(tablet, UUID(str(said["seat"])), boxes.bytes64(said["proof"]))
    if seat is None:
        return no("pin", 403)
    try:
        with at_work(bytes(seat.session_hash), "reception", takings.CELLS) as actor:
            here = roster.of_centre(actor, tablet.centre_id)
            return yes(people=here, card=seat.card is not None, server_ms=_ms())
    except NotAllowed:
        return no("shift", 403)


@tablet_asks
def take_piece(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    """``POST /desk/v1/chunk``: one sealed piece of a picture, on a queue of its own."""
    try:
        pictures.take(tablet, UUID(str(said["event"])), int(said["n"]), boxes.bytes64(said["box"]))
    except pictures.EventFirst:
        return no("event", 409)
    except pictures.NoRoom:
        return no("room", 507)
    return yes(taken=True)


@tablet_asks
def held(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    """Where a tablet goes on after a cut, and what it may forget."""
    return yes(held=pictures.held(tablet, {UUID(str(one)) for one in said["events"][: rules.MOST_EVENTS]}))


@tablet_asks
def close_down(request: HttpRequest, tablet: Tablet, said: dict[str, Any]) -> HttpResponse:
    if int(said.get("pieces", 0)):
        return no("unsent", 409, missing=[])
    missing = tablets.close_down(tablet, int(said["count"]), boxes.bytes64(said["head"]))
    if missing is not None:
        return no("unsent", 409, missing=missing)
    answer = yes(wiped=True)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@page("person_ref:RW", "centre:R")
def sit_down(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asked by the shell: who is signed in on this tablet, and with a proof of their new PIN, their seat."""
    tablet, sitting = tablet_of(request), sittings.current(request)
    if tablet is None or sitting is None:
        raise NotAllowed(rule="tablet", reason="default")
    name = sitting.user.display_name
    if request.method != "POST":
        return yes(name=name, token=get_token(request), purpose=actor.purpose)
    try:
        proof_hash = boxes.bytes64(request.POST.get("proof_hash", ""))
        seat = tablets.take_seat(actor, tablet.centre_id, tablet=tablet, sitting=sitting, proof_hash=proof_hash)
    except (RuleBroken, ValueError) as broken:
        return no(str(broken), 422)
    return yes(seat=str(seat.pk), name=name, **_shares(seat))


@open_page("the shell holds no personal data")
def desk(request: HttpRequest, **_: Any) -> HttpResponse:
    answer = render(None, "reception/desk.html", shell.SHELL.shown())
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers[PERMISSIONS] = permissions(camera="(self)")
    return answer


@open_page("the shell's own script")
def worker(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse(shell.SHELL.worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@open_page("what a browser needs to install the shell")
def manifest(request: HttpRequest, **_: Any) -> HttpResponse:
    return JsonResponse(shell.SHELL.manifest(), content_type="application/manifest+json")


def with_cookie(answer: HttpResponse, secret: str) -> HttpResponse:
    return seats.with_cookie(answer, tablets.COOKIE, secret)
