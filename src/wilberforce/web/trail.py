"""The way down to a page from one's own work. Made of the address alone: it asks the database nothing, and tells nobody
whether there is such a record."""

from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from wilberforce.access.addresses import declaration_of
from wilberforce.access.asking import opens
from wilberforce.access.context import Actor
from wilberforce.base.left_lists import back_to

from . import words

Step = tuple[str, str]
CALLED = {
    "access_request": "The request",
    "account_area": "The area",
    "account_areas": "Areas",
    "account_people": "People of your agency",
    "account_people_one": "The colleague",
    "account_sessions": "Your account",
    "agreement": "The agreement",
    "agreements": "Agreements",
    "apart": "Kept apart",
    "approval": "The disclosure",
    "arrest": "The arrest",
    "assign": "Who works with them",
    "belonging": "The bag",
    "belongings": "Belongings",
    "bulletin": "The bulletin",
    "care": "Care flags",
    "case": "The person's referral",
    "centre": "The centre",
    "consents": "Told and answered",
    "contingency": "What may go wrong",
    "day": "The operation",
    "debrief": "Debrief",
    "decisions": "Decisions and worries",
    "defence": "The weighing",
    "detention": "The custody record",
    "exhibit": "The exhibit",
    "follow_up": "Asking after them",
    "form": "The referral form",
    "found_send": "The person found",
    "gone": "Who left",
    "here": "The person",
    "hold": "The hold",
    "item": "The item",
    "log": "Log",
    "notification": "The notification",
    "order": "Operation order",
    "order_copy": "The copy",
    "outsider": "The recipient",
    "outsiders": "Without a sign-in",
    "person": "Their record",
    "place": "Where they go next",
    "plan": "The plan",
    "proceeding": "The person arrested",
    "receipt": "The receipt",
    "register": "Register somebody",
    "rehearse": "Rehearsal",
    "report": "The report",
    "request": "The request",
    "roles": "Their part in the case",
    "rooms": "Rooms and beds",
    "roster": "Roster",
    "same": "Does another agency know them?",
    "sheet": "The fact sheet",
    "source": "Who told us",
    "supplement": "The supplement",
    "suspect": "The person under suspicion",
    "victim_request": "The request",
}
"""Pages from which others go down, by the names of their addresses. A list is called what its workspace calls it."""
ROOTS = {"/sign-in/": "account_sessions", "/sign-in/proof/": "account_sessions"}
"""Addresses that are no page to go back to stand for one that is."""


def trail(request: HttpRequest, actor: Actor, lists: list[tuple[str, str]]) -> list[Step]:
    """``lists``: the label and the address's name of each list of the workspace."""
    home = reverse("desk")
    if request.path == home:
        return []
    named = {name: label for label, name in lists}
    found = [_account(path) or _step(actor, path, named) for path in _above(request.path)]
    steps = [step for step in dict.fromkeys(found) if step and step[1] != request.path]
    return [(label, back_to(request, address)) for label, address in [("Your work", home), *steps]]


def _above(path: str) -> list[str]:
    parts = path.strip("/").split("/")[:-1]
    return ["/" + "/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def _account(path: str) -> Step | None:
    name = ROOTS.get(path)
    return (CALLED[name], reverse(name)) if name else None


def _step(actor: Actor, path: str, named: dict[str, str]) -> Step | None:
    match = _opened(actor, path)
    if match is None:
        return None
    name = match.url_name or ""
    if match.namespace and name == "index":
        return words.PURPOSES.get(actor.purpose, actor.purpose), path
    label = named.get(name) or CALLED.get(name)
    return (label, path) if label else None


def _opened(actor: Actor, path: str) -> ResolverMatch | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    declared = declaration_of(match.func, match.view_name)
    if declared is None or declared.who not in ("staff", "member"):
        return None
    if declared.who == "staff" and not opens(actor.kind, actor.roles, actor.purpose, declared.cells):
        return None
    return match
