"""A receipt that can be checked without the system: as a page to print, and as a file for the verifier."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wilberforce.access.context import Actor
from wilberforce.ledger.pages import page
from wilberforce.sharing import policy, receipts
from wilberforce.sharing.forms import in_words
from wilberforce.sharing.models import Disclosure

from .people import SEES, SHARES

STEPS = {
    "disclosure": "Begun",
    "approval": "Answered by a second person",
    "alteration": "Called back, or its copies are gone",
}


@page(*SEES, *SHARES)
def proof(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return _proof(request, actor, disclosure_id)


@page()
def proof_of_guardian(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return _proof(request, actor, disclosure_id)


def _proof(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    one = policy.disclosure_of(actor, disclosure_id)
    found, names = receipts.proven(one), _names(one)
    entries = [
        {
            "at": entry.at,
            "title": STEPS[entry.op],
            "text": f"Entry {entry.position} of the ledger" if entry.covered else "Not under a checkpoint yet",
        }
        for entry in found.entries
    ]
    terms = receipts.terms(one) | {"fields": in_words(one.fields), "digest": receipts.digest(one)}
    shown = {"one": one, "found": found, "entries": entries, "terms": terms, "names": names}
    return render(request, "sharing/receipt_proof.html", shown)


@page(*SEES, *SHARES)
def file(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return _file(actor, disclosure_id)


@page()
def file_of_guardian(request: HttpRequest, actor: Actor, disclosure_id: UUID) -> HttpResponse:
    return _file(actor, disclosure_id)


def _file(actor: Actor, disclosure_id: UUID) -> HttpResponse:
    one = policy.disclosure_of(actor, disclosure_id)
    answer = HttpResponse(receipts.written(one, _names(one)), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="receipt-{str(one.pk)[-12:]}.json"'
    return answer


def _names(one: Disclosure) -> tuple[str, str]:
    names = policy.names_of()
    return names.get(one.from_agency_id, ""), names.get(one.to_agency_id, "")
