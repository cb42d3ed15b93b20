"""The day's board, and what is recorded on it and beside it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from wilberforce.access.context import Actor, expand
from wilberforce.base import watching
from wilberforce.base.paging import listed
from wilberforce.base.registries import panels
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.operations import actions, board, forms, log_forms, picture, policy, record, unit_forms
from wilberforce.operations import timeline as drawing
from wilberforce.operations.board import said
from wilberforce.operations.phone import phones

from .asking import ask, named
from .drawn import drawn

SEEN = ("operation:R:day_log", "operation:R:site_found", "operation:R:site_hazard", "operation:R:own_part")
LATER = ("suspect:R:arrest", "centre:R:head_count")
"""What later stages may show on the board, in a panel of their own."""
PANELS = "operations.day"
AGAIN = (
    "What you record stands from now on; the earlier decision stays beside it. If it still holds, record it as it is."
)
PICTURE = "X-Wb-Picture"
"""A header of the page's own script, which asks for the board without its frame."""


@page(*SEEN, *LATER)
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """With one operation in its hours, its board at once."""
    found = listed(request, partial(picture.days, actor))
    if len(found.rows) == found.number == 1:
        return _board(request, actor, picture.day(actor, found.rows[0]["id"]))
    return render(request, "operations/days.html", {"listing": found})


@page(*SEEN, *LATER)
def day(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    return _board(request, actor, picture.day(actor, operation_id))


def _board(request: HttpRequest, actor: Actor, seen: dict[str, Any]) -> HttpResponse:
    operation, at = seen["operation"], seen.pop("at")
    now = seen.pop("now")
    told = seen | {
        "now": now if operation["exercise"] else None,
        "commands": actor.role == "op_commander",
        "police": actor.kind == "police",
        "phones_wait": _phones(actor, operation["id"], seen["sites"]),
        "worries_wait": record.worries_waiting(operation["id"]) if actor.role == "op_commander" else 0,
        "boxes": _boxes(actor, operation["id"], seen["sites"]),
    }
    stream = f"{settings.STREAM}/stream/?ticket={watching.ticket(operation['id'])}"
    board = drawn(request, told, at=at, stream=stream)
    if PICTURE in request.headers:
        return HttpResponse(board)
    shown = {name: told[name] for name in ("operation", "commands", "police")}
    return render(request, "operations/day.html", shown | {"picture": board, "wall": request.GET.get("wall") == "yes"})


def _phones(actor: Actor, operation_id: UUID, sites: list[dict[str, Any]]) -> int:
    """Beside each site its phones; how much of what they wrote waits for somebody."""
    known = phones.beside(operation_id) if actor.kind == "police" else []
    for site in sites:
        here = [one for one in known if one.site_id == site["id"] and not (one.lost_at or one.wiped_at)]
        site["phones"] = [{"label": one.label, "seen_at": one.seen_at, "unsent": one.unsent} for one in here]
    return sum(one.waits for one in known)  # type: ignore[attr-defined]


def _boxes(actor: Actor, operation_id: UUID, sites: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The panels whose every cell the actor holds here; each site gets its own line of them."""
    boxes = []
    for panel in panels(PANELS):
        if not all(actor.holds(*cell.split(":")[:2]) for cell in expand(panel.cells)):
            continue
        rows = panel.fetch(actor, [operation_id, *(site["id"] for site in sites)])
        boxes.append((panel.template, rows.get(operation_id)))
        for site in sites:
            site.setdefault("lines", []).extend([(panel.inner, rows.get(site["id"]))] if panel.inner else [])
    return boxes


def back_to_board(operation_id: UUID) -> str:
    return reverse("op_safety:day", args=[operation_id])


@page("operation:RW:day_log", "operation:RW:own_part")
def unit(request: HttpRequest, actor: Actor, unit_id: UUID) -> HttpResponse:
    seen = picture.slice_of(actor) if actor.kind == "police" else picture.PARTNER
    row = policy.UNITS.one(actor, unit_id, projection=seen)
    sites = policy.SITES.many(actor, board.of(row["operation_id"]), projection=seen, order_by=("ref",), limit=100)
    choices = {"site_id": [(str(site["id"]), f"Site {site['ref']}") for site in sites]}
    form = unit_forms.UnitForm(request.POST or None, version=row["version"], choices=choices, initial=row)
    act = partial(actions.say, actor, unit_id, version=version_of(request))
    return ask(request, form, f"{row['label']}: what it does now", act, back_to_board(row["operation_id"]))


@page(*SEEN, "operation:R", "suspect:R:arrest")
def timeline(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """``whole``: without a limit, for paper."""
    operation = record.operation_of(actor, operation_id)
    asked = request.GET.copy()
    whole = asked.pop("whole", ["no"])[-1] == "yes"
    drawn = drawing.of(actor, operation, asked, whole=whole)
    return render(request, "operations/timeline.html", drawn | {"operation": operation, "asked": asked.urlencode()})


@page("operation:RW")
def start(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = forms.StartForm(request.POST or None)
    act = partial(actions.go_live, actor, operation_id)
    return ask(request, form, "Start the operation", act, back_to_board(operation_id))


@page("operation:RW")
def close(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = forms.CloseForm(request.POST or None)
    act = partial(actions.close, actor, operation_id)
    return ask(request, form, "Close the operation", act, back_to_board(operation_id))


@page("operation:RW")
def decisions(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """With the centre's worries, which only the commander reads."""
    operation = said(policy.OPERATIONS.one(actor, operation_id))
    shown = {
        "operation": operation,
        "decisions": record.decisions(actor, operation_id),
        "worries": record.worries(actor, operation_id),
    }
    return render(request, "operations/decisions.html", shown)


@page("operation:RW")
def decide(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    policy.OPERATIONS.one(actor, operation_id)
    form = log_forms.DecideForm(request.POST or None)
    act = partial(actions.decide, actor, operation_id)
    return ask(request, form, "Record a decision", act, reverse("op_safety:decisions", args=[operation_id]))


@page("operation:RW:day_log")
def log(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """One line to write in, and the log below it."""
    operation = record.operation_of(actor, operation_id)
    written = record.log(actor, operation_id)
    choices = {"site_id": [(str(site["id"]), f"Site {site['ref']}") for site in written["sites"]]}
    form = log_forms.LogForm(request.POST or None, choices=choices)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.log(actor, operation_id, **form.cleaned_data)
            return redirect("op_safety:log", operation_id)
    return render(request, "operations/log.html", written | {"operation": operation, "form": form})


@page("operation:RW:day_log")
def methane(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """The seven facts of a major incident (JESIP), as one entry of the log."""
    policy.OPERATIONS.one(actor, operation_id, projection="day_log")
    form = log_forms.MethaneForm(request.POST or None)

    def act(**told: str) -> None:
        asked = {name: str(form.fields[name].label).rstrip("?") for name in told}
        lines = [f"{asked[name]}: {words or 'not known yet'}" for name, words in told.items()]
        actions.log(actor, operation_id, text="\n".join(["METHANE", *lines]))

    return ask(request, form, "METHANE", act, reverse("op_safety:log", args=[operation_id]))


@page("operation:RW")
def worry(request: HttpRequest, actor: Actor, worry_id: UUID) -> HttpResponse:
    found = policy.SAFETY_WORRIES.one(actor, worry_id)
    operation_id = found["operation_id"]
    form = forms.ReadForm(request.POST or None) if found["read_at"] is None else None
    back = reverse("op_safety:decisions", args=[operation_id])
    if form and request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.read_worry(actor, operation_id, worry_id=worry_id)
            return redirect(back)
    centre = record.centre_codes([operation_id]).get(found["centre_id"], "")
    shown = {"worry": found | {"centre": centre}, "form": form, "back": back}
    return render(request, "operations/worry.html", shown)


@page("operation:RW")
def redecide(request: HttpRequest, actor: Actor, decision_id: UUID) -> HttpResponse:
    earlier = policy.DECISIONS.one(actor, decision_id)
    form = log_forms.DecideForm(request.POST or None, initial=earlier | {"at": None, "review_at": None})
    act = partial(actions.correct_decision, actor, decision_id)
    back = reverse("op_safety:decisions", args=[earlier["operation_id"]])
    return ask(request, form, f"Decision {earlier['number']}, looked at again", act, back, AGAIN)


@page("operation:RW:day_log")
def correct(request: HttpRequest, actor: Actor, entry_id: UUID) -> HttpResponse:
    entry = policy.LOG.one(actor, entry_id, projection="day_log")
    form = log_forms.CorrectForm(request.POST or None)
    title = f"Correct entry {entry['number']}"
    act = partial(actions.correct_entry, actor, entry_id)
    back = reverse("op_safety:log", args=[entry["operation_id"]])
    return ask(request, form, title, act, back, entry["text"])


@page("operation:RW:day_log")
def move(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="day_log")
    partners = policy.PARTNERS.many(actor, board.of(site["operation_id"]), projection="day_log", limit=100)
    choices = {"entering": named(row["agency_id"] for row in partners if row["answer"] == "yes")}
    form = forms.MoveForm(request.POST or None, version=site["version"], choices=choices)
    act = partial(actions.move_site, actor, site_id, version=version_of(request))
    return ask(request, form, f"Site {site['ref']}", act, back_to_board(site["operation_id"]))


@page("operation:RW:site_hazard")
def hazard(request: HttpRequest, actor: Actor, site_id: UUID) -> HttpResponse:
    site = policy.SITES.one(actor, site_id, projection="site_hazard")
    form = forms.HazardForm(request.POST or None)
    act = partial(actions.note_hazard, actor, site_id)
    return ask(request, form, f"Site {site['ref']}: a hazard", act, back_to_board(site["operation_id"]))
