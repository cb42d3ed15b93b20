"""A centre closes; whoever was named for it still asks after those who left."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from wilberforce.access.context import Actor
from wilberforce.ledger.pages import attempt, page, version_of
from wilberforce.reception import actions, forms, policy
from wilberforce.reception.actions import keeping

from .asking import ask


@page("centre:RW", "operation:R:manifest", "support:R:given", "support:R:follow_up")
def close(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    keepers = forms.people_choices(keeping.who_may(actor)) if keeping.needed(actor, centre_id) else None
    form = forms.CloseForm(request.POST or None, version=here["version"], keepers=keepers)
    matters = actions.keeps_open(actor, centre_id, now=request.method == "POST")
    if request.method == "POST" and matters:
        form.add_error(None, "This centre can't close yet. Settle what is still open: the list says on which page.")
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.close_centre(actor, centre_id, version=version_of(request), **form.cleaned_data)
            return redirect(f"{actor.purpose}:centres")
    lead = "A centre closes when everybody who was here or on the way is accounted for."
    shown = {"form": form, "title": f"Close {here['name']}", "lead": lead, "warn": True, "centre": here}
    return render(request, "reception/close.html", shown | {"matters": matters, "left": keepers is not None})


@page("centre:RW")
def keeper(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Who asks now, and another in their place."""
    here = policy.CENTRES.one(actor, centre_id)
    now = keeping.keepers(actor, centre_id)
    others = [one for one in keeping.who_may(actor) if one.pk != actor.membership and one not in now]
    form = forms.KeeperForm(request.POST or None, people=forms.people_choices(others)) if others else None
    act, back = partial(actions.name_keeper, actor, centre_id), (f"{actor.purpose}:keeper", centre_id)
    title = f"{here['name']}: who asks after those who left"
    closed = here["state"] == "closed"
    shown = {"centre": here, "now": now if closed else [], "closed": closed}
    return ask(request, form if closed else None, title, act, back, "reception/keeper.html", **shown)
