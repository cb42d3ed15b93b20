"""The plan put right."""

from functools import partial
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations import actions, board, forms, order_forms, policy, unit_forms
from wilberforce.operations.models import Chance

from .asking import agencies_of, ask
from .planning import for_brief, named_on_it, plan_of

ISSUE_AGAIN = "Copies of the order that were issued stay as they were. Issue the order again, so that everybody knows."


@page("operation:RW")
def site(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    row = policy.SITES.one(actor, site_id)
    (told,) = policy.PLACES.many(actor, Q(site_id=site_id), limit=1)
    initial = row | {"place": told["place"], "address": told["address"], "plan": told["plan"]}
    choices = {"host_force": agencies_of(("police",))}
    form = forms.CorrectSiteForm(request.POST or None, version=row["version"], initial=initial, choices=choices)
    act = partial(actions.correct_site, actor, site_id, version=version_of(request))
    return ask(request, form, f"Correct site {row['ref']}", act, plan_of(row["operation_id"]))


@page("operation:RW")
def site_out(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    """Out of the plan, or back into it."""
    row = policy.SITES.one(actor, site_id)
    asked = forms.SiteBackForm if row["out_at"] else forms.SiteOutForm
    verb = actions.put_site_back if row["out_at"] else actions.take_site_out
    title = f"Put site {row['ref']} back" if row["out_at"] else f"Take site {row['ref']} out of the plan"
    form = asked(request.POST or None, version=row["version"])
    act = partial(verb, actor, site_id, version=version_of(request))
    return ask(request, form, title, act, plan_of(row["operation_id"]), ISSUE_AGAIN)


@page("operation:RW")
def contingency_end(request: HttpRequest, actor: Actor, contingency_id: UUID) -> HttpResponse:
    row = policy.CONTINGENCIES.one(actor, contingency_id)
    form = order_forms.EndContingencyForm(request.POST or None, version=row["version"])
    act = partial(actions.no_longer_plan, actor, contingency_id, version=version_of(request))
    title = f"No longer planned for: {Chance(row['chance']).label[0].lower()}{Chance(row['chance']).label[1:]}"
    return ask(request, form, title, act, plan_of(row["operation_id"]), ISSUE_AGAIN)


@page("operation:RW")
def unit(request: HttpRequest, actor: Actor, unit_id: UUID) -> HttpResponse:
    row = policy.UNITS.one(actor, unit_id)
    choices = for_brief(actor, row["operation_id"])
    form = unit_forms.CorrectUnitForm(request.POST or None, version=row["version"], initial=row, choices=choices)
    act = partial(actions.correct_unit, actor, unit_id, version=version_of(request))
    title = f"Correct {row['label']}"
    return ask(request, form, title, act, reverse("op_planning:sizing", args=[row["operation_id"]]))


@page("operation:RW")
def partner(request: HttpRequest, actor: Actor, partner_id: UUID) -> HttpResponse:
    row = policy.PARTNERS.one(actor, partner_id)
    form = forms.CorrectPartnerForm(request.POST or None, initial=row)
    act = partial(actions.correct_partner, actor, partner_id)
    title = f"What {board.agencies([row['agency_id']])[row['agency_id']]} brings"
    return ask(request, form, title, act, plan_of(row["operation_id"]))


@page("operation:RW")
def warrant(request: HttpRequest, actor: Actor, warrant_id: UUID) -> HttpResponse:
    row = policy.WARRANTS.one(actor, warrant_id)
    initial = row | {"named_agencies": [str(one) for one in row["named"]]}
    form = forms.CorrectWarrantForm(
        request.POST or None,
        version=row["version"],
        initial=initial,
        choices=named_on_it(actor, row["operation_id"]),
    )
    act = partial(actions.correct_warrant, actor, warrant_id, version=version_of(request))
    return ask(request, form, "Correct the warrant", act, plan_of(row["operation_id"]))
