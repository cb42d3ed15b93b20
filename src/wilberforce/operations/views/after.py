"""After the day: what was learnt, and that people sat together to say it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.ledger.pages import attempt, page
from wilberforce.operations import actions, board, forms, policy, record

from .asking import Choices, ask, named

SEEN = ("operation:RW:day_log", "operation:RW:own_part", "operation:RW")


def _there(actor: Actor, operation: dict[str, Any]) -> Choices:
    """The lead force and its partners, for the police; a partner names nobody else."""
    if actor.kind != "police":
        return []
    seen = actions.seen_by(actor)
    partners = policy.PARTNERS.many(actor, board.of(operation["id"]), projection=seen, limit=100)
    return named([operation["controller_id"], *(row["agency_id"] for row in partners if row["answer"] == "yes")])


@page(*SEEN)
def debrief(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """One question after another to write a lesson with, and what was said so far."""
    operation = board.said(policy.OPERATIONS.one(actor, operation_id, projection=actions.seen_by(actor)))
    there = _there(actor, operation)
    asked = forms.LessonForm if there else forms.OwnLessonForm
    form = asked(request.POST or None, choices={"agency_id": there, "owner_id": there} if there else {})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.add_lesson(actor, operation_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:debrief", operation_id)
    shown = record.debrief(actor, operation_id) | {"operation": operation, "form": form}
    shown["held_at"] = reverse(f"{actor.purpose}:debrief_held", args=[operation_id])
    return render(request, "operations/debrief.html", shown | {"commands": actor.role == "op_commander"})


@page("operation:RW:day_log", "operation:RW")
def held(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    operation = policy.OPERATIONS.one(actor, operation_id, projection=actions.seen_by(actor))
    form = forms.HeldForm(request.POST or None, choices={"agencies": _there(actor, operation)})
    back = reverse(f"{actor.purpose}:debrief", args=[operation_id])

    def act(at: Any, **told: Any) -> None:
        actions.hold_debrief(actor, operation_id, at=at or clock.now(), **told)

    return ask(request, form, "A debrief was held", act, back)
