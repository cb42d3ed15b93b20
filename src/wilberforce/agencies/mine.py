"""What everybody may know about themselves: what they have access to and why, what they read, and how to leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.matrix import Fact, Rule
from wilberforce.base import clock
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.ledger.own import own_entries
from wilberforce.ledger.pages import attempt, page

from . import actions, rights_words, ties
from .forms import LeaveForm, TieForm
from .models import Membership, RoleHeld, Shift

STANDING = (
    "assigned", "same_centre", "named_on_shift", "op_lead", "op_member", "op_window", "op_linked", "case_member",
    "claimed", "placing", "break_glass", "follow_up_keeper",
)  # fmt: skip
"""Facts about records that hold for some record of the actor's, or for none."""
YES, NO = "yes, now", "not now"


@dataclass(frozen=True, slots=True)
class Need:
    fact: Fact
    state: str
    """Yes or no where that is known without a record; else it is answered for one record at a time."""

    @property
    def said(self) -> str:
        return rights_words.NEEDS[self.fact.name]

    @property
    def missing(self) -> str:
        return rights_words.MISSING[self.fact.name]


@dataclass(frozen=True, slots=True)
class Right:
    rule: Rule
    needs: tuple[Need, ...]

    @property
    def said(self) -> str:
        verbs = " and ".join(word for letter, word in rights_words.VERBS.items() if letter in self.rule.actions)
        things = ", ".join(rights_words.THINGS[name] for name in self.rule.classes)
        part = rights_words.PARTS[self.rule.fields] if self.rule.fields else ""
        several = f"{part} ({things})" if part and len(self.rule.classes) > 1 else part or things
        return f"{verbs} {several}"

    @property
    def purposes(self) -> str:
        return ", or to ".join(matrix().purposes[name].why for name in self.rule.purposes)

    @property
    def missing(self) -> list[Need]:
        return [need for need in self.needs if need.state == NO]

    @property
    def stopped(self) -> bool:
        return bool(self.missing)


@dataclass(frozen=True, slots=True)
class Held:
    role: str
    ends: datetime | None
    rights: list[Right]

    @property
    def parts(self) -> list[tuple[str, list[Right]]]:
        """Nothing where no rule speaks of the role."""
        now = [right for right in self.rights if not right.stopped]
        later = [right for right in self.rights if right.stopped]
        every = [("You can open now", now), ("Not now: something is missing", later)]
        return [(heading, rights) for heading, rights in every if rights]


def rights(actor: Actor) -> list[Held]:
    """By role, every rule of the matrix that speaks of this actor, in its order."""
    now, standing = clock.now(), _standing()
    ends = {one.role: one.ends for one in RoleHeld.objects.filter(membership=actor.me).exclude(ends__lte=now)}
    held = sorted(set(actor.roles) & set(matrix().kinds[actor.kind].roles))
    return [
        Held(role, ends.get(role), [_right(actor, rule, standing) for rule in _rules(actor.kind, role)])
        for role in held
    ]


def _standing() -> dict[str, bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"EXISTS (SELECT fact_{name}())" for name in STANDING))
        return dict(zip(STANDING, cursor.fetchone() or (), strict=True))


def _rules(kind: str, role: str) -> list[Rule]:
    return [rule for rule in matrix().rules if kind in rule.agencies and role in rule.roles]


def _right(actor: Actor, rule: Rule, standing: Mapping[str, bool]) -> Right:
    return Right(rule, tuple(_need(actor, matrix().facts[name], standing) for name in rule.when))


def _need(actor: Actor, fact: Fact, standing: Mapping[str, bool]) -> Need:
    if fact.kind == "person" and fact.name != "sterile":
        return Need(fact, YES if fact.name in actor.ready else NO)
    known = standing.get(fact.name)
    return Need(fact, "" if known is None else YES if known else NO)


@page(who="member")
def access(request: HttpRequest, actor: Actor) -> HttpResponse:
    me = Membership.objects.select_related("agency").get(pk=actor.me)
    shift = Shift.objects.filter(membership=me, signed_in_at__isnull=False, signed_out_at=None).first()
    shown = {
        "roles": rights(actor),
        "stops": [(stop, matrix().facts[stop.fact]) for stop in matrix().dynamic],
        "agency": me.agency,
        "leaves": me.ends,
        "shift": shift,
        "named": [(panel.template, panel.fetch(actor, [actor.me])) for panel in panels("agencies.access")],
    }
    return render(request, "agencies/access.html", shown)


@page(who="member")
def reads(request: HttpRequest, actor: Actor) -> HttpResponse:
    found = listed(request, lambda _, **bounds: [{"entry": one} for one in own_entries(actor, **bounds)])
    return render(request, "agencies/reads.html", {"listing": found})


@page(who="member")
def leave(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.leave(actor)
            messages.success(request, "You have left. Nothing of this agency opens for you any more.")
            return redirect("account_login")
    return render(request, "agencies/leave.html", {"form": form})


@page(who="member")
def conflicts(request: HttpRequest, actor: Actor) -> HttpResponse:
    """No list of what was declared: it would say which of the references name a record."""
    form = TieForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            ties.declare_conflict(actor, form.cleaned_data["reference"], form.cleaned_data["why"])
            return render(request, "agencies/declared.html")
    return render(request, "agencies/conflicts.html", {"form": form})
