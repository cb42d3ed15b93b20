"""The commander's plan, and a partner's brief."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Area
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations import actions, board, forms, order_forms, policy, unit_forms
from wilberforce.operations import sizing as reckoned
from wilberforce.operations.models import Answer, Level

from .asking import Choices, agencies_of, ask, centres, holding, named

COMMANDER = "op_commander"


@page("operation:R", "operation:R:brief.{agency}")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The commander's operations; for everybody else the briefs that are open to their agency."""
    if actor.role != COMMANDER:
        return render(request, "operations/briefs.html", {"briefs": board.briefs(actor)})
    found = listed(request, partial(policy.OPERATIONS.many, actor, order_by=("-planned_for", "-id")))
    return render(request, "operations/plans.html", {"listing": found.each(board.said)})


@page("operation:RW")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    form = forms.PlanForm(request.POST or None)
    return ask(request, form, "Plan an operation", partial(actions.plan, actor), reverse("op_planning:index"))


@page("operation:R")
def plan(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    shown = board.plan(actor, operation_id) | {"panels": panels("operations.plan")}
    return render(request, "operations/plan.html", shown)


@page("operation:RW")
def change(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    row = policy.OPERATIONS.one(actor, operation_id)
    form = forms.ChangeForm(request.POST or None, version=row["version"], initial=row)
    act = partial(actions.change_plan, actor, operation_id, version=version_of(request))
    return ask(request, form, "Change the plan", act, plan_of(operation_id))


def plan_of(operation_id: UUID) -> str:
    return reverse("op_planning:plan", args=[operation_id])


@dataclass(frozen=True)
class Question:
    title: str
    form: type[forms.Asked]
    act: Callable[..., Any]
    choices: Callable[[Actor, UUID], dict[str, Choices]] = lambda actor, operation_id: {}


def _partners(actor: Actor, operation_id: UUID, **where: Any) -> list[UUID]:
    rows = policy.PARTNERS.many(actor, Q(operation_id=operation_id, **where), limit=100)
    return [row["agency_id"] for row in rows]


def _may_be_asked(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"agency_id": agencies_of(without=[actor.agency, *_partners(actor, operation_id)])}


def _were_asked(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"agency_id": named(_partners(actor, operation_id))}


def _taking_part(actor: Actor, operation_id: UUID) -> list[UUID | None]:
    hosts = [site["host_force"] for site in policy.SITES.many(actor, policy.in_plan(operation_id), limit=100)]
    return [actor.agency, *_partners(actor, operation_id, answer=Answer.YES), *hosts]


def _for_roster(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    there = {str(row.membership_id) for row in policy.roster_of(operation_id)}
    people = holding(actions.ON_ROSTER, _taking_part(actor, operation_id))
    return {"membership_id": [choice for choice in people if choice[0] not in there]}


def _for_case(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"membership_id": holding(actions.ON_CASE, [actor.agency])}


def for_brief(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"agency_id": named(_taking_part(actor, operation_id))}


def _for_site(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"host_force": agencies_of(("police",))}


def _who_command(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"membership_id": holding(actions.COMMANDS, [actor.agency])}


def _held_commands(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    rows = policy.named_on(operation_id)["commanders"]
    names = board.people(row["membership_id"] for row in rows)
    return {
        "command_id": [(str(row["id"]), f"{names[row['membership_id']]}, {Level(row['as_']).label}") for row in rows]
    }


def _for_bronze(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    names = board.people(row.membership_id for row in policy.roster_of(operation_id))
    sites = policy.SITES.many(actor, policy.in_plan(operation_id), order_by=("ref",), limit=100)
    return {
        "membership_id": [(str(key), name) for key, name in names.items()],
        "site_id": [(str(site["id"]), f"Site {site['ref']}") for site in sites],
    }


def _who_is_told(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"agencies": named(_taking_part(actor, operation_id))}


def _on_roster(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return _people(row.membership_id for row in policy.roster_of(operation_id) if row.membership_id != actor.me)


def _on_case(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return _people(row["membership_id"] for row in policy.named_on(operation_id)["case_team"])


def _people(ids: Iterable[UUID]) -> dict[str, Choices]:
    return {"membership_id": [(str(key), name) for key, name in board.people(ids).items()]}


def _open_briefs(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    alone = Q(operation_id=operation_id, order=0, superseded_at=None)
    rows = policy.BRIEFS.many(actor, alone, order_by=("copy",), limit=500)
    names = board.agencies(row["agency_id"] for row in rows)
    return {"brief_id": [(str(row["id"]), f"Copy {row['copy']}, {names[row['agency_id']]}") for row in rows]}


def _linked(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"centre_id": centres(operation_id)}


QUESTIONS = {
    "partner": Question("Ask an agency", forms.PartnerForm, actions.ask_partner, _may_be_asked),
    "answer": Question("An agency's answer", forms.AnswerForm, actions.partner_answers, _were_asked),
    "person": Question("Who takes part", forms.RosterForm, actions.join_roster, _for_roster),
    "unit": Question("Add a team, a vehicle or an interpreter", unit_forms.NewUnitForm, actions.add_unit, for_brief),
    "site": Question("Add a site", forms.SiteForm, actions.add_site, _for_site),
    "brief": Question("Give a brief", forms.BriefForm, actions.write_brief, for_brief),
    "centre": Question("Link a reception centre", forms.CentreForm, actions.link_called),
    "contingency": Question("What may go wrong", order_forms.ContingencyForm, actions.plan_for, _who_is_told),
    "commander": Question("Give command", order_forms.CommanderForm, actions.name_commander, _who_command),
    "relieved": Question("End a command", order_forms.EndCommandForm, actions.end_command, _held_commands),
    "bronze": Question("Name a bronze", order_forms.BronzeForm, actions.name_bronze, _for_bronze),
    "off": Question("Take somebody off the roster", order_forms.TakeOffForm, actions.leave_roster, _on_roster),
    "off-case": Question("Take somebody off the case team", order_forms.TakeOffForm, actions.leave_case, _on_case),
    "withdraw": Question("Withdraw a brief", order_forms.WithdrawBriefForm, actions.withdraw_brief, _open_briefs),
    "ready": Question("What a centre makes ready", order_forms.ReadyForm, actions.make_ready_otherwise, _linked),
    "unlink": Question("Unlink a reception centre", order_forms.UnlinkForm, actions.unlink_centre, _linked),
    "case": Question("The case team", forms.CaseForm, actions.case_team, _for_case),
}


@page("operation:RW")
def add(request: HttpRequest, actor: Actor, operation_id: UUID, what: str) -> HttpResponse:
    question = _asked(QUESTIONS, what)
    policy.OPERATIONS.one(actor, operation_id)
    form = question.form(request.POST or None, choices=question.choices(actor, operation_id))
    lead = _known_places() if what == "site" else ""
    act = partial(question.act, actor, operation_id)
    return ask(request, form, question.title, act, plan_of(operation_id), lead)


def _known_places() -> str:
    places = ", ".join(Area.objects.live().values_list("place", flat=True))
    return f"For these places the force of the area is known: {places}." if places else ""


def named_on_it(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    return {"named_agencies": named([i for i in _taking_part(actor, operation_id) if i != actor.agency])}


FOR_SITE = {
    "warrant": Question("Record a warrant", forms.WarrantForm, actions.add_warrant, named_on_it),
    "asked": Question("The force of the area was asked", forms.HostAskedForm, actions.ask_host),
    "host": Question("The force of the area agrees", forms.HostForm, actions.record_host_agreement),
}


@page("operation:RW")
def add_to_site(request: HttpRequest, actor: Actor, site_id: UUID, what: str) -> HttpResponse:
    question = _asked(FOR_SITE, what)
    site = policy.SITES.one(actor, site_id)
    form = question.form(request.POST or None, choices=question.choices(actor, site["operation_id"]))
    title = f"Site {site['ref']}: {question.title[0].lower()}{question.title[1:]}"
    return ask(request, form, title, partial(question.act, actor, site_id), plan_of(site["operation_id"]))


@page("operation:RW")
def contingency(request: HttpRequest, actor: Actor, contingency_id: UUID) -> HttpResponse:
    row = policy.CONTINGENCIES.one(actor, contingency_id)
    shown = row | {"agencies": [str(one) for one in row["agencies"]]}
    choices = _who_is_told(actor, row["operation_id"])
    form = order_forms.ReplanForm(request.POST or None, version=row["version"], choices=choices, initial=shown)
    act = partial(actions.plan_otherwise, actor, contingency_id, version=version_of(request))
    return ask(request, form, "What may go wrong", act, plan_of(row["operation_id"]))


@page("operation:RW")
def give_back(request: HttpRequest, actor: Actor, warrant_id: UUID) -> HttpResponse:
    warrant = policy.WARRANTS.one(actor, warrant_id)
    form = forms.ReturnForm(request.POST or None, version=warrant["version"])
    act = partial(actions.return_warrant, actor, warrant_id, version=version_of(request))
    return ask(request, form, "The warrant goes back to the court", act, plan_of(warrant["operation_id"]))


@page("operation:R")
def sizing(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    return render(request, "operations/sizing.html", reckoned.sizing(actor, operation_id))


@page("operation:RW")
def rehearse(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    others = [row.membership_id for row in policy.roster_of(operation_id) if row.membership_id != actor.me]
    choices = {"players": [(str(key), name) for key, name in board.people(others).items()]}
    form = forms.RehearseForm(request.POST or None, choices=choices)
    lead = "A copy of the plan without addresses and courts, played at a table. Every page of it says that it is one."
    act = partial(actions.rehearse, actor, operation_id)
    return ask(request, form, "Rehearse the plan", act, reverse("op_planning:index"), lead)


@page("operation:RW")
def end_rehearsal(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    lead = "It closes to everybody but you, and nothing of it is counted anywhere."
    act = partial(actions.end_rehearsal, actor, operation_id)
    return ask(request, forms.EndForm(request.POST or None), "End the exercise", act, plan_of(operation_id), lead)


def _asked(questions: dict[str, Question], what: str) -> Question:
    if what not in questions:
        raise NotAllowed(rule="address", reason="address")
    return questions[what]
