"""What everybody may know about themselves: what they have access to and why, what they read, and how to leave."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.matrix import Fact, Rule
from wilberforce.base.paging import PER_PAGE
from wilberforce.ledger.own import own_entries
from wilberforce.ledger.pages import attempt, page

from . import actions, ties
from .forms import LeaveForm, TieForm

VERBS = {"R": "see", "W": "write", "D": "disclose", "A": "approve"}


@dataclass(frozen=True, slots=True)
class Need:
    fact: Fact
    state: str
    """met, not now, or by the record: that is only answered for one record, or one role, at a time."""


@dataclass(frozen=True, slots=True)
class Right:
    rule: Rule
    needs: tuple[Need, ...]

    @property
    def said(self) -> str:
        verbs = " and ".join(word for letter, word in VERBS.items() if letter in self.rule.actions)
        return f"{verbs}: {', '.join(name.replace('_', ' ') for name in self.rule.classes)}"

    @property
    def stopped(self) -> bool:
        return any(need.state == "not now" for need in self.needs)


def rights(actor: Actor) -> list[tuple[str, list[Right]]]:
    """By role, every rule of the matrix that speaks of this actor, in its order."""
    held = sorted(set(actor.roles) & set(matrix().kinds[actor.kind].roles))
    return [(role, [_right(actor, rule) for rule in _rules(actor.kind, role)]) for role in held]


def _rules(kind: str, role: str) -> list[Rule]:
    return [rule for rule in matrix().rules if kind in rule.agencies and role in rule.roles]


def _right(actor: Actor, rule: Rule) -> Right:
    return Right(rule, tuple(_need(actor, matrix().facts[name]) for name in rule.when))


def _need(actor: Actor, fact: Fact) -> Need:
    if fact.kind != "person" or fact.name == "sterile":
        return Need(fact, "by the record")
    return Need(fact, "met" if fact.name in actor.ready else "not now")


@page(who="member")
def access(request: HttpRequest, actor: Actor) -> HttpResponse:
    stops = [(stop, matrix().facts[stop.fact]) for stop in matrix().dynamic]
    return render(request, "agencies/access.html", {"roles": rights(actor), "stops": stops})


@page(who="member")
def reads(request: HttpRequest, actor: Actor) -> HttpResponse:
    typed = request.GET.get("page", "1")
    number = max(int(typed), 1) if typed.isdecimal() and len(typed) < 6 else 1
    found = own_entries(actor, PER_PAGE + 1, (number - 1) * PER_PAGE)
    shown = {"entries": found[:PER_PAGE], "number": number, "more": len(found) > PER_PAGE}
    return render(request, "agencies/reads.html", shown)


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
            ties.declare_by_reference(actor, form.cleaned_data["reference"], form.cleaned_data["why"])
            return render(request, "agencies/declared.html")
    return render(request, "agencies/conflicts.html", {"form": form})
