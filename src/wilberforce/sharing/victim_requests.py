"""A victim information request, step by step: police ask, a senior officer where it is counselling, the person has
the notice, whoever keeps the records chooses which or refuses, sends them, and their guardian lets them go."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.db.utils import ProgrammingError

from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import reckon
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import CARE, CLINICAL_NOTES, NOTES, PEOPLE

from . import actions, policy, victim_letters
from .models import Disclosure, Pack, VictimRequest
from .rules import material
from .rules.material import Stage

BASIS = "victim-information-request"
PROJECTION = "requested_material"
PURPOSE = "criminal_investigation"
RULE = "victim-request"
SENIORS = ("op_commander", "review_officer")
KEEPERS = {"support": "reception_manager", "health": "health_worker"}
TABLES = {"support": (NOTES,), "health": (CARE, CLINICAL_NOTES)}
SHOWN = 60


def of_my_case(operation_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (ARRAY(SELECT fact_case_member()))", [operation_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def ask(
    actor: Actor,
    *,
    reference: str,
    operation_id: UUID,
    to_agency: UUID,
    data_class: str,
    covers_from: date,
    covers_to: date,
    case: material.Case,
) -> VictimRequest:
    """The answer is the same whether or not anybody is known by this reference."""
    if actor.role != "investigator" or not of_my_case(operation_id):
        raise NotAllowed(rule="victim request", reason="row")
    if data_class not in KEEPERS:
        raise RuleBroken("Choose which records.", field="data_class")
    if covers_from > covers_to:
        raise RuleBroken("The last day is before the first. Check both.", field="covers_to")
    for field, sentence in material.faults(case).items():
        raise RuleBroken(sentence, field=field)
    made = VictimRequest(
        reference="".join(reference.split()).upper()[:20], operation_id=operation_id, from_agency_id=actor.home,
        to_agency_id=to_agency, data_class=data_class, covers_from=covers_from, covers_to=covers_to, line=case.line,
        necessary=case.necessary, proportionate=case.proportionate, alternatives=case.alternatives,
        counselling=case.counselling, probative=case.probative, notice=case.notice, notice_form=case.notice_form,
        ground=case.ground, ground_why=case.ground_why, asked_by=actor.me,
        outside=policy.usable_outside(actor, to_agency),
    )  # fmt: skip
    made.save(force_insert=True)
    if not made.needs_senior:
        _reaches_keeper(actor, made)
    _note(actor, made, "alteration", "W", "asked")
    return made


def _reaches_keeper(actor: Actor, one: VictimRequest) -> None:
    due_at = reckon((material.ANSWERED,), clock.now(), bank_holidays(), "asked").due_at
    if one.outside:
        return
    role = KEEPERS[one.data_class]
    deadlines.file(actor, one.pk, rule=RULE, due_at=due_at, role=role, agency_id=one.to_agency_id)


def senior_says(actor: Actor, request_id: UUID, *, agrees: bool) -> VictimRequest:
    """Counselling records are presumed not needed, and the notice is given whole: a senior officer, never whoever asks,
    says that it is otherwise here."""
    one = _mine(actor, request_id, from_agency_id=actor.home)
    if actor.role not in SENIORS or stage_of(one) is not Stage.SENIOR:
        raise NotAllowed(rule="victim request", reason="row")
    if agrees:
        kept = _kept(actor, one, "senior agreed", senior_by=actor.me, senior_at=clock.now())
        _reaches_keeper(actor, kept)
        return kept
    why = "counselling" if one.counselling else "notice"
    return _kept(actor, one, "refused", refused_by=actor.me, refused_at=clock.now(), refusal=why)


def told(
    actor: Actor,
    request_id: UUID,
    *,
    language: str,
    view: str,
    said: str = "",
    given: material.Given = material.TO_THEM,
) -> VictimRequest:
    """The notice is given in writing, in a language they read: to the person, or to somebody for them. What they say
    stands beside the law, never instead."""
    one = _told_by(actor, request_id)
    if not may_be_told(one):
        raise RuleBroken("This notice was given already, must not be given yet, or the request is over.")
    child = not one.outside and PEOPLE.one(actor, one.person_id)["age"] == AgeClass.CHILD
    for field, sentence in material.given_faults(given, child).items():
        raise RuleBroken(sentence, field=field)
    agrees = {"agrees": "yes", "objects": "no"}.get(view, "not sure")
    if not one.outside:
        _rests_on_the_act(actor, one, told=True, person_agrees=agrees)
    deadlines.meet(actor, one.pk, material.NOTICE_RULE, agency_id=one.from_agency_id)
    mine = given.to == "person"
    fresh = {"language": language, "view": view, "said": said.strip()[:500], "given_to": given.to}
    fresh |= {"given_because": "" if mine else given.because, "given_who": "" if mine else given.who.strip()[:300]}
    return _kept(actor, one, "notice", noticed_by=actor.me, noticed_at=clock.now(), **fresh)


def _told_by(actor: Actor, request_id: UUID) -> VictimRequest:
    """Whoever keeps the records gives the notice; where they have no sign-in, the case team itself."""
    if actor.role == "investigator":
        return _mine(actor, request_id, from_agency_id=actor.home, outside=True)
    return _mine(actor, request_id, to_agency_id=actor.home)


def may_be_told(one: VictimRequest) -> bool:
    """Where police say that the notice must wait, only once they say that the reason is over."""
    waits = one.notice_form == "none" and one.notice_may_at is None
    return one.noticed_at is None and not waits and stage_of(one) not in material.NO_NOTICE


def excuse(actor: Actor, request_id: UUID) -> VictimRequest:
    """Whoever keeps the records has read why there is no notice, and goes on without it. They may refuse instead."""
    one = _mine(actor, request_id, to_agency_id=actor.home)
    if not may_be_excused(one):
        raise RuleBroken("This request goes on once the notice was given, or it is over.")
    _rests_on_the_act(actor, one, told=False, person_agrees="not sure")
    due_at = reckon((material.AGAIN,), clock.now(), trigger="excused").due_at
    police = one.from_agency_id
    deadlines.file(actor, one.pk, rule=material.NOTICE_RULE, due_at=due_at, role="investigator", agency_id=police)
    return _kept(actor, one, "excused", excused_by=actor.me, excused_at=clock.now())


def may_be_excused(one: VictimRequest) -> bool:
    return not one.outside and stage_of(one) is Stage.ASKED and waits_with_notice(one)


def notice_may_go(actor: Actor, request_id: UUID) -> VictimRequest:
    """By the case team: the reason against the notice is over, so the keeper gives it now."""
    one = _mine(actor, request_id, from_agency_id=actor.home)
    if actor.role != "investigator" or not waits_with_notice(one):
        raise NotAllowed(rule="victim request", reason="row")
    return _kept(actor, one, "notice may go", notice_may_at=clock.now())


def waits_with_notice(one: VictimRequest) -> bool:
    return one.notice_form == "none" and one.notice_may_at is None and stage_of(one) not in material.NO_NOTICE


def write_letter(actor: Actor, request_id: UUID, *, called: str) -> VictimRequest:
    """To a keeper without a sign-in, once the notice was given or the Act excuses it."""
    one = _mine(actor, request_id, from_agency_id=actor.home, outside=True)
    if actor.role != "investigator" or one.letter_id or stage_of(one) not in (Stage.TOLD, Stage.EXCUSED):
        raise RuleBroken("Give the notice first, then write the letter; there is one letter to a request.")
    begun = victim_letters.write(actor, one, called=called, words=one.words())
    due_at = reckon((material.ANSWERED,), clock.now(), bank_holidays(), "asked").due_at
    deadlines.file(actor, one.pk, rule=RULE, due_at=due_at, role="investigator")
    if one.noticed_at is None:
        again = reckon((material.AGAIN,), clock.now(), trigger="excused").due_at
        deadlines.file(actor, one.pk, rule=material.NOTICE_RULE, due_at=again, role="investigator")
    return _kept(actor, one, "letter", letter_id=begun.pk)


def answered(actor: Actor, request_id: UUID, *, answer: str) -> VictimRequest:
    """What the keeper without a sign-in answered. What they sent is material of the case, outside the system."""
    one = _mine(actor, request_id, from_agency_id=actor.home, outside=True)
    if actor.role != "investigator" or stage_of(one) is not Stage.ASKED:
        raise RuleBroken("Write down first that the letter was handed over.")
    deadlines.meet(actor, one.pk, RULE)
    return _kept(actor, one, "answered", answer=answer, answered_by=actor.me, answered_at=clock.now())


def _rests_on_the_act(actor: Actor, one: VictimRequest, *, told: bool, person_agrees: str) -> None:
    survivors.record_legal_basis(
        actor, one.person_id, basis=BASIS, data_classes=[one.data_class], recipient=one.from_agency_id,
        person_agrees=person_agrees, told=told, unsafe_to_tell=not told,
    )  # fmt: skip


def choice(actor: Actor, one: VictimRequest) -> list[Row]:
    """What the request asks about, read by whoever keeps it; counselling records only where they were asked for."""
    days = Q(recorded_at__date__gte=one.covers_from, recorded_at__date__lte=one.covers_to)
    where = Q(person_id=one.person_id, controller_id=actor.home) & days
    rows = [
        row
        for table in TABLES[one.data_class]
        for row in table.many(actor, where, order_by=("recorded_at", "id"), limit=SHOWN)
    ]
    return [row for row in rows if one.counselling or not row.get("counselling")]


def choose(actor: Actor, request_id: UUID, *, records: Sequence[UUID], until: datetime) -> VictimRequest:
    """Fewer than were asked for is narrowing; none is a refusal, and needs its reason."""
    one = _mine(actor, request_id, to_agency_id=actor.home)
    if KEEPERS[one.data_class] != actor.role or stage_of(one) not in material.TO_CHOOSE:
        raise RuleBroken("Give the notice first, then choose.")
    offered = {row["id"] for row in choice(actor, one)}
    chosen = list(dict.fromkeys(records))
    if not chosen or not set(chosen) <= offered:
        raise RuleBroken("Choose the records that go, or refuse.", field="records")
    _within(until)
    fewer = len(chosen) < len(offered)
    return _kept(
        actor, one, "chosen", records=chosen, chosen_by=actor.me, chosen_at=clock.now(), narrowed=fewer,
        expires_at=until,
    )  # fmt: skip


def _within(until: datetime) -> None:
    latest = reckon((material.LONGEST,), clock.now(), trigger="chosen").due_at + timedelta(days=1)
    if not clock.now() < until <= latest:
        raise RuleBroken(f"Choose a day after today and within {material.LONGEST.value}.", field="until")


def refuse(actor: Actor, request_id: UUID, *, reason: str) -> VictimRequest:
    one = _mine(actor, request_id, to_agency_id=actor.home)
    if KEEPERS[one.data_class] != actor.role or stage_of(one) in material.ENDED or one.sent_at:
        raise RuleBroken("This request is over or was sent. What was sent can be called back on its receipt.")
    deadlines.meet(actor, one.pk, RULE)
    return _kept(actor, one, "refused", refused_by=actor.me, refused_at=clock.now(), refusal=reason)


def send(actor: Actor, request_id: UUID) -> Disclosure:
    """What was chosen, as a disclosure: under an agreement, and a guardian of the keeper lets it go."""
    one = _mine(actor, request_id, to_agency_id=actor.home)
    if stage_of(one) is not Stage.CHOSEN:
        raise RuleBroken("Choose first which records go.")
    kind = policy.Kind(one.data_class, PROJECTION)
    begun = actions.begin(
        actor, one.person_id, to_agency=one.from_agency_id, data_class=one.data_class, projection=PROJECTION,
        fields=kind.fields, basis=BASIS, expires_at=one.expires_at,
    )  # fmt: skip
    deadlines.meet(actor, one.pk, RULE)
    _kept(actor, one, "sent", disclosure_id=begun.pk, sent_at=clock.now())
    return begun


def take_back(actor: Actor, request_id: UUID) -> VictimRequest:
    """By the case team: it is not needed any more. What it opened shuts."""
    one = _mine(actor, request_id, from_agency_id=actor.home)
    if actor.role != "investigator" or stage_of(one) in material.ENDED:
        raise NotAllowed(rule="victim request", reason="row")
    if one.letter_id:
        victim_letters.call_back(actor, one.letter_id)
    deadlines.cancel(actor, one.pk, RULE, agency_id=actor.home if one.outside else one.to_agency_id)
    deadlines.cancel(actor, one.pk, material.NOTICE_RULE)
    return _kept(actor, one, "taken back", taken_back_at=clock.now())


def opened(actor: Actor, one: VictimRequest) -> list[Row]:
    """What the case team reads: exactly the chosen records, through the same policies as any page."""
    return [
        row
        for table in TABLES[one.data_class]
        for row in table.many(
            actor, Q(pk__in=one.records), projection=PROJECTION, order_by=("recorded_at", "id"), limit=SHOWN
        )
    ]


def words_of(actor: Actor, one: VictimRequest) -> dict[str, str]:
    """What either side typed, opened for one of the two."""
    _note(actor, one, "consultation", "R", "read")
    return one.words()


def request_of(request_id: UUID, *, lock: bool = False, **where: Any) -> VictimRequest:
    """Raises NotAllowed whether it is absent, hidden or not this actor's to act on."""
    rows = VictimRequest.objects.select_for_update() if lock else VictimRequest.objects
    found = rows.filter(pk=request_id, **where).first()
    if found is None:
        raise NotAllowed(rule="victim request", reason="row")
    return found


def stage_of(one: VictimRequest) -> Stage:
    what = one.letter_id or one.disclosure_id
    sent = Disclosure.objects.filter(pk=what).first() if what else None
    pack = Pack.objects.filter(disclosure_id=one.letter_id).first() if one.letter_id else None
    return one.stage(sent, pack, clock.now())


def _mine(actor: Actor, request_id: UUID, **where: Any) -> VictimRequest:
    del actor  # the database knows who asks
    return request_of(request_id, lock=True, **where)


def _kept(actor: Actor, one: VictimRequest, rule: str, **fresh: Any) -> VictimRequest:
    for name, value in fresh.items():
        setattr(one, name, value)
    try:
        one.save(update_fields=list(fresh))
    except ProgrammingError as refused:
        raise NotAllowed(rule="victim request", reason="row") from refused
    _note(actor, one, "approval" if "senior" in rule else "alteration", "W", rule)
    return one


def _note(actor: Actor, one: VictimRequest, op: str, does: str, rule: str) -> None:
    ids = (one.person_id, one.pk)
    other = one.to_agency_id if actor.home == one.from_agency_id else one.from_agency_id
    actor.note(Note(op, one.data_class, does, PROJECTION, f"victim request: {rule}", ids, recipient=other))
