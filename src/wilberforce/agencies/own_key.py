"""The pages of keys in persons' hands: a person's own, and what their guardians decide."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from wilberforce.access.context import Actor
from wilberforce.base.errors import RuleBroken
from wilberforce.base.forms import KitForm
from wilberforce.base.keyring import POSTED
from wilberforce.ledger.pages import attempt, not_ready, page

from . import keys, policy, readers, sittings
from .models import KeysAsked, OwnKey, SignedIn, Unlocking
from .rules import PASSPHRASE_LENGTH

WAIT = "Too many wrong tries. Wait a quarter of an hour; if you have forgotten it, say so below."
CALLED = {"report_raw": "what the public tells", "source": "who told us"}


def _passphrase(label: str, hint: str = "", fill: str = "off") -> forms.CharField:
    """Spaces at its ends and between its words are part of it."""
    typed = forms.PasswordInput(attrs={"autocomplete": fill})
    return forms.CharField(label=label, help_text=hint, widget=typed, max_length=200, strip=False)


class MakeForm(KitForm):
    submit = "Make my key"
    password = _passphrase(
        "A passphrase",
        f"Five or six random words, at least {PASSPHRASE_LENGTH.value} characters. Not your password for signing in.",
        "new-password",
    )
    password_again = _passphrase("The same again", fill="new-password")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("password") and given.get("password_again") and given["password"] != given["password_again"]:
            self.add_error("password_again", "The two differ. Type both again.")
        return given


class OpenForm(KitForm):
    submit = "Open my key for this sitting"
    password = _passphrase("Your passphrase", fill="current-password")


class GiveForm(KitForm):
    submit = "Give them what I hold"
    colleague = forms.ChoiceField(
        label="Who?", help_text="Only if you have heard from them the letters beside their name."
    )

    def __init__(self, *args: Any, waiting: list[readers.Waiting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.key.pk), f"{one.key.membership.user}: {one.heard}") for one in waiting]
        self.fields["colleague"].choices = [("", "Choose"), *offered]  # type: ignore[attr-defined]


class ForgetForm(KitForm):
    submit = "Forget my key"
    sure = forms.BooleanField(
        label="I can't open it any more, or somebody else could",
        error_messages={"required": "Tick this if you want to begin with a new key."},
    )


class PasskeyForm(KitForm):
    """Filled in by the passkey itself, through the browser."""

    submit = "Add a passkey"
    secret_password = forms.CharField(widget=forms.HiddenInput, max_length=64)
    credential = forms.CharField(widget=forms.HiddenInput, max_length=1_400, required=False)
    salt = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def said(self, name: str) -> bytes:
        """Raises RuleBroken."""
        text = self.cleaned_data[name]
        try:
            return urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError as wrong:
            raise RuleBroken("Your browser did not say it whole. Try again, or use the passphrase.") from wrong


class DecideForm(KitForm):
    submit = "Ask for a second guardian's yes"
    data_class = forms.ChoiceField(label="Whose keys go into the hands of those who read it?")

    def __init__(self, *args: Any, left: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data_class"].choices = [("", "Choose"), *((name, CALLED[name]) for name in left)]  # type: ignore[attr-defined]


class AgreeForm(KitForm):
    submit = "Say yes to it"
    asked = forms.TypedChoiceField(label="Which one?", coerce=UUID)

    def __init__(self, *args: Any, waiting: list[KeysAsked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(str(one.pk), f"{CALLED[one.data_class]}, asked by {one.by.user}") for one in waiting]
        self.fields["asked"].choices = [("", "Choose"), *offered]  # type: ignore[attr-defined]


VERBS: dict[str, type[KitForm]] = {
    "make": MakeForm,
    "open": OpenForm,
    "add": PasskeyForm,
    "passkey": PasskeyForm,
    "forget": ForgetForm,
    "close": KitForm,
}


@page(who="member")
@sensitive_post_parameters()
def own_key(request: HttpRequest, actor: Actor) -> HttpResponse:
    verb = request.POST.get("verb", "")
    opened = keys.opened_in(request)
    waiting = readers.waiting_in(actor.home, keys.classes_of(actor.roles)) if opened else []
    given: dict[str, KitForm] = {
        name: form(request.POST if name == verb else None, prefix=name) for name, form in VERBS.items()
    }
    given["give"] = GiveForm(request.POST if verb == "give" else None, prefix="give", waiting=waiting)
    if verb in given and given[verb].is_valid():
        answer = _acted(request, actor, verb, given[verb])
        if answer is not None:
            return answer
    return render(request, "agencies/own_key.html", _state(request, actor, opened, waiting) | _named(given))


def _named(given: dict[str, KitForm]) -> dict[str, KitForm]:
    return {f"{name}_form": form for name, form in given.items()}


def _state(request: HttpRequest, actor: Actor, opened: keys.Opened, waiting: list[readers.Waiting]) -> dict[str, Any]:
    own = keys.mine(actor)
    is_open = bool(opened) or (own is not None and keys.open_pair(request) is not None)
    return {
        "may": [CALLED[name] for name in keys.classes_of(actor.roles)],
        "own": own,
        "heard": keys.heard(own) if own else "",
        "held": bool(opened) or (own is not None and own.wraps.exists()),
        "open": is_open,
        "waiting": [one for one in waiting if one.key.membership_id != actor.me],
        "passkeys": _passkeys(own) if own and not is_open else [],
        "next": _next(request),
    }


def _passkeys(own: OwnKey) -> list[dict[str, str]]:
    found = [one for one in own.ways.all() if one.way == Unlocking.Way.PASSKEY]
    return [{"credential": _said(one.credential), "salt": _said(one.salt)} for one in found]


def _said(raw: bytes | memoryview) -> str:
    return urlsafe_b64encode(bytes(raw)).decode().rstrip("=")


def _acted(request: HttpRequest, actor: Actor, verb: str, form: KitForm) -> HttpResponse | None:
    """None where it was refused, and the form says why."""
    if verb in ("open", "passkey"):
        return _opens(request, actor, form)
    answer: HttpResponse | None = None
    with attempt(form):
        _done(request, actor, verb, form)
        answer = redirect("account_own_key")
        if verb in ("close", "forget"):
            answer.delete_cookie(keys.cookie(), samesite="Strict")
    return answer


def _opens(request: HttpRequest, actor: Actor, form: KitForm) -> HttpResponse | None:
    answer: HttpResponse | None = None
    if keys.too_many_tries(actor):
        form.add_error(None, WAIT)
        return answer
    with attempt(form):
        by_passkey = form.said("secret_password") if isinstance(form, PasskeyForm) else b""
        typed = form.cleaned_data.get("password", "")
        secret = keys.open_for_sitting(actor, _sitting(request), passphrase=typed, passkey=by_passkey)
        answer = redirect(_next(request) or "account_own_key")
        answer.set_cookie(
            keys.cookie(), secret, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Strict"
        )
    return answer


def _done(request: HttpRequest, actor: Actor, verb: str, form: KitForm) -> None:
    if verb == "make":
        keys.make(actor, form.cleaned_data["password"], _sitting(request).user)
    elif verb == "give":
        readers.give(actor, request, UUID(form.cleaned_data["colleague"]))
    elif verb == "forget":
        readers.forget(actor)
    elif isinstance(form, PasskeyForm):
        said = {name: form.said(name) for name in ("credential", "salt")}
        keys.add_passkey(actor, request, secret=form.said("secret_password"), **said)
    else:
        keys.shut_for_sitting(actor, _sitting(request))


def _sitting(request: HttpRequest) -> SignedIn:
    found = sittings.current(request)
    if found is None:
        raise RuleBroken("You are signed out. Sign in again.")
    return found


def _next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else ""


@page("audit:R:own_agency_entries")
def decided(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What a guardian sees: whose keys lie where, who has one, and what waits for a second yes."""
    asked = list(KeysAsked.objects.filter(agency=actor.home).select_related("by__user", "second__user"))
    others = [one for one in asked if one.second_id is None and one.by_id != actor.membership]
    left = [name for name in POSTED if name not in {one.data_class for one in asked}]
    verb = request.POST.get("verb", "")
    ask = DecideForm(request.POST if verb == "ask" else None, prefix="ask", left=left)
    agree = AgreeForm(request.POST if verb == "agree" else None, prefix="agree", waiting=others)
    form = {"ask": ask, "agree": agree}.get(verb)
    if form is not None and form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(form):
            if verb == "ask":
                readers.ask(actor, form.cleaned_data["data_class"])
            else:
                readers.agree(actor, form.cleaned_data["asked"])
            return redirect("oversight:keys")
    shown = {"asked": asked, "left": left, "others": others, "ask_form": ask, "agree_form": agree}
    return render(request, "agencies/keys.html", shown | {"classes": _classes(actor, asked)})


def _classes(actor: Actor, asked: list[KeysAsked]) -> list[dict[str, Any]]:
    answers, waiting = {one.data_class: one for one in asked}, readers.waiting_in(actor.home)
    everybody = readers.readers_in(actor.home)
    return [
        {
            "called": CALLED[name],
            "asked": answers.get(name),
            "readers": [one for one in everybody if one.holds(name)],
            "waits": {one.key.pk for one in waiting if name in one.classes},
        }
        for name in POSTED
    ]
