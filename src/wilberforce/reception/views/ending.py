"""How it went and where the records went: the debrief of a centre, what people thought of it, and its handover."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import NotAllowed
from wilberforce.ledger.pages import attempt, page
from wilberforce.reception import actions, house_forms, lists, paper, policy
from wilberforce.reception.actions.records import (
    CLASSES,
    feedback_of,
    handed_over,
    ran_out,
    recorded,
    still_to_hand_over,
    waited,
)
from wilberforce.reception.house import HandedBy

from .asking import ask

STEPS = {
    "drink": "First drink",
    "interpreter": "Interpreter",
    "rest": "Rest",
    "information": "Information",
    "decision": "Asked what they want",
}
WIDEST, ROW = 336, 44


@page("centre:RW")
def debrief(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    """Times and counts of everybody together, never of one person."""
    here = policy.CENTRES.one(actor, centre_id)
    steps = waited(centre_id)
    longest = max((one.longest or 0 for one in steps), default=0) or 1
    rows = [
        (
            STEPS[one.step],
            one,
            round((one.usual or 0) * WIDEST / longest),
            round((one.longest or 0) * WIDEST / longest),
            n * ROW,
        )
        for n, one in enumerate(steps)
    ]
    shown = {
        "centre": here,
        "rows": rows,
        "height": len(rows) * ROW,
        "minutes": steps[0].minutes if steps else 0,
        "counted_at": steps[0].counted_at if steps else None,
        "ran_out": [(lists.THINGS[row["thing"]].label, row["at"]) for row in ran_out(actor, centre_id)],
        "feedback": _feedback(feedback_of(centre_id)),
    }
    return render(request, "reception/debrief.html", shown)


def _feedback(counts: dict[tuple[str, str], int]) -> list[list[Any]]:
    if not counts:
        return []
    said = lists.POINTED["en"]
    return [[getattr(said, code), *(counts.get((code, face), 0) for face in lists.FACES)] for code in lists.FEEDBACK]


@page("centre:RW")
def records(request: HttpRequest, actor: Actor, centre_id: UUID) -> HttpResponse:
    here = policy.CENTRES.one(actor, centre_id)
    names = {agency.pk: agency.name for agency in Agency.objects.all()}
    left = still_to_hand_over(actor, centre_id, now=False)
    waiting = [
        (f"{one.data_class}|{one.controller_id}", f"{one.label}, {names.get(one.controller_id, '')}: {one.records}")
        for one in left
    ]
    counted_at = next((one.counted_at for one in left), None)
    done = [
        row
        | {"label": CLASSES[row["about_class"]], "to": names.get(row["recipient_id"], ""),
           "how": HandedBy(row["way"]).label}
        for row in handed_over(actor, centre_id)
    ]  # fmt: skip
    form = house_forms.HandOverForm(request.POST or None, waiting=waiting) if waiting else None

    def hand_over(what: str, way: str, taken_by: str) -> None:
        about, _, recipient = what.partition("|")
        recipient_id = UUID(recipient)
        actions.hand_over_records(
            actor, centre_id, about_class=about, recipient_id=recipient_id, way=way, taken_by=taken_by
        )

    title, back = f"{here['name']}: records go to whoever controls them", (f"{actor.purpose}:records", centre_id)
    return ask(
        request, form, title, hand_over, back, "reception/records.html", done=done, centre=here, counted_at=counted_at
    )


@page("centre:RW")
def feedback(request: HttpRequest, actor: Actor, centre_id: UUID, step: str) -> HttpResponse:
    """On a tablet in the person's hands, or typed in from paper. ``step`` is the language."""
    here, words = policy.CENTRES.one(actor, centre_id), _language(step)
    faces = lists.WELCOME[step]
    answers = [(face, getattr(faces, face)) for face in lists.FACES]
    questions = [(code, getattr(words, code), _beside(code, step)) for code in lists.FEEDBACK]
    form = house_forms.FeedbackForm(request.POST or None, questions=questions, answers=answers)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.give_feedback(actor, centre_id, answers=form.cleaned_data)
            return redirect(f"{actor.purpose}:welcome", centre_id, step)
    shown = {"centre": here, "form": form, "words": words, "languages": lists.POINTED.values()}
    return render(request, "reception/feedback.html", shown)


@page("centre:R")
def feedback_sheet(request: HttpRequest, actor: Actor, centre_id: UUID, step: str) -> HttpResponse:
    """The same on paper. ``step`` is the language."""
    policy.CENTRES.one(actor, centre_id)
    printed = paper.feedback(_language(step).code)
    headers = {"Content-Disposition": f'attachment; filename="feedback-{step}.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def _beside(code: str, step: str) -> str:
    """The question in English, for whoever holds the page."""
    return (
        "" if step == "en" else format_html('<span lang="en" dir="ltr">{}</span>', getattr(lists.POINTED["en"], code))
    )


def _language(code: str) -> lists.Pointed:
    if code not in lists.POINTED:
        raise NotAllowed(rule="row", reason="row")
    return lists.POINTED[code]


@page("centre:RW")
def welcome(request: HttpRequest, actor: Actor, centre_id: UUID, step: str) -> HttpResponse:
    """Shown to the person: that they are welcome and free, who everybody is, and pictures to point at."""
    here, words, first = policy.CENTRES.one(actor, centre_id), _language(step), lists.WELCOME[step]
    spoken = recorded(actor, step)

    def said(codes: tuple[str, ...], theirs: Any, english: Any) -> list[tuple[str, str, str, UUID | None]]:
        """Beside each line the English, for whoever holds the page."""
        return [
            (code, getattr(theirs, code), "" if step == "en" else getattr(english, code), spoken.get(code))
            for code in codes
        ]

    shown = {
        "centre": here,
        "words": words,
        "first": said(lists.FIRST_WORDS, first, lists.WELCOME["en"]),
        "people": said(lists.WHO_IS_HERE, words, lists.POINTED["en"]),
        "pictures": said(lists.PICTURES, words, lists.POINTED["en"]),
        "languages": lists.POINTED.values(),
        "empty": len(lists.SPOKEN) - len(spoken),
        "every": len(lists.SPOKEN),
    }
    return render(request, "reception/welcome.html", shown)


@page("centre:RW")
def recordings(request: HttpRequest, actor: Actor, centre_id: UUID, step: str) -> HttpResponse:
    """For the manager: what is recorded in a language, and what is not."""
    policy.CENTRES.one(actor, centre_id)
    words, first, spoken = _language(step), lists.WELCOME[step], recorded(actor, step)
    said = {code: getattr(first if code in lists.FIRST_WORDS else words, code) for code in lists.SPOKEN}
    form = house_forms.RecordingForm(request.POST or None, request.FILES or None, sentences=list(said.items()))
    back = (f"{actor.purpose}:recordings", centre_id, step)
    act = partial(_keep, actor, centre_id, step)
    shown = {
        "rows": [(code, text, spoken.get(code)) for code, text in said.items()],
        "centre_id": centre_id,
        "words": words,
        "languages": lists.POINTED.values(),
    }
    title = f"Recordings: {words.label}"
    return ask(request, form, title, act, back, "reception/recordings.html", **shown)


def _keep(actor: Actor, centre_id: UUID, language: str, *, sentence: str, sound: Any) -> None:
    actions.record_sentence(actor, centre_id, sentence=sentence, language=language, sound=sound.read())


@page("centre:R")
def sound(request: HttpRequest, actor: Actor, recording_id: UUID) -> HttpResponse:
    found = policy.RECORDINGS.many(actor, Q(pk=recording_id), limit=1)
    if not found:
        raise NotAllowed(rule="row", reason="row")
    return HttpResponse(bytes(found[0]["sound"]), content_type=found[0]["kind"])
