"""``page``: the door of every address. It declares what the address touches, opens the actor's context,
and turns refusals into pages that say what to do."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render

from wilberforce.access import asking, context
from wilberforce.access.addresses import Declaration
from wilberforce.access.context import Actor, Note, expand
from wilberforce.base import unsent
from wilberforce.base.errors import Conflict, NotAllowed, NotOpened, RuleBroken, Unavailable, WilberforceError
from wilberforce.base.ids import random_id
from wilberforce.base.questions import labels

from . import once, strangers
from .doors import entered, record_refusal

View = Callable[..., HttpResponse]
READINESS = ("managed_device", "step_up", "on_shift")
"""What the person can put right themselves, in the order in which they are asked for it."""

KEPT = "You had been signed out, so nothing was sent. Sign in within half an hour, and what you typed comes back."
NOT_KEPT = "You had been signed out, so nothing was sent, and what you typed could not be kept."


def page(*cells: str, who: str = "staff") -> Callable[[View], View]:
    """The view is called as ``view(request, actor, ...)``; the address's prefix names the purpose."""

    def decorate(view: View) -> View:
        @wraps(view)
        def served(request: HttpRequest, *args: Any, purpose: str = "", **kwargs: Any) -> HttpResponse:
            return _serve(view, request, purpose, cells, who, args, kwargs)

        served.declaration = Declaration(cells, who)  # type: ignore[attr-defined]
        return served

    return decorate


def open_page(why: str) -> Callable[[View], View]:
    """An address that touches no data class; ``why`` says so in the registry of addresses."""

    def decorate(view: View) -> View:
        view.declaration = Declaration((), "open", why)  # type: ignore[attr-defined]
        return view

    return decorate


def session_hash(request: HttpRequest) -> bytes | None:
    key = request.session.session_key
    return sha256(key.encode()).digest() if key else None


def _serve(
    view: View, request: HttpRequest, purpose: str, cells: tuple[str, ...], who: str, args: Any, kwargs: Any
) -> HttpResponse:
    session = session_hash(request)
    if who != "public" and session is None:
        return _to_sign_in(request)
    if who != "public" and not request.user.is_authenticated and strangers.too_many(request):
        return render(request, "429.html", {"wait": "five minutes"} | given_back(request), status=429)
    try:
        _same_workspace(request, session, purpose, cells, who)
        with unsent.offered(unsent.waiting(request) if who != "public" else None) as offer:
            with entered(_opening(session, purpose, cells, who), expand(cells)) as actor:
                response = _answer(view, request, actor, cells, args, kwargs)
            response = _given_back(request, offer, response)
    except WilberforceError as refused:
        if _signed_out(request, refused):
            return _to_sign_in(request)
        return refusal(request, refused)
    except OperationalError:
        return refusal(request, Unavailable())
    response.headers.setdefault("Cache-Control", "no-store" if who != "public" else "no-cache")
    return response


def _signed_out(request: HttpRequest, refused: WilberforceError) -> bool:
    """The sitting is over; that turns on the person alone, never on what the address would have shown."""
    return isinstance(refused, NotAllowed) and refused.rule == "context" and not request.user.is_authenticated


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST" and typed(request):
        messages.info(request, KEPT if unsent.set_aside(request) else NOT_KEPT)
    return redirect_to_login(request.get_full_path())


def _given_back(request: HttpRequest, offer: unsent.Offered | None, response: HttpResponse) -> HttpResponse:
    """Once, so that nobody's next form begins with the answers about somebody else. Where no form asks for just this,
    it is read again and sent as it is."""
    if offer is None or response.status_code == HTTPStatus.FORBIDDEN:
        return response
    unsent.forget(request)
    if offer.taken:
        return response
    shown = {"typed": written(offer.typed), "once": offer.typed.get("once"), "address": request.get_full_path()}
    return render(request, "base/unsent.html", shown)


def _opening(session: bytes | None, purpose: str, cells: tuple[str, ...], who: str) -> Callable[[], Actor]:
    if who == "public":
        return lambda: context.open_public(purpose, cells)
    return lambda: context.open_session(session or b"", purpose if who == "staff" else "", cells)


def _same_workspace(
    request: HttpRequest, session: bytes | None, purpose: str, cells: tuple[str, ...], who: str
) -> None:
    if request.method != "POST" or who != "staff" or request.POST.get("purpose", "") == purpose:
        return
    record_refusal(*_forged(session, purpose), random_id(), expand(cells))
    raise Conflict(
        "This form belongs to another workspace. What you typed is below: "
        "go back to the right workspace and send it from there.",
        code="workspace",
    )


def _forged(session: bytes | None, purpose: str) -> tuple[Actor | None, NotAllowed]:
    with transaction.atomic():
        somebody = context.asking_somebody(session or b"", purpose)
        context.close()
    return somebody, NotAllowed(rule="workspace", reason="workspace")


def _answer(
    view: View, request: HttpRequest, actor: Actor, cells: tuple[str, ...], args: Any, kwargs: Any
) -> HttpResponse:
    request.actor = actor  # type: ignore[attr-defined]
    if cells and not any(actor.holds(*cell.split(":")[:2]) for cell in expand(cells)):
        raise NotAllowed(rule="cell", reason="cell")
    missing = lacking(actor, cells)
    if missing:
        data_class, action, projection = next(iter(expand(cells)), "::").split(":")
        rule = actor.rules_for(data_class, action)
        actor.note(Note("denied", data_class, action, projection, rule, (), False, "default"))
        return not_ready(request, missing)
    if unsent.AGAIN in request.POST:
        unsent.forget(request)
    token = once.token_of(request)
    if token and (answer := once.answered(actor, token)):
        return HttpResponseRedirect(answer)
    response = view(request, actor, *args, **kwargs)
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        response = response.render()
    if token:
        once.settle(actor, token, response)
    return response


def lacking(actor: Actor, cells: tuple[str, ...]) -> str:
    """The first thing the person must put right before this address can show anything; turns only on the
    address and the person, never on whether a record exists."""
    if cells and "rate_tripped" in actor.ready:
        return "rate_tripped"
    if not cells and "device_untrusted" in actor.ready and actor.purpose:
        return "" if asking.opens_on_any_device(actor.kind, actor.roles, actor.purpose) else "managed_device"
    rules = {rule.id: rule for rule in asking.matrix().rules}
    for cell in expand(cells):
        data_class, action, _ = cell.split(":")
        needs = [rules[i].when for i in actor.rules_for(data_class, action).split("|") if i]
        if not needs:
            continue
        if "device_untrusted" in actor.ready and asking.grave(data_class):
            return "managed_device"
        for fact in READINESS:
            if all(fact in when for when in needs) and fact not in actor.ready:
                return fact
    return ""


def not_ready(request: HttpRequest, missing: str) -> HttpResponse:
    """Whoever goes and puts it right finds what they typed in the form when they are back."""
    kept = request.method == "POST" and unsent.set_aside(request)
    return render(
        request, "base/not_ready.html", {"missing": missing, "typed": typed(request), "kept": kept}, status=403
    )


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What somebody wrote, to be shown to them again, never a password."""
    with suppress(Exception):  # what can't be read can't be shown
        return written(request.POST)
    return []


def given_back(request: HttpRequest, sent: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """For a page that knows nobody: what was typed, and whether that bears the marking on the screen and on paper."""
    works_here = settings.SESSION_COOKIE_NAME in request.COOKIES
    return {"typed": typed(request) if sent is None else sent, "works_here": works_here}


def written(sent: QueryDict) -> list[tuple[str, str]]:
    return [
        (name, v) for name, values in sent.lists() for v in values if v and name != "once" and not unsent.left_out(name)
    ]


def refusal(request: HttpRequest, refused: WilberforceError) -> HttpResponse:
    if isinstance(refused, NotAllowed):
        return absent(request)
    if isinstance(refused, NotOpened):
        return not_ready(request, "own_key")
    data: dict[str, Any] = {"sentence": refused.sentence, "status": refused.status, **given_back(request)}
    if isinstance(refused, Conflict):
        data |= {"theirs": refused.theirs, "labels": refused.labels}
    template = {409: "409.html", 503: "503.html"}.get(refused.status, "400.html")
    return render(request, template, data, status=refused.status)


def absent(request: HttpRequest) -> HttpResponse:
    """The one answer for what is not there and what may not be seen. It knows nothing of the session but whether the
    browser holds one, and gives back what was sent to an address that exists."""
    exists = request.method == "POST" and request.resolver_match
    response = render(None, "404.html", given_back(request, None if exists else []), status=404)
    response.headers["Cache-Control"] = "no-store"
    return response


@contextmanager
def attempt(form: BaseForm) -> Iterator[None]:
    """Try an action; a broken rule undoes it and becomes an error beside its field."""
    try:
        with transaction.atomic():
            yield
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.sentence)
    except Conflict as clash:
        clash.labels = labels(form)
        raise


def version_of(request: HttpRequest) -> int | None:
    """The version that the form was filled in against, for ``Protected.change``."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else None


def seen_in(request: HttpRequest, row: Mapping[str, Any]) -> bool:
    """Whether the form was filled in against this version. What an old page asked is answered with the newer values."""
    return version_of(request) in (None, row["version"])
