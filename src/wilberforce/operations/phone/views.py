"""What a bronze's phone asks, in JSON, and the shell that it keeps, which holds no personal data."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.agencies import seats, sittings
from wilberforce.base import clock, outbox
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import is_exercise
from wilberforce.base.outbox import Row, bytes64, text64
from wilberforce.ledger.asked import asked_by, no, yes
from wilberforce.ledger.doors import at_work
from wilberforce.ledger.pages import open_page, page
from wilberforce.operations.models import Phone

from . import phones, site, sync
from .words import clock_said

MOST_ROWS, MOST_BYTES = 200, 256 * 1024
PROVES_ITSELF = "a phone proves itself by its own key; what it reads, it reads through the seat of whoever unlocked it"


def _phone(request: HttpRequest) -> Phone | None:
    return phones.of_cookie(request.COOKIES.get(phones.COOKIE))


phone_asks = asked_by(_phone, PROVES_ITSELF, 4 * MOST_BYTES)


def _ms() -> int:
    return round(clock.now().timestamp() * 1000)


@phone_asks
def hello(request: HttpRequest, phone: Phone, said: dict[str, Any]) -> HttpResponse:
    seats.greet(phone, bytes64(said["public_key"]))
    return yes(
        tablet=str(phone.pk), centre=str(phone.site_id), label=phone.label, key=text64(outbox.public_key()),
        kid=outbox.key_id(), exercise=is_exercise(phone.site_id), epoch=str(sync.current_life()), server_ms=_ms(),
    )  # fmt: skip


@phone_asks
def take_rows(request: HttpRequest, phone: Phone, said: dict[str, Any]) -> HttpResponse:
    """``POST /site/v1/sync``: an answer for each row; nothing may be deleted on the strength of any other answer."""
    events = said["events"]
    if len(events) > MOST_ROWS or len(request.body) > 2 * MOST_BYTES:
        return no("halve", 413)
    offset = outbox.offset_of(int(said["device_ms"]), clock.now())
    rows = [Row.of(phone.pk, event) for event in events]
    acks = sync.receive(phone, rows, offset) if rows else []
    told = [{"id": str(a.id), "dseq": a.dseq, "status": a.status, "reason": a.reason} for a in acks]
    held, life = sync.heard(phone, unsent=int(said["unsent"]), offset_ms=offset), str(sync.current_life())
    if said.get("epoch") != life:
        return no("epoch", 409, epoch=life, acks=told)
    return yes(
        acks=told, have=held.highest, missing=held.missing, epoch=life,
        durable_upto=sync.durable_upto(phone) if said.get("durable") else 0,
        waits=sync.waiting(phone), server_ms=_ms(), clock=clock_said(offset),
    )  # fmt: skip


@phone_asks
def unlock(request: HttpRequest, phone: Phone, said: dict[str, Any]) -> HttpResponse:
    seat = seats.unlock(phone, UUID(str(said["seat"])), bytes64(said["proof"]))
    return yes(share=text64(bytes(seat.share or b""))) if seat else no("pin", 403)


@phone_asks
def picture(request: HttpRequest, phone: Phone, said: dict[str, Any]) -> HttpResponse:
    """The site as it stands, under the grants of whoever unlocked the phone."""
    seat = seats.unlock(phone, UUID(str(said["seat"])), bytes64(said["proof"]))
    if seat is None:
        return no("pin", 403)
    try:
        with at_work(bytes(seat.session_hash), sync.PURPOSE) as actor:
            return yes(**site.seen(actor, phone), server_ms=_ms())
    except NotAllowed:
        return no("roster", 403)


@phone_asks
def close_down(request: HttpRequest, phone: Phone, said: dict[str, Any]) -> HttpResponse:
    missing = phones.close_down(phone, int(said["count"]), bytes64(said["head"]))
    if missing is not None:
        return no("unsent", 409, missing=missing)
    answer = yes(wiped=True)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@page("operation:RW:site_found", "operation:RW:day_log")
def sit_down(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asked by the shell: who is signed in on this phone, and with a proof of their new PIN, their seat."""
    phone, sitting = _phone(request), sittings.current(request)
    if phone is None or sitting is None:
        raise NotAllowed(rule="phone", reason="default")
    name = sitting.user.display_name
    if request.method != "POST":
        return yes(name=name, token=get_token(request), purpose=actor.purpose)
    try:
        proof_hash = bytes64(request.POST.get("proof_hash", ""))
        seat = phones.take_seat(actor, phone.site_id, phone=phone, sitting=sitting, proof_hash=proof_hash)
    except (RuleBroken, ValueError) as broken:
        return no(str(broken), 422)
    return yes(seat=str(seat.pk), share=text64(bytes(seat.share or b"")), name=name)


@open_page("the shell holds no personal data")
def shell(request: HttpRequest, **_: Any) -> HttpResponse:
    answer = render(None, "operations/site.html", site.SHELL.shown())
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@open_page("the shell's own script")
def worker(request: HttpRequest, **_: Any) -> HttpResponse:
    return HttpResponse(site.SHELL.worker(), content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@open_page("what a browser needs to install the shell")
def manifest(request: HttpRequest, **_: Any) -> HttpResponse:
    return JsonResponse(site.SHELL.manifest(), content_type="application/manifest+json")


def with_cookie(answer: HttpResponse, secret: str) -> HttpResponse:
    return seats.with_cookie(answer, phones.COOKIE, secret)
