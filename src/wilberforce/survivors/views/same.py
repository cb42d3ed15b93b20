"""Is this person known already? The asker hears one sentence, always; a manager hears whom to telephone."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base.forms import KitForm
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.ledger.pages import attempt, page
from wilberforce.survivors import policy, sameness
from wilberforce.survivors.rules import SAME_PERSON_RULE

from .common import kept_page, must_open

SAME = (
    "If another agency knows them, the managers of both are told, and speak. Nobody else is, and nothing is shown here."
)


class AskForm(KitForm):
    submit = "Ask"


class SpokenForm(KitForm):
    submit = "We have spoken about all of them"


@page("identity:R")
def ask(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    form = AskForm(request.POST or None) if _written_down(actor, person_id) else None
    if form and request.method == "POST" and form.is_valid():
        with attempt(form):
            sameness.look_for_same(actor, person_id)
            return redirect(f"{actor.purpose}:asked_for_same", person_id)
    lead = SAME if form else "Write down who they are first, as far as they want to say it."
    return kept_page(request, person_id, "Does another agency know them?", form=form, lead=lead, only_form=True)


@page("identity:R")
def asked(request: HttpRequest, actor: Actor, person_id: UUID) -> HttpResponse:
    """Whatever was found, and whether or not anybody has looked yet."""
    _written_down(actor, person_id)
    return kept_page(request, person_id, "It has been asked", form=None, lead=SAME, only_form=True)


def _written_down(actor: Actor, person_id: UUID) -> bool:
    must_open(actor, person_id, "identity")
    return bool(policy.IDENTITIES.many(actor, Q(person_id=person_id, controller_id=actor.home), limit=1))


@page("person_ref:R")
def known(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For a manager: whom another agency may know too, until the two have spoken."""
    waiting = Deadline.objects.filter(OPEN, rule=SAME_PERSON_RULE, agency_id=actor.home)
    due = set(waiting.values_list("subject_id", flat=True))
    alike = [one for one in sameness.told() if one[0] in due]
    form = SpokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            for likeness, _, _ in alike:
                deadlines.meet(actor, likeness, SAME_PERSON_RULE)
            return redirect(f"{actor.purpose}:known")
    people = policy.PEOPLE.many(actor, Q(pk__in=[person for _, person, _ in alike]), limit=100)
    references = {row["id"]: row["reference"] for row in people}
    names = {agency.pk: agency.name for agency in Agency.objects.all()}
    shown = [(references.get(person, "Somebody who has left"), names.get(other, "")) for _, person, other in alike]
    return render(request, "survivors/known.html", {"pairs": shown, "form": form})
