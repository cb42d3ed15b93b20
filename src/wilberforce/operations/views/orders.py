"""The operation order: the commander's one text, each agency's copy of it, on a page and on paper."""

from functools import partial
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations import actions, board, order_forms, paper, policy
from wilberforce.operations.models import Answer

from .asking import Choices, ask, named

OWN_COPY = ("operation:R", "operation:R:brief.{agency}")


def _order(operation_id: UUID) -> str:
    return reverse("op_planning:order", args=[operation_id])


def _for_whom(actor: Actor, operation_id: UUID) -> dict[str, Choices]:
    asked = policy.PARTNERS.many(actor, Q(operation_id=operation_id, answer=Answer.YES), limit=100)
    sites = policy.SITES.many(actor, board.of(operation_id), limit=100)
    return {"agencies": named({actor.agency, *(row["agency_id"] for row in asked), *(s["host_force"] for s in sites)})}


@page("operation:R")
def order(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    return render(request, "operations/order.html", board.order(actor, operation_id))


@page("operation:RW")
def write(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    heading = request.GET.get("heading", "")
    form = order_forms.OrderPartForm(
        request.POST or None, choices=_for_whom(actor, operation_id), initial={"heading": heading}
    )
    act = partial(actions.write_part, actor, operation_id)
    return ask(request, form, "A part of the order", act, _order(operation_id))


@page("operation:RW")
def change(request: HttpRequest, actor: Actor, part_id: UUID) -> HttpResponse:
    part = policy.ORDER_PARTS.one(actor, part_id)
    operation_id = part["operation_id"]
    shown = part | {"agencies": [str(one) for one in part["agencies"]]}
    choices = _for_whom(actor, operation_id)
    form = order_forms.ChangePartForm(request.POST or None, version=part["version"], choices=choices, initial=shown)
    act = partial(actions.change_part, actor, part_id, version=version_of(request))
    return ask(request, form, "A part of the order", act, _order(operation_id))


@page("operation:RW")
def take_out(request: HttpRequest, actor: Actor, part_id: UUID) -> HttpResponse:
    part = policy.ORDER_PARTS.one(actor, part_id)
    form = order_forms.TakeOutForm(request.POST or None, version=part["version"])
    act = partial(actions.take_out, actor, part_id, version=version_of(request))
    lead = "Copies that were issued stay as they were. What it said stays in the plan's history."
    return ask(request, form, "Take a part out of the order", act, _order(part["operation_id"]), lead)


@page("operation:RW")
def issue(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = order_forms.IssueForm(request.POST or None)
    act = partial(actions.issue_order, actor, operation_id)
    lead = "Each agency gets its own parts in a copy with a number of its own. Copies of an earlier version close."
    return ask(request, form, "Issue the order", act, _order(operation_id), lead)


@page(*OWN_COPY)
def copy(request: HttpRequest, actor: Actor, brief_id: UUID) -> HttpResponse:
    return render(request, "operations/copy.html", {"copy": board.order_copy(actor, brief_id)})


@page(*OWN_COPY)
def pdf(request: HttpRequest, actor: Actor, brief_id: UUID) -> HttpResponse:
    """What the page shows, no more: what is not open yet is not on the paper either."""
    copy = board.order_copy(actor, brief_id)
    headers = {"Content-Disposition": f'attachment; filename="order-copy-{copy["copy"]}.pdf"'}
    printed = paper.order(copy, clock.now())
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


@page("operation:R:brief.{agency}")
def read(request: HttpRequest, actor: Actor, brief_id: UUID) -> HttpResponse:
    """A button beside the copy; opened by itself it leads back there."""
    if request.method == "POST":
        actions.read_order(actor, brief_id)
    else:
        policy.BRIEFS.one(actor, brief_id, projection=f"brief.{actor.kind}")
    return redirect("op_planning:index")
