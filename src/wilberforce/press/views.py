"""What people see: the commander's cut, the writer's drafts, what waits for an approver; and the public's news."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.html import linebreaks
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.access.protect import Row
from wilberforce.agencies.policy import named
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.paging import PER_PAGE, Listing, listed
from wilberforce.deadlines.rules import kept_time
from wilberforce.ledger.pages import attempt, page, version_of

from . import actions, policy
from .forms import (
    AnswerForm,
    ConfirmForm,
    CorrectForm,
    CutForm,
    DoorsForm,
    DraftForm,
    LeaveForm,
    NoPictureForm,
    PictureForm,
    RedraftCorrectionForm,
    RedraftForm,
    SubmitForm,
    TakeBackForm,
    UpdatesForm,
    WithdrawForm,
)
from .lists import headline
from .rules import Subscription

SAID: Shown = {
    "title": ("Title", str),
    "text": ("Text", str),
    "correction": ("What was wrong", str),
    "picture_id": ("Picture", lambda _: "another one"),
    "picture_alt": ("For people who can’t see the picture", str),
    "submitted_at": ("Sent for approval", kept_time),
}


@page("release:R:fact_sheet", "release:R:draft", "release:R")
def index(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What needs this person: fact sheets to write from, drafts under way, bulletins that wait for an answer."""
    writes, approves = actor.role == "comms_officer", "A43" in actor.rules_for("release", "R")
    sheets = policy.FACT_SHEETS.many(actor, projection="fact_sheet", order_by=("-cut_at",), limit=100)
    latest = partial(policy.BULLETINS.many, actor, projection="draft", order_by=("-drafted_at", "-id"))
    drafts = listed(request, latest) if writes else Listing([])
    ended = {sheet["id"] for sheet in sheets if sheet["ended_at"]}
    refused = _refused(actor, drafts.rows) if drafts.rows else set()
    drafts = drafts.each(
        lambda one: (
            one
            | {
                "lost_ground": not one["withdrawn_at"] and one["fact_sheet_id"] in ended,
                "sent_back": (one["id"], one["version"]) in refused,
            }
        )
    )
    waiting = policy.BULLETINS.many(actor, order_by=("submitted_at",), limit=100) if approves else []
    return render(request, "press/index.html", {"sheets": sheets, "listing": drafts, "waiting": waiting})


def _refused(actor: Actor, drafts: list[Row]) -> set[tuple[UUID, int]]:
    """Which of these an approver said no to, and in which version."""
    said_no = Q(yes=False, bulletin_id__in=[one["id"] for one in drafts])
    answers = policy.APPROVALS.many(actor, said_no, projection="draft", order_by=("-at",), limit=500)
    return {(one["bulletin_id"], one["bulletin_version"]) for one in answers}


@page("release:RW:fact_sheet")
def cut(request: HttpRequest, actor: Actor, operation_id: UUID) -> HttpResponse:
    form = CutForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("facts", "places", "counts", "arrested_ages", "doors_in")}
        with attempt(form):
            actions.cut_fact_sheet(actor, operation_id, never=form.never, **given)
            return redirect(f"{actor.purpose}:index")
    return render(request, "press/form.html", {"form": form, "title": "Cut the fact sheet"})


@page("release:RW:fact_sheet")
def sheet(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    """What was cut; for the commander whether all doors are in, and how it is taken back."""
    found = policy.FACT_SHEETS.one(actor, sheet_id, projection="fact_sheet")
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.take_back_facts(actor, sheet_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:sheet", sheet_id)
    shown = {"sheet": found, "form": form, "doors": DoorsForm(), "cuts": actor.role == "op_commander"}
    return render(request, "press/cut.html", shown)


@page("release:RW:fact_sheet")
@require_POST
def doors_in(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    actions.all_doors_are_in(actor, sheet_id)
    return redirect(f"{actor.purpose}:sheet", sheet_id)


@page("release:R:fact_sheet", "release:RW:draft")
def draft(request: HttpRequest, actor: Actor, sheet_id: UUID) -> HttpResponse:
    sheet = policy.FACT_SHEETS.one(actor, sheet_id, projection="fact_sheet")
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = actions.draft(actor, sheet_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:bulletin", made.pk)
    return render(request, "press/draft.html", {"form": form, "sheet": sheet, "title": "Write a bulletin"})


@page("release:R:fact_sheet", "release:RW:draft")
def bulletin(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    """The writer's own page of one bulletin: correct it, or send it for approval."""
    found = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    sheet = policy.FACT_SHEETS.one(actor, found["fact_sheet_id"], projection="fact_sheet")
    asked = RedraftCorrectionForm if found["corrects"] else RedraftForm
    form = asked(request.POST or None, initial=found, version=found["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.redraft(actor, bulletin_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:bulletin", bulletin_id)
    answers = policy.APPROVALS.many(actor, Q(bulletin_id=bulletin_id), projection="draft", order_by=("-at",))
    refused = [one for one in answers if not one["yes"] and one["bulletin_version"] == found["version"]]
    entries = [*_corrections(actor, bulletin_id, "draft"), *map(_answered, answers)]
    shown = {"bulletin": found, "sheet": sheet, "form": form, "refused": refused, "entries": named(actor, entries)}
    sending, ending = SubmitForm(version=found["version"]), WithdrawForm(version=found["version"])
    if found["withdrawn_at"]:
        shown["corrected"] = actions.correction_of(actor, bulletin_id)
    return render(request, "press/bulletin.html", shown | {"sending": sending, "ending": ending})


def _corrections(actor: Actor, bulletin_id: UUID, projection: str) -> list[Row]:
    return corrections(actor, policy.FORMER_BULLETINS, bulletin_id, SAID, projection=projection)


def _answered(one: Row) -> Row:
    said = "Yes, it may go out" if one["yes"] else "No, or not sure"
    return {"at": one["at"], "by": one["membership_id"], "title": said, "text": one["reason"]}


@page("release:R:fact_sheet", "release:RW:draft")
def correct(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    """Of what is published: a new text that takes its place when two have said yes to it."""
    found = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    form = CorrectForm(request.POST or None, initial={"title": found["title"], "text": found["text"]})
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = actions.correct(actor, bulletin_id, **form.cleaned_data)
            return redirect(f"{actor.purpose}:bulletin", made.pk)
    shown = {"form": form, "sheet": actions.facts_for(actor, found), "title": "Correct the bulletin"}
    return render(request, "press/draft.html", shown)


@page("release:R:fact_sheet", "release:RW:draft")
def illustrate(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    found = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    given = {"initial": {"alt": found["picture_alt"]}, "version": found["version"]}
    form = PictureForm(request.POST or None, request.FILES or None, **given)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            alt, version = form.cleaned_data["alt"], version_of(request) or 0
            actions.illustrate(actor, bulletin_id, raw=form.raw, alt=alt, version=version)
            return redirect(f"{actor.purpose}:bulletin", bulletin_id)
    removing = NoPictureForm(version=found["version"])
    return render(request, "press/picture.html", {"bulletin": found, "form": form, "removing": removing})


@page("release:RW:draft")
@require_POST
def withdraw(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    actions.withdraw(actor, bulletin_id, version=version_of(request) or 0, why=request.POST.get("why", ""))
    return redirect(f"{actor.purpose}:bulletin", bulletin_id)


@page("release:RW:draft")
@require_POST
def without_picture(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    actions.without_picture(actor, bulletin_id, version=version_of(request) or 0)
    return redirect(f"{actor.purpose}:bulletin", bulletin_id)


@page("release:R:draft", "release:R")
def picture(request: HttpRequest, actor: Actor, picture_id: UUID) -> HttpResponse:
    """For the writer and for those who approve it."""
    projection = "draft" if actor.role == "comms_officer" else ""
    return _as_jpeg(policy.PICTURES.one(actor, picture_id, projection=projection))


def _as_jpeg(found: Row) -> HttpResponse:
    return HttpResponse(bytes(found["jpeg"]), content_type="image/jpeg")


@page("release:R:fact_sheet", "release:RW:draft")
def submit(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    form = SubmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.submit(actor, bulletin_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:bulletin", bulletin_id)
    return render(request, "press/form.html", {"form": form, "title": "Send for approval"})


@page("release:RA")
def answer(request: HttpRequest, actor: Actor, bulletin_id: UUID) -> HttpResponse:
    found = policy.BULLETINS.one(actor, bulletin_id)
    form = AnswerForm(request.POST or None, version=found["version"])
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            actions.answer(actor, bulletin_id, version=version_of(request) or 0, **form.cleaned_data)
            return redirect(f"{actor.purpose}:index")
    shown = {"bulletin": found, "form": form, "entries": named(actor, _corrections(actor, bulletin_id, ""))}
    return render(request, "press/answer.html", shown)


# The public's pages


@page("release:R:published", who="public")
def news(request: HttpRequest, actor: Actor) -> HttpResponse:
    return render(request, "press/news.html", {"listing": listed(request, _published(actor), where=_out())})


@page("release:R:published", who="public")
def feed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Atom, for a newsroom's reader."""
    here = Atom1Feed(
        title="Wilberforce: news",
        link=request.build_absolute_uri(reverse("news")),
        description="",
        language="en-GB",
        feed_url=request.build_absolute_uri(),
        author_name="Wilberforce",
    )
    for one in _published(actor)(_out(), limit=PER_PAGE):
        here.add_item(
            title=headline(one),
            link=request.build_absolute_uri(reverse("bulletin", args=[one["address"]])),
            description=linebreaks(f"{one['correction']}\n\n{one['text']}".strip(), autoescape=True),
            pubdate=one["first_released_at"] or one["released_at"],
            updateddate=one["released_at"],
            unique_id=f"urn:uuid:{one['address']}",
            enclosures=_enclosed(request, one),
        )
    return HttpResponse(here.writeString("utf-8"), content_type=here.content_type)


def _enclosed(request: HttpRequest, one: Row) -> list[Enclosure]:
    if not one["picture_id"]:
        return []
    there = request.build_absolute_uri(reverse("bulletin_picture", args=[one["picture_id"]]))
    return [Enclosure(there, str(one["picture_bytes"]), "image/jpeg")]


def _out() -> Q:
    return Q(released_at__lte=clock.now())


def _published(actor: Actor) -> Callable[..., list[Row]]:
    return partial(policy.BULLETINS.many, actor, projection="published", order_by=("-released_at", "id"))


@page("release:R:published", who="public")
def published(request: HttpRequest, actor: Actor, address: UUID) -> HttpResponse:
    found = policy.BULLETINS.many(actor, Q(address=address), projection="published", limit=1)
    if not found:
        raise NotAllowed(rule="A44", reason="absent or hidden")
    return render(request, "press/published.html", {"bulletin": found[0]})


@page("release:R:published", who="public")
def published_picture(request: HttpRequest, actor: Actor, picture: UUID) -> HttpResponse:
    return _as_jpeg(policy.PICTURES.one(actor, picture, projection="published"))


@page("subscriber:W:request", who="public")
def updates(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Three answers: subscribed, could not be done now (too many ask, or we failed), invalid address. The first
    is the same for an address that is on the list already."""
    form = UpdatesForm(request.POST or None)
    outcome = ""
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            outcome = _asked(actor, form.cleaned_data["address"], request.META["REMOTE_ADDR"])
    if request.method == "POST" and not form.is_valid():
        outcome = Subscription.INVALID_ADDRESS
    return render(request, "press/updates.html", {"form": form, "outcome": outcome}, status=STATUS.get(outcome, 200))


STATUS: dict[str, int] = {Subscription.TRY_AGAIN: 503, Subscription.TOO_MANY: 429}


def _asked(actor: Actor, address: str, asking: str) -> Subscription:
    network = actions.network_of(asking)
    try:
        if actions.too_many(network):
            return Subscription.TOO_MANY
        with transaction.atomic():
            actions.ask_for_updates(actor, address=address, network=network, language=get_language() or "en-gb")
    except DatabaseError:
        return Subscription.TRY_AGAIN
    return Subscription.SUBSCRIBED


@page("subscriber:RW:own_subscription", who="public")
def confirm(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    mine = actions.own_subscription(actor, code)
    if mine is None or mine["ended_at"]:
        return _no_such_link(request)
    if request.method == "POST":
        actions.confirm(actor, mine["id"])
    done = request.method == "POST" or mine["confirmed_at"]
    return render(request, "press/confirm.html", {"form": ConfirmForm(), "done": done})


@csrf_exempt
@page("subscriber:RW:own_subscription", who="public")
def leave(request: HttpRequest, actor: Actor, code: str) -> HttpResponse:
    """A mail program may send the POST by itself (RFC 8058), so it carries no token of ours."""
    mine = actions.own_subscription(actor, code)
    if mine is None:
        return _no_such_link(request)
    if request.method == "POST":
        actions.leave(actor, mine["id"])
    done = request.method == "POST" or mine["ended_at"]
    return render(request, "press/leave.html", {"form": LeaveForm(), "done": done})


def _no_such_link(request: HttpRequest) -> HttpResponse:
    """The same whether the code was cut short, made up, or of somebody who left."""
    return render(request, "press/no_link.html", status=404)
