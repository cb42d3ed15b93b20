"""What people see of the ledger: a guardian, who in their agency saw what and why."""

from functools import partial

import segno
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from wilberforce.access.context import Actor
from wilberforce.base.paging import listed

from .checkpoint import WITNESSES_NEEDED
from .models import Checkpoint, Cosignature
from .notes import Note
from .pages import page
from .policy import LEAVES

SPOKEN = {
    "consultation": "read", "collection": "recorded", "alteration": "changed", "disclosure": "disclosed",
    "approval": "approved", "denied": "was refused",
}  # fmt: skip


@page("audit:R:own_agency_entries")
def entries(request: HttpRequest, actor: Actor) -> HttpResponse:
    many = partial(LEAVES.many, actor, projection="own_agency_entries", order_by=("-at", "-id"))
    own = Q(controller_id=actor.home)  # said again for the index: the policy alone would read every agency's
    found = listed(request, many, where=own)
    shown = found.each(lambda leaf: leaf | {"spoken": SPOKEN.get(leaf["op"], leaf["op"])})
    return render(request, "ledger/entries.html", {"listing": shown})


@page("audit:R:own_agency_entries")
def checkpoint(request: HttpRequest, actor: Actor) -> HttpResponse:
    """To print and keep elsewhere. It holds a size and a root, nothing of any entry."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        return render(request, "ledger/checkpoint.html", {})
    witnessed = Cosignature.objects.filter(size=newest.size).order_by("witness", "-at").distinct("witness")
    note = Note.parsed(newest.note).under([cosignature.line for cosignature in witnessed])
    code = segno.make(str(note), error="l", micro=False)
    drawing = code.svg_inline(scale=3, light="#fff", title="The checkpoint's text as a code")
    return render(
        request,
        "ledger/checkpoint.html",
        {
            "checkpoint": newest,
            "note": note,
            "witnessed": list(witnessed),
            "needed": WITNESSES_NEEDED,
            "code": mark_safe(drawing),  # noqa: S308 - drawn by the library from our own note
        },
    )
