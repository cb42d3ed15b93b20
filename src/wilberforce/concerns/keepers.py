"""What the keeper of the sources sees: who waits, and the one whom they took."""

from functools import partial
from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.agencies import keys
from wilberforce.base import clock
from wilberforce.base.forms import KitForm, radios, reason
from wilberforce.base.paging import Filters, listed
from wilberforce.ledger.pages import attempt, page, version_of

from . import keeping
from .models import SourceNote
from .policy import SOURCE_NOTES, SOURCES
from .views import _holders

WITHIN = ((7, "In a week"), (30, "In a month"), (91, "In three months"), (364, "In a year"))


class SourceFilters(Filters):
    state = forms.ChoiceField(
        label="Whom?",
        choices=[("", "Those who wait"), ("later", "Those thought of later"), ("ended", "Those who are done")],
        required=False,
    )

    def where(self) -> Q:
        due = Q(review_at=None) | Q(review_at__lte=clock.now())
        asked = self.answer("state")
        if asked == "ended":
            return Q(ended_at__isnull=False)
        return Q(ended_at=None) & (~due if asked == "later" else due)


class NoteForm(KitForm):
    submit = "Write it down"
    what = radios("What happened?", [one for one in SourceNote.What.choices if one[0] != SourceNote.What.CORRECTED])
    text = forms.CharField(
        label="What was said, and what they asked for",
        widget=forms.Textarea,
        max_length=5_000,
        help_text="Only you and keepers cleared for this person read it. Nothing of it goes to intelligence.",
    )
    review_in = forms.TypedChoiceField(label="When to think of them again", choices=WITHIN, coerce=int)


class ContactForm(KitForm):
    submit = "Correct it"
    contact = forms.CharField(label="How to reach them", max_length=500)
    safe_times = forms.CharField(label="When and how it is safe", max_length=500, required=False)
    why = reason()


@page("source:R:queue")
def sources(request: HttpRequest, actor: Actor) -> HttpResponse:
    many = partial(SOURCES.many, actor, projection="queue", order_by=("received_at", "id"))
    listing = listed(request, many, SourceFilters)
    holders = _holders(listing.rows, actor)
    rows = listing.each(lambda row: row | {"holder": holders.get(row["id"], "")})
    shown = {"listing": rows, "form": KitForm(), "key_lacking": keys.lacking(actor, request, "source")}
    return render(request, "concerns/sources.html", shown)


@page("source:R:queue")
def take(request: HttpRequest, actor: Actor, source_id: UUID) -> HttpResponse:
    form = KitForm(request.POST or None)
    if request.method == "POST":
        with attempt(form):
            keeping.take(actor, source_id)
            return redirect(f"{actor.purpose}:source", source_id)
    SOURCES.one(actor, source_id, projection="queue")
    return render(request, "concerns/source_take.html", {"form": form})


@page("source:R:queue")
@require_POST
def put_back(request: HttpRequest, actor: Actor, source_id: UUID) -> HttpResponse:
    keeping.put_back(actor, source_id)
    return redirect(f"{actor.purpose}:sources")


@page("source:RW")
def source(request: HttpRequest, actor: Actor, source_id: UUID) -> HttpResponse:
    kept = SOURCES.one(actor, source_id)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            keeping.note(actor, source_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:source", source_id)
    notes = SOURCE_NOTES.many(actor, Q(source_id=source_id), order_by=("-at", "-id"), limit=100)
    shown = {"source": kept, "form": form, "back": KitForm(), "entries": [_entry(actor, one) for one in notes]}
    return render(request, "concerns/source.html", shown)


def _entry(actor: Actor, one: Row) -> Row:
    by = "you" if one["by"] == actor.membership else "a colleague"
    return {"at": one["at"], "title": SourceNote.What(one["what"]).label, "by": by, "text": one["text"]}


@page("source:RW")
def correct(request: HttpRequest, actor: Actor, source_id: UUID) -> HttpResponse:
    kept = SOURCES.one(actor, source_id)
    given = {name: kept[name] for name in ("contact", "safe_times")}
    form = ContactForm(request.POST or None, initial=given, version=kept["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            keeping.correct(actor, source_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:source", source_id)
    return render(request, "concerns/source_correct.html", {"form": form, "source": kept})
