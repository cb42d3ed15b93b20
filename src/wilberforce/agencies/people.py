"""A data guardian's pages: who works here, what they hold, which devices are theirs."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.ledger.pages import attempt, page

from . import actions, policy
from .forms import ChecksForm, EnrolForm, InviteForm, RoleForm
from .models import Device, Invitation, Membership, RoleHeld

Shown = dict[str, object]
Held = TypeVar("Held", RoleHeld, Device)


@page(who="member")
def everybody(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = _guardian(actor)
    members = Membership.objects.with_roles(clock.now()).filter(agency=me.agency)
    return render(request, "agencies/people.html", {"agency": me.agency, "members": members, "me": me.pk})


@page(who="member")
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = _guardian(actor)
    form = InviteForm(request.POST or None, choices=_roles(me))
    if form.is_valid():
        with attempt(form):
            invited = actions.invite(actor, me.agency, form.cleaned_data["email"], form.cleaned_data["roles"])
            transaction.on_commit(lambda: send_invitation(invited.invitation, invited.token))
            return redirect("account_people")
    shown = {"form": form, "title": "Invite somebody", "back": reverse("account_people")}
    return render(request, "agencies/form.html", shown)


@page(who="member")
def one(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    me = _guardian(actor)
    members = Membership.objects.live(clock.now()).filter(agency=me.agency).exclude(user=me.user)
    membership = members.select_related("user", "agency").filter(pk=pk).first()
    if membership is None:
        raise NotAllowed(rule="guardian", reason="default")
    forms = _forms(me, membership)
    shown: Shown = {}
    if request.method == "POST":
        answer = _do(request, actor, membership, forms, shown)
        if answer is not None:
            return answer
    parts = [{"verb": verb, "heading": form.submit, "form": form} for verb, form in forms.items()]
    roles = [held for held in membership.roles_held.all() if held.ends is None]
    devices = membership.devices.filter(revoked_at=None)
    shown |= {"membership": membership, "forms": parts, "roles": roles, "devices": devices}
    return render(request, "agencies/person.html", shown)


def send_invitation(invitation: Invitation, token: str) -> None:
    link = settings.SITE_ADDRESS + reverse("join", args=[token])
    text = f"You are invited to work for {invitation.agency}.\n\n{link}\n\nThe link works once, for 72 hours."
    send_mail("Your invitation", text, None, [invitation.email])


def _guardian(actor: Actor) -> Membership:
    if actor.agency is None:
        raise NotAllowed(rule="guardian", reason="default")
    return policy.guardian(actor, actor.agency)


def _roles(me: Membership) -> list[tuple[str, str]]:
    return [(role, role.replace("_", " ").capitalize()) for role in policy.roles_of(me.agency.kind)]


def _forms(me: Membership, membership: Membership) -> dict[str, KitForm]:
    checks = {"vetting": membership.vetting, "clinician_checked_on": membership.clinician_checked_on}
    return {
        "grant_role": RoleForm(choices=_roles(me), prefix="role"),
        "record_checks": ChecksForm(initial=checks, prefix="checks"),
        "enrol_device": EnrolForm(prefix="device"),
    }


def _do(
    request: HttpRequest, actor: Actor, membership: Membership, forms: dict[str, KitForm], shown: Shown
) -> HttpResponse | None:
    verb = request.POST.get("verb", "")
    if verb in forms:
        return _do_form(request, actor, membership, forms, verb, shown)
    at_once: dict[str, Callable[[], None]] = {
        "end_membership": lambda: actions.end_membership(actor, membership),
        "end_role": lambda: actions.end_role(actor, _own(membership, RoleHeld, request.POST.get("held"))),
        "revoke_device": lambda: actions.revoke_device(actor, _own(membership, Device, request.POST.get("device"))),
    }
    if verb not in at_once:
        raise NotAllowed(rule="guardian", reason="default")
    at_once[verb]()
    return redirect("account_people") if verb == "end_membership" else redirect("account_people_one", membership.pk)


def _do_form(
    request: HttpRequest, actor: Actor, membership: Membership, forms: dict[str, KitForm], verb: str, shown: Shown
) -> HttpResponse | None:
    form = forms[verb]
    form.data, form.is_bound = request.POST, True
    if not form.is_valid():
        return None
    given = form.cleaned_data
    with attempt(form):
        if verb == "enrol_device":
            shown["code"] = actions.enrol_device(actor, membership, given["label"]).code
            return None
        if verb == "grant_role":
            actions.grant_role(actor, membership, given["role"])
        else:
            actions.record_checks(actor, membership, given["vetting"], given["clinician_checked_on"])
        return redirect("account_people_one", membership.pk)
    return None


def _own(membership: Membership, model: type[Held], pk: str | None) -> Held:
    try:
        return model._default_manager.get(pk=UUID(pk or ""), membership=membership)
    except (ValueError, model.DoesNotExist) as absent:
        raise NotAllowed(rule="guardian", reason="default") from absent
