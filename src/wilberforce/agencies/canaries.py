"""Records of people who do not exist: nobody has a reason to open one, so whoever does is asked at once.

One guardian names the record and another says yes. To everybody else it is a record like any other.
"""

from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.ledger.leaves import pseudonym
from wilberforce.ledger.pages import attempt, not_ready, page

from . import policy
from .forms import AskedForm, PlantForm, SecondCanaryForm
from .models import Agency, Canary
from .watching import members

RULE = "canary"


def plant(actor: Actor, reference: str) -> Canary:
    """It answers the same whether or not there is such a record."""
    me = policy.acting_guardian(actor, actor.home)
    made = Canary(agency_id=actor.home, by=me)
    made.save(force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agencies_canary_named(%s, %s)", [made.pk, reference.strip()])
        subjects = [row[0] for row in cursor.fetchall()]
        marks = [pseudonym(subject) for subject in subjects]
        cursor.execute("SELECT agencies_canary_marked(%s, %s::uuid[], %s::uuid[])", [made.pk, subjects, marks])
    policy.told(actor, made.pk)
    return made


def let_live(actor: Actor, canary_id: UUID) -> Canary:
    """The second guardian's yes."""
    me = policy.acting_guardian(actor, actor.home)
    waiting = Canary.objects.select_for_update().filter(pk=canary_id, agency_id=actor.home, live_at=None).first()
    if waiting is None or waiting.by.user_id == me.user_id:
        raise RuleBroken("Another guardian than the one who planted it says yes.", field="canary")
    waiting.second, waiting.live_at = me, clock.now()
    waiting.save(update_fields=["second", "live_at"])
    policy.told(actor, waiting.pk)
    return waiting


def asked_why(actor: Actor) -> None:
    """The guardian has asked everybody of their own agency, or the other agency's guardian."""
    policy.guardian(actor, actor.home)
    for waiting in Deadline.objects.filter(OPEN, rule=RULE, agency_id=actor.home):
        deadlines.meet(actor, waiting.subject_id, RULE)
        policy.told(actor, waiting.subject_id)


def alarms(actor: Actor) -> list[dict[str, object]]:
    """A colleague by name; somebody of another agency by their agency alone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, at, actor, membership_id, agency_id, owner_id FROM agencies_canary_alarms()")
        rows = cursor.fetchall()
    people = members(actor)
    own = {member.pk: member for member in people.values()}
    agencies = {agency.pk: agency.name for agency in Agency.objects.all()}
    return [
        {
            "at": at,
            "who": people.get(mark) or own.get(member) or f"somebody of {agencies.get(agency, 'no agency')}",
            "whose": agencies.get(owner, ""),
        }
        for _, at, mark, member, agency, owner in rows
    ]


@page("audit:R:own_agency_entries")
def canaries(request: HttpRequest, actor: Actor) -> HttpResponse:
    mine = Canary.objects.filter(agency=actor.home).select_related("by__user").order_by("-at")[:50]
    waiting = [one for one in mine if one.live_at is None and one.by_id != actor.membership]
    verb = request.POST.get("verb", "")
    sent = {verb: request.POST}
    forms = {
        "plant": PlantForm(sent.get("plant"), prefix="plant"),
        "second": SecondCanaryForm(sent.get("second"), prefix="second", choices=_offered(waiting)),
        "asked": AskedForm(sent.get("asked"), prefix="asked"),
    }
    if verb in forms and forms[verb].is_valid():
        if missing := policy.lacking(actor):
            return not_ready(request, missing)
        with attempt(forms[verb]):
            _done(actor, verb, forms[verb].cleaned_data)
            return redirect("oversight:canaries")
    open_ = Deadline.objects.filter(OPEN, rule=RULE, agency_id=actor.home).exists()
    shown = {"live": [one for one in mine if one.live_at], "waiting": waiting, "alarms": alarms(actor), "open": open_}
    return render(
        request, "agencies/canaries.html", {**shown, **{f"{name}_form": form for name, form in forms.items()}}
    )


def _offered(waiting: list[Canary]) -> list[tuple[str, str]]:
    return [(str(one.pk), f"planted by {one.by.user}, {clock.in_london(one.at):%d %B, %H:%M}") for one in waiting]


def _done(actor: Actor, verb: str, given: dict[str, object]) -> None:
    if verb == "plant":
        plant(actor, str(given["reference"]))
    elif verb == "second":
        let_live(actor, UUID(str(given["canary"])))
    else:
        asked_why(actor)
