"""A person's own sign-in: joining, open screens, devices, a fresh proof; and the demonstration's door."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import Gone, NotAllowed, WilberforceError
from wilberforce.ledger.pages import absent, attempt, open_page, page, refusal

from . import actions, demo, second, sittings
from .forms import DeviceForm, JoinForm, WayBackForm
from .models import Device, Membership, SignedIn


@open_page("an invitation names no record; the link is the proof")
@sensitive_post_parameters("password")
def join(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = actions.open_invitation(token)
        form = JoinForm(request.POST or None)
        if form.is_valid():
            with attempt(form):
                actions.accept_invitation(token, form.cleaned_data["name"], form.cleaned_data["password"])
                messages.success(request, "You have joined. Sign in with your password, then set up your second proof.")
                return redirect("account_login")
    except Gone as gone:
        return refusal(request, gone)
    lead = f"{invitation.email} is invited to {invitation.agency}."
    return render(request, "agencies/form.html", {"form": form, "title": "Join", "lead": lead})


@open_page("a way back names no record; two guardians and the mailed link are the proof")
@sensitive_post_parameters("password")
def way_back(request: HttpRequest, token: str) -> HttpResponse:
    try:
        asked = second.open_way_back(token)
        form = WayBackForm(request.POST or None)
        if form.is_valid():
            with attempt(form):
                second.take_way_back(token, form.cleaned_data["password"])
                messages.success(request, "Your new password is set. Sign in with it, then set up your second proof.")
                return redirect("account_login")
    except Gone as gone:
        return refusal(request, gone)
    lead = f"For {asked.membership.user.email}. Your old proofs no longer count: you set up a new one next."
    return render(request, "agencies/form.html", {"form": form, "title": "A new password", "lead": lead})


@open_page("tells whoever can't get in what to do; asks for nothing, so that it gives nothing away")
def forgotten(request: HttpRequest) -> HttpResponse:
    return render(request, "agencies/forgotten.html")


@page(who="member")
def sessions(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Open screens, devices and other agencies of the person themselves."""
    mine = SignedIn.objects.filter(user=request.user.pk, ended_at=None)
    if request.method == "POST":
        sittings.end(mine.filter(pk=_id(request.POST.get("sitting"))))
        return redirect("account_sessions")
    here = sittings.current(request)
    lasts_since = clock.now() - sittings.session_lasts()
    elsewhere = sittings.live_memberships(UUID(str(request.user.pk))).exclude(pk=actor.membership or UUID(int=0))
    shown = {
        "here": here.pk if here else None,
        "sittings": mine.filter(signed_in_at__gt=lasts_since).select_related("device", "membership__agency"),
        "elsewhere": elsewhere,
        "devices": Device.objects.filter(membership=actor.membership, revoked_at=None),
    }
    return render(request, "agencies/sessions.html", shown)


@page(who="member")
@require_POST
def work_for(request: HttpRequest, actor: Actor) -> HttpResponse:
    membership = Membership.objects.filter(pk=_id(request.POST.get("membership"))).first()
    if membership is None or sittings.work_for(request, membership) is None:
        raise NotAllowed(rule="membership", reason="default")
    return redirect("/my-work/")


@page(who="member")
def device(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = DeviceForm(request.POST or None)
    if form.is_valid():
        with attempt(form):
            session = sittings.session_hash(request) or b""
            secret = actions.open_device(actor, session, form.cleaned_data["code"])
            response = redirect("account_sessions")
            sittings.remember_device(response, secret)
            return response
    lead = "Your data guardian gives you a code for each device that you work on."
    return render(request, "agencies/form.html", {"form": form, "title": "Use this device", "lead": lead})


@page(who="member")
@require_POST
def device_lost(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    lost = Device.objects.filter(pk=pk, membership=actor.membership).first()
    if lost is None:
        raise NotAllowed(rule="own_device", reason="default")
    actions.revoke_device(actor, lost)
    return redirect("account_sessions")


@open_page("asks only for a fresh proof of who is at the screen")
def step_up(request: HttpRequest) -> HttpResponse:
    """To whichever proof this person has, and back."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    own = Authenticator.objects.filter(user_id=request.user.pk)
    if own.filter(type=Authenticator.Type.WEBAUTHN).exists():
        name = "mfa_reauthenticate_webauthn"
    elif own.filter(type=Authenticator.Type.TOTP).exists():
        name = "mfa_reauthenticate"
    else:
        name = "demo" if settings.DEMO else "mfa_index"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': _back(request)})}")


@open_page("nobody signs up: people are invited")
def no_sign_up(request: HttpRequest) -> HttpResponse:
    return render(request, "account/signup_closed.html", status=403)


@open_page("an account without a password has none to change")
def no_password(request: HttpRequest) -> HttpResponse:
    return absent(request)


@open_page("the demonstration's cast is invented")
def demo_cast(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        return absent(request)
    return render(request, "agencies/demo.html", {"cast": Membership.objects.with_roles(clock.now())})


@open_page("the demonstration's cast is invented")
@require_POST
def demo_sign_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    membership = Membership.objects.live(clock.now()).select_related("user").filter(pk=pk).first()
    if not settings.DEMO or membership is None:
        return absent(request)
    secret = demo.sign_in_as(request, membership)
    response = redirect(_back(request))
    sittings.remember_device(response, secret)
    return response


@open_page("renews the demonstration's own device and proof")
@require_POST
def demo_renew(request: HttpRequest) -> HttpResponse:
    try:
        secret = demo.renew(request)
    except WilberforceError:
        return absent(request)
    response = redirect(_back(request))
    if secret:
        sittings.remember_device(response, secret)
    return response


def _back(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if safe else "/my-work/"


def _id(text: str | None) -> UUID:
    """The nil id, which nothing has, for whatever is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return UUID(int=0)
