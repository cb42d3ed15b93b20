"""What a person brings and takes away: belongings, a decision in their own time, a card, and somebody who asks after
them."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.agencies.policy import parts_of
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import listed
from wilberforce.deadlines.rules import in_words
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.reception import actions, forms, lists, paper, policy
from wilberforce.reception.actions import sense
from wilberforce.reception.actions.belongings import bag_of, bags_of, left_behind
from wilberforce.reception.actions.interpreters import still_here
from wilberforce.reception.actions.keeping import keepers
from wilberforce.reception.actions.moves import CARD as HAS_CARD
from wilberforce.reception.actions.safety import is_looked_for
from wilberforce.reception.care import Outcome, Way
from wilberforce.reception.models import State
from wilberforce.survivors.policy import PEOPLE

from .asking import ask, ask_again, of_person

GIVEN = ("support:RW:given", "centre:RW")
FOLLOWED = ("support:RW:follow_up", "centre:R")
LEFT = ("support:RW:given", "centre:R")
OF_CARE: Shown = {
    "what": ("In it", str),
    "due_on": ("Day", lambda day: in_words(date.fromisoformat(day))),
    "way": ("How", lambda code: Way(code).label),
    "contact": ("Whom they can ask for", str),
    "destination": ("Where they went", lambda code: lists.DESTINATIONS[code].label),
    "choice": ("What they chose", str),
    "transport": ("How they travelled", lambda code: lists.TRANSPORT[code].label),
    "card": ("Information card", lambda code: HAS_CARD[code]),
}


@page(*GIVEN)
def belongings(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "belongings")
    bags = [bag | {"corrected": bag["version"] > (2 if bag["returned_at"] else 1)} for bag in bags_of(actor, person_id)]
    act, back = partial(actions.take_in, actor, person_id), (f"{actor.purpose}:belongings", person_id)
    form = forms.BelongingForm(request.POST or None)
    return ask(request, form, title, act, back, "reception/belongings.html", bags=bags, person_id=person_id)


@page(*GIVEN)
def belonging(request: HttpRequest, actor: Actor, person_id: UUID, bag_id: UUID) -> HttpResponse:
    bag = bag_of(actor, person_id, bag_id)
    form = None
    if not bag["returned_at"]:
        initial = {"what": bag["what"]}
        form = forms.CorrectBelongingForm(request.POST or None, initial=initial, version=bag["version"])
    act = partial(actions.correct_belonging, actor, person_id, bag_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_CARE, bag_id, OF_CARE, projection="given")
    back, lead = (f"{actor.purpose}:belongings", person_id), "Given back. What was in it stays as it was written."
    return ask_again(request, actor, form, f"Bag {bag['bag']}", act, back, before, "" if form else lead)


@page(*GIVEN)
def given_back(request: HttpRequest, actor: Actor, person_id: UUID, bag_id: UUID) -> HttpResponse:
    bag = bag_of(actor, person_id, bag_id)
    form = forms.GiveBackForm(request.POST or None, version=bag["version"])
    act = partial(actions.give_back, actor, person_id, bag_id, version=version_of(request))
    return ask(request, form, f"Give back bag {bag['bag']}", act, (f"{actor.purpose}:belongings", person_id))


@page("support:R:given", "centre:R")
def bag_receipt(request: HttpRequest, actor: Actor, person_id: UUID, bag_id: UUID) -> HttpResponse:
    """To print and hand over: it names nobody and no place."""
    bag, stay = bag_of(actor, person_id, bag_id), sense.presence_of(actor, person_id)
    parts = parts_of(one for one in (bag["by"], bag["returned_by"]) if one)
    shown = {"bag": bag, "person_id": person_id, "reference": stay["reference"]}
    shown |= {"taken_by": parts.get(bag["by"], ""), "returned_by": parts.get(bag["returned_by"], "")}
    return render(request, "reception/bag_receipt.html", shown)


@page(*GIVEN)
def decide(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _, title = of_person(actor, person_id, "asking what they want to do next")
    lead = actions.not_yet_decide(actor, person_id) or "They rested and were told every choice."
    act, back = partial(actions.offer_decision, actor, person_id), (f"{actor.purpose}:here", person_id)
    return ask(request, forms.DecideForm(request.POST or None), title, act, back, lead=lead)


def _agreed(actor: Actor, person_id: UUID) -> dict[str, Any]:
    """The latest, or nothing yet: a card is printed before they go and after."""
    agreed = policy.FOLLOW_UPS.many(
        actor, Q(person_id=person_id), projection="follow_up", order_by=("-at", "-id"), limit=1
    )
    return agreed[0] if agreed else {"contact": "", "due_on": None}


def _on_the_card(
    request: HttpRequest, actor: Actor, stay: dict[str, Any]
) -> tuple[forms.CardForm, str, dict[str, Any]]:
    """Also of somebody who has left, as long as the centre is open to whoever asks: cards are lost."""
    person_id = stay["person_id"]
    agreed = _agreed(actor, person_id)
    here = PEOPLE.many(actor, Q(pk=person_id), limit=1)
    theirs = next((code for person in here for code in person["languages"] if code in paper.KNOWN), "en")
    initial = {"language": theirs, "contact": agreed["contact"], "on": agreed["due_on"]}
    typed = request.GET.copy()
    typed.setdefault("language", theirs)
    form = forms.CardForm(typed if request.GET else None, initial=initial)
    said = form.cleaned_data if form.is_valid() else {}
    day = said.get("on") or agreed["due_on"]
    spoken = said.get("language") or theirs
    told = {
        "reference": stay["reference"],
        "contact": said.get("contact") or agreed["contact"],
        "on": f"{day:%d.%m.%Y}" if day else "",
    }
    return form, spoken, told


def _stay(actor: Actor, person_id: UUID) -> dict[str, Any]:
    stays = policy.PRESENCES.many(actor, Q(person_id=person_id), order_by=("-since",), limit=1)
    if not stays:
        raise NotAllowed(rule="row", reason="row")
    return stays[0]


CARD = ("person_ref:R", "support:R:given", "support:R:follow_up", "centre:R")


@page(*CARD)
def card(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """In their language and in English, to read out and to print."""
    stay = _stay(actor, person_id)
    form, language, told = _on_the_card(request, actor, stay)
    shown = {"form": form, "sides": paper.sides(language), "person_id": person_id, "query": request.GET.urlencode()}
    shown["left"] = stay["centre_id"] if stay["until"] else None
    return render(request, "reception/card.html", shown | told)


@page(*CARD)
def card_pdf(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    _, language, told = _on_the_card(request, actor, _stay(actor, person_id))
    headers = {"Content-Disposition": f'attachment; filename="card-{told["reference"]}.pdf"'}
    return HttpResponse(paper.card(language, **told), content_type="application/pdf", headers=headers)


@page("support:RW:given", "support:RW:follow_up", "centre:RW", "person_ref:R")
def leave(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """They are free to go; the centre asks where to, so that nobody is lost."""
    stay, title = of_person(actor, person_id, "leaving")
    form = forms.LeaveForm(request.POST or None, version=stay["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.leave(actor, person_id, version=version_of(request), **form.left())
            return redirect(f"{actor.purpose}:centre", stay["centre_id"])
    lead = "Everybody leaves with a destination, or with the choice they made in their own words."
    lead = " ".join(filter(None, (lead, left_behind(actor, person_id), still_here(actor, person_id))))
    shown = {"form": form, "title": title, "lead": lead, "person_id": person_id}
    shown["looked_for"] = is_looked_for(actor, stay)
    return render(request, "reception/leave.html", shown)


@page(*LEFT)
def gone(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Where everybody went who left this centre. The kind of place: an address is never here."""
    here = policy.CENTRES.one(actor, centre_id)
    left = partial(policy.LEAVINGS.many, actor, projection="given", order_by=("-at", "-id"))
    found = listed(request, left, where=Q(centre_id=centre_id))
    stays = Q(centre_id=centre_id, person_id__in=[row["person_id"] for row in found.rows])
    names = {row["person_id"]: row["reference"] for row in policy.PRESENCES.many(actor, stays, limit=400)}
    shown = found.each(lambda row: row | {"reference": names.get(row["person_id"], ""), **_in_words(row)})
    return render(request, "reception/gone.html", {"centre": here, "listing": shown})


def _in_words(row: dict[str, Any]) -> dict[str, str]:
    return {
        "to": lists.DESTINATIONS[row["destination"]].label if row["destination"] in lists.DESTINATIONS else "",
        "by_what": lists.TRANSPORT[row["transport"]].label,
        "card": HAS_CARD[row["card"]],
    }


@page(*LEFT)
def left(request: HttpRequest, actor: Actor, centre_id: UUID, leaving_id: UUID) -> HttpResponse:
    kept = policy.LEAVINGS.one(actor, leaving_id, projection="given")
    if kept["centre_id"] != centre_id:
        raise NotAllowed(rule="row", reason="row")
    form = forms.CorrectLeavingForm(request.POST or None, initial=kept, version=kept["version"])
    act = partial(actions.correct_leaving, actor, centre_id, leaving_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_CARE, leaving_id, OF_CARE, projection="given")
    stays = policy.PRESENCES.many(actor, Q(person_id=kept["person_id"], centre_id=centre_id), limit=1)
    title = f"{stays[0]['reference']}: how they left" if stays else "How they left"
    return ask_again(request, actor, form, title, act, (f"{actor.purpose}:gone", centre_id), before)


@page(*FOLLOWED)
def follow_ups(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    of_centre = Q(centre_id=centre_id)
    agreed = policy.FOLLOW_UPS.many(actor, of_centre, projection="follow_up", order_by=("done_at", "due_on"), limit=200)
    left = Q(centre_id=centre_id, person_id__in=[row["person_id"] for row in agreed])
    names = {row["person_id"]: row["reference"] for row in policy.PRESENCES.many(actor, left, limit=400)}
    rows = [_shown(row, names.get(row["person_id"], "")) for row in agreed]
    waiting = [row for row in rows if not row["done_at"]]
    shown: dict[str, Any] = {"centre": here, "waiting": waiting, "done": [row for row in rows if row["done_at"]]}
    if here["state"] == State.CLOSED:
        shown["keepers"] = keepers(actor, centre_id)
    return render(request, "reception/follow_ups.html", shown)


def _shown(row: dict[str, Any], reference: str) -> dict[str, Any]:
    outcome = Outcome(row["outcome"]).label if row["outcome"] else ""
    late = not row["done_at"] and row["due_on"] < clock.in_london(clock.now()).date()
    return row | {"reference": reference, "way": Way(row["way"]).label, "outcome": outcome, "late": late}


@page(*FOLLOWED)
def follow_up(request: HttpRequest, actor: Actor, follow_up_id: UUID) -> HttpResponse:
    agreed = policy.FOLLOW_UPS.one(actor, follow_up_id, projection="follow_up")
    initial = agreed | {"on": agreed["due_on"]}
    form = forms.FollowUpForm(request.POST or None, initial=initial, version=agreed["version"])
    act = partial(actions.correct_follow_up, actor, agreed["centre_id"], follow_up_id, version=version_of(request))
    before = corrections(actor, policy.FORMER_FOLLOW_UPS, follow_up_id, OF_CARE, projection="follow_up")
    return ask_again(request, actor, form, "When and how they are asked after", act, _back(actor, agreed), before)


@page(*FOLLOWED)
def followed_up(request: HttpRequest, actor: Actor, follow_up_id: UUID) -> HttpResponse:
    agreed = policy.FOLLOW_UPS.one(actor, follow_up_id, projection="follow_up")
    form = forms.FollowedUpForm(request.POST or None, version=agreed["version"])
    act = partial(actions.follow_up, actor, agreed["centre_id"], follow_up_id, version=version_of(request))
    lead = f"{Way(agreed['way']).label}. {agreed['contact']}"
    shown = {"lead": lead, "agreed": agreed, "reference": _stay(actor, agreed["person_id"])["reference"]}
    return ask(request, form, "How they are", act, _back(actor, agreed), "reception/followed_up.html", **shown)


def _back(actor: Actor, agreed: dict[str, Any]) -> tuple[Any, ...]:
    return (f"{actor.purpose}:follow_ups", agreed["centre_id"])
