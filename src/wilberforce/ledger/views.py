"""What people see of the ledger: a guardian, who in their agency saw what and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.base.paging import PER_PAGE

from .pages import page
from .policy import LEAVES

SPOKEN = {
    "consultation": "read", "collection": "recorded", "alteration": "changed", "disclosure": "disclosed",
    "approval": "approved", "denied": "was refused",
}  # fmt: skip


@page("audit:R:own_agency_entries")
def entries(request: HttpRequest, actor: Actor) -> HttpResponse:
    typed = request.GET.get("page", "1")
    number = max(int(typed), 1) if typed.isdecimal() and len(typed) < 7 else 1
    found = LEAVES.many(
        actor,
        projection="own_agency_entries",
        order_by=("-at", "-id"),
        limit=PER_PAGE + 1,
        offset=(number - 1) * PER_PAGE,
    )
    for leaf in found:
        leaf["spoken"] = SPOKEN.get(leaf["op"], leaf["op"])
    return render(
        request,
        "ledger/entries.html",
        {"entries": found[:PER_PAGE], "number": number, "more": len(found) > PER_PAGE},
    )
