"""What can happen: a hold, a review that keeps or begins to erase, the second guardian who erases, papers, breaches."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor, Note
from wilberforce.agencies.policy import guardian
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.lawrule import Rule
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.rules import Period, end_of_legal_day, reckon
from wilberforce.sharing.rules import BREACH

from . import policy, rules
from .models import ALL, OPEN, Breach, Hold, Paper, Review

STEPPED_UP = "Prove again that it is you, then come back: this can't be undone."


def code(data_class: str) -> str:
    return f"retain-{data_class.replace('_', '-')}"


def place_hold(
    actor: Actor, subject_id: UUID, *, basis: str, reference: str, review_on: date, data_class: str = ALL
) -> Hold:
    """The guardian who places it owns it."""
    mine = guardian(actor, actor.home)
    if data_class and data_class not in matrix().classes:
        raise RuleBroken("Choose what is held.", field="data_class")
    if not reference.strip():
        raise RuleBroken("Give the reference of the case, appeal, complaint or request.", field="reference")
    _to_be_looked_at(review_on, rules.LONGEST_HOLD)
    hold = Hold(
        agency_id=actor.home, subject_id=subject_id, data_class=data_class, basis=rules.Basis(basis),
        reference=reference.strip()[:40], owner_id=mine.pk, review_on=review_on,
    )  # fmt: skip
    hold.save(force_insert=True)
    deadlines.file(actor, hold.pk, rule="hold-review", due_at=end_of_legal_day(review_on), role="data_guardian")
    _kept(actor, hold.pk, subject_id)
    return hold


def look_again_at_hold(actor: Actor, hold_id: UUID, *, review_on: date) -> None:
    """Those too of an agency that ended: its records stay shut, and its holds stand. Where the owner has left, whoever
    looks at it owns it from now on."""
    hold = hold_of(actor, hold_id)
    _to_be_looked_at(review_on, rules.LONGEST_HOLD)
    owner = hold.owner_id if policy.still_here(hold.owner_id) else actor.me
    Hold.objects.filter(pk=hold.pk).update(review_on=review_on, owner_id=owner)
    deadlines.move(actor, hold.pk, "hold-review", end_of_legal_day(review_on))
    _kept(actor, hold.pk, hold.subject_id)


def end_hold(actor: Actor, hold_id: UUID) -> None:
    hold = hold_of(actor, hold_id)
    if hold.agency_id != actor.home:
        raise NotAllowed(rule="hold", reason="row")
    Hold.objects.filter(pk=hold.pk).update(ended_at=clock.now(), ended_by=actor.me)
    deadlines.meet(actor, hold.pk, "hold-review")
    _kept(actor, hold.pk, hold.subject_id)


def hold_what_was_asked_for(actor: Actor, facts: Mapping[str, Any]) -> None:
    """A follower: somebody asks for their own data, so nothing about them is erased before they have their answer."""
    day = clock.in_london(facts["due_at"]).date()
    place_hold(actor, facts["person"], basis=rules.Basis.ACCESS_REQUEST, reference=facts["reference"], review_on=day)


def let_go_what_was_asked_for(actor: Actor, facts: Mapping[str, Any]) -> None:
    """A follower: they have it. Each question has a hold of its own, so one answer ends one."""
    asked = {"subject_id": facts["person"], "basis": rules.Basis.ACCESS_REQUEST, "reference": facts["reference"]}
    hold = Hold.objects.filter(OPEN, agency_id=actor.home, **asked).order_by("placed_at", "id").first()
    if hold is not None:
        end_hold(actor, hold.pk)


def hold_of(actor: Actor, hold_id: UUID) -> Hold:
    """What the database shows to a guardian of the agency, or of the one that took over from it."""
    guardian(actor, actor.home)
    found = Hold.objects.filter(OPEN, pk=hold_id).first()
    if found is None:
        raise NotAllowed(rule="hold", reason="row")
    return found


def _to_be_looked_at(on: date, rule: Rule[Period]) -> None:
    latest = reckon(rule, clock.now(), trigger="now").last_day
    if not policy.today() < on <= latest:
        raise RuleBroken(f"Choose a day after today and within {rule.value}.", field="review_on")


def keep(actor: Actor, data_class: str, subject_id: UUID, *, until: date, why: str) -> Review:
    """Looked at, and needed for longer."""
    guardian(actor, actor.home)
    policy.one_over(data_class, subject_id)
    if until <= policy.today():
        raise RuleBroken("Choose a day after today.", field="until")
    if not why.strip():
        raise RuleBroken("Say why it is still needed: the rule or the case it serves.", field="why")
    looked = _reviewed(actor, data_class, subject_id, keep_until=until, why=why.strip()[:40])
    deadlines.file(actor, subject_id, rule=code(data_class), due_at=end_of_legal_day(until), role="data_guardian")
    return looked


def begin_erasure(actor: Actor, data_class: str, subject_id: UUID, *, why: str = "") -> Review:
    """The first of two guardians. What its users review first goes only with their word."""
    guardian(actor, actor.home)
    found = policy.one_over(data_class, subject_id)
    _not_held(found)
    if found.retention.end is rules.End.REVIEW and not why.strip():
        raise RuleBroken("Say who of those who work with it looked, and why it is needed no longer.", field="why")
    if Review.objects.filter(
        data_class=data_class, subject_id=subject_id, keep_until=None, erased_at=None, agency_id=actor.home
    ).exists():
        raise RuleBroken("A guardian has begun this already. Another one erases it.")
    return _reviewed(actor, data_class, subject_id, why=why.strip()[:40])


def begun_erasure(actor: Actor, review_id: UUID) -> Review:
    found = Review.objects.filter(pk=review_id, erased_at=None, keep_until=None, agency_id=actor.home).first()
    if found is None:
        raise NotAllowed(rule="retention", reason="row")
    return found


def erase(actor: Actor, review_id: UUID) -> int:
    """The second guardian. The rows go with their wrapped keys; the ledger keeps that they went, not what they were."""
    guardian(actor, actor.home)
    if "step_up" not in actor.ready:
        raise RuleBroken(STEPPED_UP)
    begun = begun_erasure(actor, review_id)
    if begun.begun_by == actor.me:
        raise RuleBroken("You began this. Another guardian of your agency erases it.")
    found = policy.one_over(begun.data_class, begun.subject_id)
    _not_held(found)
    with connection.cursor() as cursor:
        cursor.execute("SELECT stewardship_erase(%s, %s)", [review_id, found.began])
        (gone,) = cursor.fetchone() or (None,)
    if gone is None:
        raise NotAllowed(rule="retention", reason="row")
    deadlines.meet(actor, begun.subject_id, code(begun.data_class))
    actor.note(Note("erasure", begun.data_class, "A", "", "guardian", (begun.subject_id,)))
    return int(gone)


def _not_held(found: policy.Over) -> None:
    if found.held:
        raise RuleBroken("A hold stands on this record. It can't be erased before the hold is ended.")


def _reviewed(
    actor: Actor, data_class: str, subject_id: UUID, *, keep_until: date | None = None, why: str = ""
) -> Review:
    looked = Review(
        agency_id=actor.home, subject_id=subject_id, data_class=data_class, begun_by=actor.me, keep_until=keep_until,
        why=why,
    )  # fmt: skip
    looked.save(force_insert=True)
    _kept(actor, looked.pk, subject_id)
    return looked


def _kept(actor: Actor, *subjects: UUID) -> None:
    actor.note(Note("alteration", "retention", "W", "", "guardian", subjects))


def sign_paper(actor: Actor, *, kind: str, text: str, review_on: date, language: str = "en") -> Paper:
    """A new version; earlier ones stay. Whoever signs owns it."""
    mine = guardian(actor, actor.home)
    if not text.strip():
        raise RuleBroken("Write the paper, or where its signed original is kept.", field="text")
    _to_be_looked_at(review_on, rules.PAPER_REVIEW)
    needed = rules.PAPERS[rules.Paper(kind)]
    paper = Paper(
        agency_id=actor.home, kind=rules.Paper(kind), text=text.strip(), owner_id=mine.pk, review_on=review_on,
        language=language if needed.by_language else "en",
    )  # fmt: skip
    for earlier in Paper.objects.filter(agency_id=actor.home, kind=paper.kind, language=paper.language):
        deadlines.meet(actor, earlier.pk, "paper-review")
    paper.save(force_insert=True)
    deadlines.file(actor, paper.pk, rule="paper-review", due_at=end_of_legal_day(review_on), role="data_guardian")
    _kept(actor, paper.pk)
    return paper


def own_paper(actor: Actor, paper_id: UUID) -> Paper:
    found = Paper.objects.filter(pk=paper_id, agency_id=actor.home).first()
    if found is None:
        raise NotAllowed(rule="paper", reason="row")
    return found


def record_breach(actor: Actor, *, found_at: datetime, what: str, people: int, high_risk: bool) -> Breach:
    """The clock of the Commissioner runs from when it was found."""
    mine = guardian(actor, actor.home)
    if found_at > clock.now():
        raise RuleBroken("This time has not come yet. Enter when it was found.", field="found_at")
    if not what.strip():
        raise RuleBroken("Say what happened, in words that name nobody.", field="what")
    breach = Breach(
        agency_id=actor.home, found_at=found_at, what=what.strip()[:1_000], people=people, high_risk=high_risk,
        recorded_by=mine.pk,
    )  # fmt: skip
    breach.save(force_insert=True)
    due_at = reckon(BREACH, found_at, trigger="found").due_at
    deadlines.file(actor, breach.pk, rule="breach", due_at=due_at, role="data_guardian")
    _kept(actor, breach.pk)
    return breach


def commissioner_told(actor: Actor, breach_id: UUID) -> None:
    guardian(actor, actor.home)
    now = clock.now()
    if not Breach.objects.filter(pk=breach_id, agency_id=actor.home, commissioner_told_at=None).update(
        commissioner_told_at=now
    ):
        raise NotAllowed(rule="breach", reason="row")
    deadlines.meet(actor, breach_id, "breach")
    _kept(actor, breach_id)
