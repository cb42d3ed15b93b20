"""Who is near their cap on different people in a day, or over it; and the guardian who lifts it, with a reason."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.pages import attempt, not_ready, page

from . import policy
from .forms import UnlockForm
from .models import Membership, Unlocked, Why
from .rules import PEOPLE_A_DAY


@dataclass(frozen=True, slots=True)
class Capped:
    member: Membership
    opened: int
    registered: int
    rate: str

    @property
    def cap(self) -> int:
        return max(PEOPLE_A_DAY.value, self.registered)


@page("audit:R:own_agency_entries")
def caps(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = near_or_over(actor)
    offered = [(str(one.member.pk), str(one.member.user)) for one in found if one.member.pk != actor.membership]
    form = UnlockForm(request.POST or None, choices=offered)
    if request.method == "POST" and form.is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(form):
            unlock(actor, form.cleaned_data["member"], why=form.cleaned_data["why"])
            return redirect("oversight:caps")
    shown = {"found": found, "form": form if offered else None, "floor": PEOPLE_A_DAY.value}
    return render(request, "agencies/caps.html", shown)


def near_or_over(actor: Actor) -> list[Capped]:
    """Of the guardian's own agency; whom they saw is not told here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT membership_id, opened, registered, rate FROM agencies_caps() ORDER BY opened DESC")
        rows = cursor.fetchall()
    members = Membership.objects.select_related("user", "agency").in_bulk([row[0] for row in rows])
    return [Capped(members[who], *counted) for who, *counted in rows]


def unlock(actor: Actor, membership_id: UUID, *, why: str) -> Unlocked:
    """Their count begins again from now."""
    member = Membership.objects.filter(pk=membership_id, agency=actor.home).first()
    if member is None:
        raise NotAllowed(rule="guardian", reason="default")
    me = policy.acting_guardian(actor, actor.home, member)
    if why not in Why.values:
        raise RuleBroken("Choose why.", field="why")
    made = Unlocked(membership=member, by=me, why=why)
    made.save(force_insert=True)
    policy.told(actor, member.pk, made.pk)
    return made
