"""A data guardian's pages: who works here, what they hold, their devices, what waits for a second guardian."""

from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import PER_PAGE
from wilberforce.base.words import spoken
from wilberforce.deadlines.rules import clock_time
from wilberforce.ledger.pages import attempt, not_ready, page

from . import actions, jobs, policy, second, ties
from .forms import BlockForm, ChecksForm, ColleagueTieForm, EndRoleForm, EnrolForm, InviteForm, RoleForm, TheyLeaveForm
from .models import Device, Membership, RoleHeld, not_over
from .rules import GUARDIAN

Shown = dict[str, object]
HEADINGS = {
    "grant_role": "Give a role",
    "end_role": "End a role, or change its end",
    "record_checks": "Vetting and registration",
    "enrol_device": "Enrol a device",
    "record_conflict": "They know somebody or a place",
    "block": "Somebody asked not to be seen by them",
    "end_membership": "Leaving",
}
Held = TypeVar("Held", RoleHeld, Device)


@page(who="member")
def everybody(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = _guardian(actor)
    members = Membership.objects.with_roles(clock.now()).filter(agency=me.agency)
    guardians = Membership.objects.holding(GUARDIAN, clock.now()).filter(agency=me.agency)
    shown = {
        "agency": me.agency,
        "members": members,
        "me": me,
        "waiting": second.waiting_in(me.agency_id),
        "alone": guardians.count() < 2,
        "invited": actions.open_invitations().filter(agency=me.agency),
        "lapsed": actions.lapsed_invitations().filter(agency=me.agency).order_by("-expires")[:PER_PAGE],
    }
    return render(request, "agencies/people.html", shown)


@page(who="member")
@require_POST
def answer(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """The second guardian's yes or no."""
    _guardian(actor)
    if missing := policy.lacking(actor):
        return not_ready(request, missing)
    _, way_back = second.answer(actor, pk, request.POST.get("answer") == "yes")
    if way_back:
        jobs.send_way_back.defer(asked=str(pk))
    return redirect("account_people")


@page(who="member")
@require_POST
def invited(request: HttpRequest, actor: Actor, pk: UUID) -> HttpResponse:
    """A fresh link for somebody who did not come in time, or none any more."""
    _guardian(actor)
    if missing := policy.lacking(actor):
        return not_ready(request, missing)
    if request.POST.get("answer") == "again":
        again = actions.invite_again(actor, pk)
        jobs.send_invitation.defer(invitation=str(again.invitation.pk))
    else:
        actions.withdraw_invitation(actor, pk)
    return redirect("account_people")


@page(who="member")
def block(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The person asked that nobody of this agency sees their file."""
    _guardian(actor)
    form = BlockForm(request.POST or None)
    if form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        ties.block(actor, form.cleaned_data["reference"], None)
        return redirect("account_people")
    lead = "From then on nobody in your agency sees anything of them. You are not told whether there is such a record."
    shown = {
        "form": form,
        "title": "Somebody asked not to be seen by us",
        "lead": lead,
        "back": reverse("account_people"),
    }
    return render(request, "agencies/form.html", shown)


@page(who="member")
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = _guardian(actor)
    form = InviteForm(request.POST or None, choices=_roles(me))
    if form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(form):
            invited = actions.invite(actor, me.agency, form.cleaned_data["email"], form.cleaned_data["roles"])
            jobs.send_invitation.defer(invitation=str(invited.invitation.pk))
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
    verb = request.POST.get("verb", "")
    forms = _forms(me, membership, verb, request.POST)
    shown: Shown = {}
    if request.method == "POST":
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        if verb not in forms:
            return _do_at_once(request, actor, membership, verb)
        if forms[verb].is_valid() and _fill_in(actor, membership, verb, forms[verb], shown):
            return redirect("account_people") if verb == "end_membership" else redirect(request.path)
    parts = [{"verb": verb, "heading": HEADINGS[verb], "form": form} for verb, form in forms.items()]
    roles = list(membership.roles_held.select_related("ended_by__user").order_by("-starts"))
    now = clock.now()
    over = [_over(held) for held in roles if held.ends and held.ends <= now]
    devices = membership.devices.filter(revoked_at=None)
    waiting = membership.waiting_for_two.filter(answered_at=None)
    shown |= {"membership": membership, "forms": parts, "devices": devices, "waiting": waiting}
    shown |= {"roles": [held for held in roles if not held.ends or held.ends > now], "over": over}
    return render(request, "agencies/person.html", shown)


def _over(held: RoleHeld) -> dict[str, object]:
    """An entry of a timeline."""
    text = f"Held since {clock_time(held.starts)}." + (f"\nWhy: {held.why_ended}" if held.why_ended else "")
    return {"at": held.ends, "title": f"{held}: ended", "by": held.ended_by and held.ended_by.user, "text": text}


def _guardian(actor: Actor) -> Membership:
    if actor.agency is None:
        raise NotAllowed(rule="guardian", reason="default")
    return policy.guardian(actor, actor.agency)


def _roles(me: Membership) -> list[tuple[str, str]]:
    return [(role, spoken(role).capitalize()) for role in policy.roles_of(me.agency.kind)]


def _forms(me: Membership, membership: Membership, verb: str, posted: QueryDict) -> dict[str, KitForm]:
    """They share the page; only the one that was sent carries what was typed."""
    held = membership.roles_held.filter(not_over(clock.now())).order_by("role")
    checks = {"vetting": membership.vetting, "clinician_checked_on": membership.clinician_checked_on}
    sent = {verb: posted}
    return {
        "grant_role": RoleForm(sent.get("grant_role"), choices=_roles(me), prefix="role"),
        "end_role": EndRoleForm(sent.get("end_role"), choices=[(str(one.pk), str(one)) for one in held], prefix="held"),
        "record_checks": ChecksForm(sent.get("record_checks"), initial=checks, prefix="checks"),
        "enrol_device": EnrolForm(sent.get("enrol_device"), prefix="device"),
        "record_conflict": ColleagueTieForm(sent.get("record_conflict"), prefix="tie"),
        "block": BlockForm(sent.get("block"), prefix="block"),
        "end_membership": TheyLeaveForm(sent.get("end_membership"), prefix="end"),
    }


def _fill_in(actor: Actor, membership: Membership, verb: str, form: KitForm, shown: Shown) -> bool:
    """True where there is nothing left to show."""
    given = form.cleaned_data
    with attempt(form):
        if verb == "enrol_device":
            shown["code"] = actions.enrol_device(actor, membership, given["label"]).code
        elif verb == "grant_role":
            actions.grant_role(actor, membership, given["role"], given["last_day"])
        elif verb == "end_role":
            _change_end(actor, _own(membership, RoleHeld, given["held"]), given)
        elif verb == "record_conflict":
            ties.record_conflict(actor, membership, given["reference"], given["why"])
        elif verb == "block":
            ties.block(actor, given["reference"], membership)
        elif verb == "end_membership":
            actions.end_membership(actor, membership)
        else:
            actions.record_checks(actor, membership, given["vetting"], given["clinician_checked_on"])
    return not form.errors and "code" not in shown


def _change_end(actor: Actor, held: RoleHeld, given: dict[str, Any]) -> None:
    last_day, why = given["last_day"] if given["until"] == "day" else None, given["why"]
    ends = actions.end_of(last_day)
    later = held.ends is not None and ends is not None and ends > held.ends
    if given["until"] == "never" or later:
        actions.prolong_role(actor, held, why=why, last_day=last_day)
    else:
        actions.end_role(actor, held, why=why, last_day=last_day)


def _do_at_once(request: HttpRequest, actor: Actor, membership: Membership, verb: str) -> HttpResponse:
    if verb == "way_back":
        second.ask_way_back(actor, membership)
    elif verb == "revoke_device":
        actions.revoke_device(actor, _own(membership, Device, request.POST.get("device")))
    else:
        raise NotAllowed(rule="guardian", reason="default")
    return redirect("account_people_one", membership.pk)


def _own(membership: Membership, model: type[Held], pk: str | None) -> Held:
    try:
        return model._default_manager.get(pk=UUID(pk or ""), membership=membership)
    except (ValueError, model.DoesNotExist) as absent:
        raise NotAllowed(rule="guardian", reason="default") from absent
