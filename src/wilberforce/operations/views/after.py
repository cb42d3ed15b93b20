"""After the day: what was learnt, and that people sat together to say it."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.operations import actions, after_forms, board, policy, record

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
    asked = after_forms.LessonForm if there else after_forms.OwnLessonForm
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
    """``kind`` in the address: the one that is recorded is put right."""
    operation = policy.OPERATIONS.one(actor, operation_id, projection=actions.seen_by(actor))
    choices = {"agencies": _there(actor, operation)}
    back = reverse(f"{actor.purpose}:debrief", args=[operation_id])
    before = record.held(actor, operation_id, request.GET.get("kind", ""))
    if before is None:
        form = after_forms.HeldForm(request.POST or None, choices=choices)
        return ask(request, form, "A debrief was held", _now(partial(actions.hold_debrief, actor, operation_id)), back)
    shown = before | {"at": before["held_at"], "agencies": [str(one) for one in before["agencies"]]}
    form = after_forms.CorrectHeldForm(request.POST or None, version=before["version"], choices=choices, initial=shown)
    act = _now(partial(actions.correct_debrief, actor, before["id"], version=version_of(request)))
    return ask(request, form, "Correct the debrief", act, back)


def _now(act: Callable[..., Any]) -> Callable[..., Any]:
    """A moment that was left out is this one."""
    return lambda at, **told: act(at=at or clock.now(), **told)
