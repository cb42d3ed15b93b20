"""The directory of premises, for the council that keeps it; and where a centre of an operation is."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.base import clock
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.pages import page, version_of
from wilberforce.operations.policy import OPERATIONS
from wilberforce.operations.views.asking import centres
from wilberforce.reception import actions, house_forms, lists, policy
from wilberforce.reception.actions.premises import PLAN, WHOLE, directory, given_up

from .asking import ask, ask_again


def _labels(entries: Any) -> Callable[[list[str]], str]:
    return lambda codes: "; ".join(entries[code].label for code in codes if code in entries)


OF_PLACE: Shown = {
    **{name: (str(field.label or name), str) for name, field in house_forms.PremisesForm.base_fields.items()},
    "rooms": ("Rooms", _labels(lists.ROOMS)),
    "features": ("What it has", _labels(lists.FEATURES)),
    "looked_at": ("Last looked at", kept_time),
    "ended_at": ("Given up", kept_time),
}


@page("operation:RW:premises", "operation:R:premises")
def premises(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A council adds to its own; a commander under an agreement reads."""
    keeps = actor.role == "op_member"
    form = house_forms.PremisesForm(request.POST or None) if keeps else None
    act = partial(actions.keep_premises, actor, actor.home)
    gone = given_up(actor) if keeps else []
    shown = {"places": [said(row) for row in directory(actor, WHOLE)], "keeps": keeps, "given_up": gone}
    back = (f"{actor.purpose}:premises",)
    return ask(request, form, "Places that can become a centre", act, back, "reception/premises.html", **shown)


@page("operation:RW:premises")
def place(request: HttpRequest, actor: Actor, premises_id: UUID) -> HttpResponse:
    kept = policy.PREMISES.one(actor, premises_id, projection=WHOLE)
    looked = clock.in_london(kept["looked_at"]).date() if kept["looked_at"] else None
    initial = kept | {"still_there": "no" if kept["ended_at"] else "yes", "looked_on": looked}
    form = house_forms.ChangePremisesForm(request.POST or None, initial=initial, version=kept["version"])
    act = partial(actions.change_premises, actor, actor.home, premises_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_PREMISES, premises_id, OF_PLACE, projection=WHOLE)
    return ask_again(request, actor, form, kept["name"], act, (f"{actor.purpose}:premises",), before)


def said(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "has": [lists.FEATURES[code].label for code in row["features"] if code in lists.FEATURES],
        "zones": [lists.ROOMS[code].label for code in row["rooms"] if code in lists.ROOMS],
    }


def choices(actor: Actor, projection: str = PLAN) -> list[tuple[str, str]]:
    return [
        (str(row["id"]), f"{row['name']}, {row['district']}: {row['capacity']} people")
        for row in directory(actor, projection)
    ]


@page("operation:RW", "operation:R:premises")
def centre_where(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    """The address belongs to the operation; it stands on no tablet."""
    OPERATIONS.one(actor, operation_id)
    places = choices(actor, WHOLE)
    form = house_forms.WhereForm(request.POST or None, centres=centres(operation_id), places=places)
    lead = "It opens per shift, to the drivers, interpreters and staff who are named on it."
    act = partial(actions.say_where, actor, operation_id)
    return ask(request, form, "Where the reception centre is", act, ("op_planning:plan", operation_id), lead=lead)
