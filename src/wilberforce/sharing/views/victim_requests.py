"""The pages of a victim information request: police ask and read, the keeper tells, chooses, sends or refuses."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.forms import KitForm
from wilberforce.base.paging import listed, rows_of
from wilberforce.base.templatetags.kit import plural
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.pages import attempt, page
from wilberforce.operations.policy import OPERATIONS
from wilberforce.sharing import policy
from wilberforce.sharing import victim_request_forms as forms
from wilberforce.sharing import victim_requests as requests
from wilberforce.sharing.models import VictimRequest
from wilberforce.sharing.rules import material
from wilberforce.sharing.rules.material import Stage
from wilberforce.survivors.lists import CARE

READS = ("health:R:requested_material", "support:R:requested_material")
SENDS = ("support:D:requested_material", "health:D:requested_material")
KEEPS = ("support:DR", "health:DR", "consent:W")
Offered = list[tuple[KitForm, str, bool]]
KINDS, VIEWS, REFUSALS = dict(material.KINDS), dict(material.VIEWS), dict(material.REFUSALS)


@page("operation:R")
def ask(request: HttpRequest, actor: Actor) -> HttpResponse:
    cases = [(str(row["id"]), row["reference"]) for row in OPERATIONS.many(actor, limit=25)]
    form = forms.AskMaterialForm(
        request.POST or None, actor=actor, cases=cases, initial={"reference": request.GET.get("reference", "")[:20]}
    )
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            made = requests.ask(actor, **form.asked)
            return redirect(f"{actor.purpose}:victim_request", made.pk)
    lead = (
        "The Act asks these questions first. Whoever keeps the records decides, "
        "and the person is told in writing before anything opens, unless the Act excuses it."
    )
    shown = {"form": form, "title": "Ask for records about a victim", "lead": lead}
    return render(request, "sharing/form.html", shown)


@page(*READS, *SENDS)
def listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _listing(request, actor)


@page("support:D", "health:D")
def listing_of_keeper(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _listing(request, actor)


@page("operation:W")
def listing_of_commander(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _listing(request, actor)


@page()
def listing_of_reviewer(request: HttpRequest, actor: Actor) -> HttpResponse:
    return _listing(request, actor)


def _listing(request: HttpRequest, actor: Actor) -> HttpResponse:
    names = _names()
    rows = listed(request, rows_of(VictimRequest.objects.order_by("-asked_at", "-id")))
    shown = rows.each(lambda row: _line(row["record"], names))
    asks = actor.role == "investigator"
    return render(request, "sharing/victim_requests.html", {"listing": shown, "asks": asks})


def _line(one: VictimRequest, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "record": one,
        "what": KINDS[one.data_class] + (", counselling too" if one.counselling else ""),
        "asker": names.get(one.from_agency_id, ""),
        "keeper": names.get(one.to_agency_id, "a keeper without a sign-in" if one.outside else ""),
        "stage": requests.stage_of(one),
    }


@page(*READS, *SENDS)
def one(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    """To the case team its state; to whoever keeps the records, that they can be sent."""
    found = requests.request_of(victim_request_id)
    stage = requests.stage_of(found)
    form: KitForm | None = None
    if actor.role == "investigator" and stage not in material.ENDED:
        form = forms.TakeBackForm(request.POST or None)
    elif actor.role == requests.KEEPERS[found.data_class] and stage is Stage.CHOSEN:
        form = forms.SendForm(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        with attempt(form):
            if actor.role == "investigator":
                requests.take_back(actor, victim_request_id)
                return redirect(f"{actor.purpose}:victim_request", victim_request_id)
            return redirect(f"{actor.purpose}:receipt", requests.send(actor, victim_request_id).pk)
    warn = actor.role == "investigator"
    offered: Offered = [(form, "", warn)] if form else []
    if warn and requests.waits_with_notice(found):
        to = reverse(f"{actor.purpose}:victim_request_may_go", args=[victim_request_id])
        offered.insert(0, (forms.NoticeMayGoForm(), to, False))
    return _one(request, actor, found, [*_by_letter(actor, found, stage), *offered])


def _by_letter(actor: Actor, found: VictimRequest, stage: Stage, bound: KitForm | None = None) -> Offered:
    """What the case team does itself, where whoever keeps the records has no sign-in."""
    offered: Offered = []
    if not found.outside or actor.role != "investigator":
        return offered
    if requests.may_be_told(found):
        offered.append((forms.ToldForm(), "victim_request_given", False))
    if found.letter_id is None and stage in (Stage.TOLD, Stage.EXCUSED):
        offered.append((forms.LetterForm(), "victim_request_letter", False))
    if stage is Stage.ASKED:
        offered.append((forms.AnswerForm(), "victim_request_answered", False))
    return _addressed(actor, found, offered, bound)


@page(*READS)
@require_POST
def given(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    form = forms.ToldForm(request.POST)
    return _letter_step(
        request, actor, victim_request_id, form, lambda: requests.told(actor, victim_request_id, **form.told)
    )


@page(*READS)
@require_POST
def letter(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    form = forms.LetterForm(request.POST)
    return _letter_step(
        request, actor, victim_request_id, form,
        lambda: requests.write_letter(actor, victim_request_id, **form.cleaned_data),
    )  # fmt: skip


@page(*READS)
@require_POST
def answered(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    form = forms.AnswerForm(request.POST)
    return _letter_step(
        request, actor, victim_request_id, form,
        lambda: requests.answered(actor, victim_request_id, **form.cleaned_data),
    )  # fmt: skip


def _letter_step(
    request: HttpRequest, actor: Actor, victim_request_id: UUID, form: KitForm, act: Callable[[], object]
) -> HttpResponse:
    found = requests.request_of(victim_request_id)
    stage = requests.stage_of(found)
    return _step(actor, found, form, act) or _one(request, actor, found, _by_letter(actor, found, stage, form))


@page(*READS)
@require_POST
def may_go(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    requests.notice_may_go(actor, victim_request_id)
    return redirect(f"{actor.purpose}:victim_request", victim_request_id)


@page(*KEEPS)
def kept(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    """Whoever keeps the records: gives the notice, chooses what goes, or refuses."""
    found = requests.request_of(victim_request_id)
    return _kept(request, actor, found)


def _kept(request: HttpRequest, actor: Actor, found: VictimRequest, bound: KitForm | None = None) -> HttpResponse:
    stage, keeps = requests.stage_of(found), actor.role == requests.KEEPERS[found.data_class]
    offered: Offered = []
    if actor.holds("consent", "W") and requests.may_be_told(found):
        offered.append((forms.ToldForm(), "victim_request_told", False))
    if actor.holds("consent", "W") and requests.may_be_excused(found):
        offered.append((forms.ExcuseForm(), "victim_request_excused", False))
    if keeps and stage in material.TO_CHOOSE:
        offered.append((_choosing(None, actor, found), "victim_request_chosen", False))
    if keeps and stage in (Stage.ASKED, *material.TO_CHOOSE):
        offered.append((forms.RefuseMaterialForm(), "victim_request_refused", True))
    return _one(request, actor, found, _addressed(actor, found, offered, bound))


def _addressed(actor: Actor, found: VictimRequest, offered: Offered, bound: KitForm | None) -> Offered:
    """By their addresses' names; the one that was filled in keeps what was typed."""
    if bound is not None:
        offered = [(bound if type(form) is type(bound) else form, name, warn) for form, name, warn in offered]
    return [(form, reverse(f"{actor.purpose}:{name}", args=[found.pk]), warn) for form, name, warn in offered]


def _choosing(data: Any, actor: Actor, found: VictimRequest) -> forms.ChooseForm:
    offered = [(str(row["id"]), _spoken(row)) for row in requests.choice(actor, found)]
    return forms.ChooseForm(data, offered=offered)


def _spoken(row: Row) -> str:
    day = f"{clock.in_london(row['recorded_at']):%-d %B %Y}"
    what = f"{CARE[row['kind']].label}: {row['detail']}" if "kind" in row else row["text"]
    return f"{day}{', counselling' if row.get('counselling') else ''}: {what}"


@page(*KEEPS, "person_ref:R")
@require_POST
def told(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    found, form = requests.request_of(victim_request_id), forms.ToldForm(request.POST)
    return _keepers_step(request, actor, found, form, lambda: requests.told(actor, found.pk, **form.told))


@page(*KEEPS)
@require_POST
def excused(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    found, form = requests.request_of(victim_request_id), forms.ExcuseForm(request.POST)
    return _keepers_step(request, actor, found, form, lambda: requests.excuse(actor, found.pk))


@page(*KEEPS)
@require_POST
def chosen(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    found = requests.request_of(victim_request_id)
    form = _choosing(request.POST, actor, found)
    return _keepers_step(request, actor, found, form, lambda: requests.choose(actor, found.pk, **form.chosen))


@page(*KEEPS)
@require_POST
def refused(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    found, form = requests.request_of(victim_request_id), forms.RefuseMaterialForm(request.POST)
    return _keepers_step(request, actor, found, form, lambda: requests.refuse(actor, found.pk, **form.cleaned_data))


def _keepers_step(
    request: HttpRequest, actor: Actor, found: VictimRequest, form: KitForm, act: Callable[[], object]
) -> HttpResponse:
    return _step(actor, found, form, act) or _kept(request, actor, found, form)


def _step(actor: Actor, found: VictimRequest, form: KitForm, act: Callable[[], object]) -> HttpResponse | None:
    """Done and on the request's own page, or nothing and the form says why."""
    if form.is_valid():
        with attempt(form):
            act()
            return redirect(f"{actor.purpose}:victim_request", found.pk)
    return None


@page(*KEEPS)
def notice(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    """To print and give to the person, or to read to them with an interpreter."""
    found = requests.request_of(victim_request_id)
    shown = {"one": _line(found, _names()), "notice": requests.words_of(actor, found)["notice"]}
    return render(request, "sharing/victim_request_notice.html", shown)


@page("operation:W")
def approved(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    return _approved(request, actor, victim_request_id)


@page()
def approved_by_reviewer(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    return _approved(request, actor, victim_request_id)


def _approved(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    """A senior officer answers where counselling records are asked for, or no whole notice is given. ``?no`` is the
    form that refuses."""
    found = requests.request_of(victim_request_id)
    waits = requests.stage_of(found) is Stage.SENIOR and actor.role in requests.SENIORS
    form = (forms.SeniorNoForm if "no" in request.GET else forms.SeniorYesForm)(request.POST or None)
    if request.method == "POST" and waits and form.is_valid():
        with attempt(form):
            requests.senior_says(actor, victim_request_id, agrees="no" not in request.GET)
            return redirect(f"{actor.purpose}:victim_request", victim_request_id)
    shown = [(forms.SeniorYesForm(), "?", False), (forms.SeniorNoForm(), "?no", True)] if waits else []
    return _one(request, actor, found, shown)


@page(*READS)
def opened(request: HttpRequest, actor: Actor, victim_request_id: UUID) -> HttpResponse:
    """Exactly the chosen records, while the request is open."""
    found = requests.request_of(victim_request_id)
    if actor.role != "investigator":
        raise NotAllowed(rule="victim request", reason="row")
    rows = [{"at": row["recorded_at"], **_read(row)} for row in requests.opened(actor, found)]
    shown = {"one": _line(found, _names()), "entries": rows}
    return render(request, "sharing/victim_request_opened.html", shown)


def _read(row: Row) -> dict[str, str]:
    if "kind" in row:
        return {"title": CARE[row["kind"]].label, "text": row["detail"]}
    return {"title": "Counselling" if row["counselling"] else "Note", "text": row["text"]}


def _one(request: HttpRequest, actor: Actor, found: VictimRequest, offered: Offered) -> HttpResponse:
    line = _line(found, _names())
    shown: dict[str, Any] = {
        "one": line,
        "rows": _rows(found, line, requests.words_of(actor, found)),
        "offered": offered,
    }
    shown["keeps"] = actor.home == found.to_agency_id and actor.purpose == "support"
    shown["letter"] = found.letter_id if actor.role == "investigator" else None
    shown["reads"] = line["stage"] is Stage.OPEN and actor.role == "investigator"
    shown["to_send"] = actor.role == requests.KEEPERS[found.data_class] and line["stage"] is Stage.CHOSEN
    return render(request, "sharing/victim_request.html", shown)


def _rows(one: VictimRequest, line: dict[str, Any], words: dict[str, str]) -> list[dict[str, Any]]:
    said = [
        ("Who asks", line["asker"]),
        ("Who keeps it", line["keeper"]),
        ("Whose records", one.reference),
        ("Days", f"{one.covers_from:%-d %B %Y} to {one.covers_to:%-d %B %Y}"),
        ("Line of enquiry", words["line"]),
        ("Why it is necessary", words["necessary"]),
        ("Why this much", words["proportionate"]),
        ("What else was considered", words["alternatives"]),
        ("Substantial probative value", words["probative"]),
        ("The notice to the person", words["notice"]),
        *_of_notice(one, words),
        ("Chosen", _chosen_said(one)),
        ("What they answered", one.get_answer_display()),
        ("Refused", REFUSALS.get(one.refusal, "")),
    ]
    return [{"key": key, "value": value} for key, value in said if value]


def _of_notice(one: VictimRequest, words: dict[str, str]) -> list[tuple[str, str]]:
    given = (
        "" if one.given_to in ("", "person") else f"{one.get_given_to_display()}. {one.get_given_because_display()}. "
    )
    return [
        ("Whether they are given it", one.get_notice_form_display() if one.ground else ""),
        ("On which ground", one.get_ground_display() if one.ground else ""),
        ("Why that is so here", words["ground_why"]),
        (
            "Reason against it over since",
            f"{clock.in_london(one.notice_may_at):%-d %B %Y}" if one.notice_may_at else "",
        ),
        ("Who was given it for them", f"{given}{words['given_who']}".strip()),
        ("What the person says", " ".join(part for part in (VIEWS.get(one.view, ""), words["said"]) if part)),
        ("Notice given in", LANGUAGES[one.language].label if one.language in LANGUAGES else ""),
    ]


def _chosen_said(one: VictimRequest) -> str:
    if not one.chosen_at:
        return ""
    return plural(len(one.records), "record") + (", fewer than asked for" if one.narrowed else "")


def _names() -> dict[UUID, str]:
    return policy.names_of()
