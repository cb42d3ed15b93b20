"""What can happen: two guardians sign, somebody begins a disclosure, another person lets it go, it is recalled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wilberforce.access import asking
from wilberforce.access.context import Actor, Note
from wilberforce.access.rules import Decision
from wilberforce.agencies.models import Agency
from wilberforce.agencies.policy import guardian, seats_of, told
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.rules import reckon
from wilberforce.survivors.lists import BASES
from wilberforce.survivors.policy import IDENTITIES, NARROW, PEOPLE

from . import policy, receipts, rules
from .models import Agreement, Disclosure, Request
from .rules import packs

ALERT = "safeguarding_alert"
ALERTED = {"person_ref": PEOPLE.projections[ALERT], "identity": IDENTITIES.projections[ALERT]}
COUNCILS = ("county", "city")
REVIEW = "agreement-review"
DISPUTE = "sharing-dispute"
CONSENT = "consent"
OF_A_PERSON = frozenset({"person_ref", "identity", "health", "support"})


def propose_agreement(
    actor: Actor,
    *,
    to_agency: UUID,
    data_class: str,
    purpose: str,
    fields: Sequence[str],
    basis: str,
    dpia_ref: str,
    starts: date,
    ends: date | None = None,
    successor_rule: str = "ends",
) -> Agreement:
    """The giving side's guardian writes it down; it opens nothing before both sides have signed."""
    guardian(actor, actor.home)
    _sensible(actor, to_agency, data_class, purpose, fields)
    if ends is not None and ends < starts:
        raise RuleBroken("The last day is before the first. Check both.", field="ends")
    if not basis.strip() or not dpia_ref.strip():
        raise RuleBroken("Name the law and the assessment (DPIA) that it rests on.", field="basis")
    agreement = Agreement(
        from_agency_id=actor.home, to_agency_id=to_agency, data_class=data_class, purpose=purpose,
        fields=list(dict.fromkeys(fields)), basis=basis.strip()[:120], dpia_ref=dpia_ref.strip()[:40],
        starts=starts, ends=ends, begun_by=actor.me, successor_rule=successor_rule,
    )  # fmt: skip
    agreement.save(force_insert=True)
    told(actor, agreement.pk)
    return agreement


def again_with_successor(actor: Actor, agreement_id: UUID) -> Agreement:
    """By the side that still acts: the same terms with whoever took over. The database holds them to being the same."""
    guardian(actor, actor.home)
    old = policy.agreement_of(actor, agreement_id)
    found = policy.successor_of(old)
    if old.successor_rule != "passes" or found is None:
        raise RuleBroken("These terms do not pass to anybody. Write a new agreement.")
    gone, heir = found
    if heir.pk in (old.from_agency_id, old.to_agency_id):
        raise RuleBroken("The successor is the other side, so nothing is shared any more.")
    if Agreement.objects.filter(follows_id=old.pk, ended_at=None).exists():
        raise RuleBroken("This has been written again already, and waits for both signatures.")
    sides = [heir.pk if one == gone else one for one in (old.from_agency_id, old.to_agency_id)]
    made = Agreement(
        from_agency_id=sides[0], to_agency_id=sides[1], data_class=old.data_class, purpose=old.purpose,
        fields=old.fields, basis=old.basis, dpia_ref=old.dpia_ref, starts=clock.in_london(clock.now()).date(),
        ends=old.ends, successor_rule=old.successor_rule, follows_id=old.pk, begun_by=actor.me,
    )  # fmt: skip
    made.save(force_insert=True)
    told(actor, made.pk)
    return made


def _sensible(actor: Actor, to_agency: UUID, data_class: str, purpose: str, fields: Sequence[str]) -> None:
    today = clock.in_london(clock.now()).date()
    receiver = Agency.objects.filter(pk=to_agency).first()
    acts = receiver is not None and receiver.pk != actor.agency and receiver.acting_on(today) == receiver
    if not acts and not policy.usable_outside(actor, to_agency):
        raise RuleBroken("Choose another agency that acts today.", field="to_agency")
    if data_class not in asking.matrix().classes or purpose not in asking.matrix().purposes:
        raise RuleBroken("Choose what is shared and for which purpose.", field="purpose")
    if not fields or not set(fields) <= policy.projections_of(data_class):
        raise RuleBroken("Name the fields that are shared.", field="fields")


def sign_agreement(actor: Actor, agreement_id: UUID) -> Agreement:
    """Each side's guardian for their own side; the second signature makes it live inside its dates."""
    mine = guardian(actor, actor.home)
    agreement = policy.agreement_of(actor, agreement_id)
    side, other = "signed_by_from", agreement.signed_by_to
    if agreement.from_agency_id != actor.home:
        side, other = "signed_by_to", agreement.signed_by_from
    if agreement.ended_at is not None:
        raise RuleBroken("This agreement was ended. Write a new one.")
    if other in seats_of(actor):
        raise RuleBroken("You signed for the other side. Another guardian of this agency has to sign.")
    signed = Agreement.objects.filter(pk=agreement_id, **{side: None}).update(**{side: mine.pk})
    if not signed:
        raise RuleBroken("Your side has signed this already.")
    told(actor, agreement_id)
    agreement.refresh_from_db()
    if agreement.signed:
        signed_by_both(actor, agreement)
    return agreement


def signed_by_both(actor: Actor, agreement: Agreement) -> None:
    now = clock.now()
    agreement.signed_at = now
    agreement.save(update_fields=["signed_at"])
    due = reckon((rules.AGREEMENT_REVIEW,), now, trigger="signed").due_at
    for agency_id in _signing_in(agreement):
        deadlines.file(actor, agreement.pk, rule=REVIEW, due_at=due, role="data_guardian", agency_id=agency_id)


def _signing_in(agreement: Agreement) -> list[UUID]:
    """A recipient without a sign-in has nobody here to remind."""
    sides = (agreement.from_agency_id, agreement.to_agency_id)
    return list(Agency.objects.filter(pk__in=sides).values_list("pk", flat=True))


def end_agreement(actor: Actor, agreement_id: UUID) -> None:
    """Either side may, at once; the next read finds nothing."""
    guardian(actor, actor.home)
    agreement = policy.agreement_of(actor, agreement_id)
    if not Agreement.objects.filter(pk=agreement_id, ended_at=None).update(ended_at=clock.now()):
        raise RuleBroken("This agreement was ended already.")
    for agency_id in _signing_in(agreement):
        deadlines.cancel(actor, agreement_id, REVIEW, agency_id=agency_id)
    told(actor, agreement_id)


def begin(
    actor: Actor,
    subject_id: UUID,
    *,
    to_agency: UUID,
    data_class: str,
    fields: Sequence[str],
    basis: str,
    projection: str = "",
    purpose: str = "",
    answer_id: UUID | None = None,
    expires_at: datetime | None = None,
    payload_digest: str = "",
) -> Disclosure:
    """``purpose``: the recipient's, where it is another than the sender's own. It waits for a second person."""
    if not fields:
        raise RuleBroken("Name the fields: nothing is sent as a whole.", field="fields")
    if expires_at is not None and expires_at <= clock.now():
        raise RuleBroken("It would be over before it is read. Choose a later day.", field="expires_at")
    ground = grounded(actor, subject_id, to_agency, data_class, projection, basis)
    answer_id = answer_id or ground
    if not payload_digest and not set(policy.Kind(data_class, projection).fields) <= set(fields):
        raise RuleBroken("They would read more than is named. Name every field.", field="fields")
    disclosure = Disclosure(
        subject_id=subject_id, from_agency_id=actor.home, to_agency_id=to_agency, data_class=data_class,
        projection=projection, fields=list(dict.fromkeys(fields)), purpose=purpose or actor.purpose, basis=basis,
        answer_id=answer_id, initiated_by=actor.me, expires_at=expires_at, payload_digest=payload_digest,
    )  # fmt: skip
    return _begun(actor, disclosure)


def grounded(
    actor: Actor, subject_id: UUID, to_agency: UUID, data_class: str, projection: str, basis: str
) -> UUID | None:
    """What it rests on, before anything is read or written: the person's own answer, where that is the ground."""
    if basis not in BASES:
        raise RuleBroken("Name the law, or the person's consent.", field="basis")
    if not actor.holds(data_class, "D"):
        raise NotAllowed(rule="cell", reason="cell")
    if not policy.agreed(to_agency, data_class, projection):
        raise RuleBroken("There is no live agreement with the recipient today. Ask your guardian.", field="to_agency")
    _must_share(actor, subject_id, to_agency, data_class, projection)
    return _ground(subject_id, to_agency, data_class, basis)


def _ground(subject_id: UUID, to_agency: UUID, data_class: str, basis: str) -> UUID | None:
    """A yes to another recipient, or a law recorded for one, lets nothing go to this one."""
    if data_class not in OF_A_PERSON:
        return None
    ground = policy.ground_of(subject_id, to_agency, data_class, basis)
    if ground is None and basis == CONSENT:
        raise RuleBroken("The person has not said yes to this recipient. Ask them, or name a law.", field="basis")
    if ground is None:
        raise RuleBroken("This law is not recorded for this recipient. Record it first, and tell them.", field="basis")
    return ground if basis == CONSENT else None


def alert(actor: Actor, person_id: UUID, *, to_agency: UUID, basis: str) -> list[Disclosure]:
    """A child, a person who may be one, or an adult in danger: to the council at once, reviewed afterwards."""
    receiver = Agency.objects.filter(pk=to_agency).first()
    if receiver is None or receiver.kind not in COUNCILS:
        raise RuleBroken("Choose the council of the place.", field="to_agency")
    now = clock.now()
    return [
        _begun(
            actor,
            Disclosure(
                subject_id=person_id, from_agency_id=actor.home, to_agency_id=to_agency, data_class=data_class,
                projection=ALERT, fields=list(fields), purpose="support", basis=basis, at_once=True,
                initiated_by=actor.me, completed_at=now,
            ),
        )
        for data_class, fields in ALERTED.items()
    ]  # fmt: skip


def _must_share(actor: Actor, subject: UUID, to: UUID, data_class: str, projection: str) -> Decision:
    return asking.must(actor, data_class, "D", {"person": subject, "record": subject, "agency": to}, projection)


def _begun(actor: Actor, disclosure: Disclosure) -> Disclosure:
    one = disclosure
    decision = _must_share(actor, one.subject_id, one.to_agency_id, one.data_class, one.projection)
    disclosure.save(force_insert=True)
    _note(actor, disclosure, "disclosure", "D", disclosure.projection, decision.rule)
    return disclosure


def approve(actor: Actor, disclosure_id: UUID) -> Disclosure:
    """By somebody else of the sender's agency. It is sent with their yes, unless it went at once."""
    disclosure = _judged(actor, disclosure_id)
    if lacking := policy.lacks(disclosure_id):
        raise RuleBroken(f"The {lacking} that this was begun under is over. Refuse it; it can be begun anew.")
    now = clock.now()
    disclosure.approved_by, disclosure.approved_at = actor.me, now
    disclosure.completed_at = disclosure.completed_at or now
    disclosure.save(update_fields=["approved_by", "approved_at", "completed_at"])
    return disclosure


def refuse(actor: Actor, disclosure_id: UUID, *, reason: str) -> Disclosure:
    """What went at once is called back with it."""
    _known(reason)
    disclosure = _judged(actor, disclosure_id)
    disclosure.refused_at, disclosure.refusal = clock.now(), reason
    disclosure.recalled_at = disclosure.refused_at if disclosure.completed_at else None
    disclosure.save(update_fields=["refused_at", "refusal", "recalled_at"])
    if disclosure.payload_digest:
        deadlines.cancel(actor, disclosure.pk, packs.RULE)
    return disclosure


def _known(reason: str) -> None:
    if reason not in dict(rules.REFUSED_BECAUSE):
        raise RuleBroken("Say why, so that whoever asked knows what to do.", field="reason")


def _judged(actor: Actor, disclosure_id: UUID) -> Disclosure:
    disclosure = policy.own_disclosure(actor, disclosure_id)
    if disclosure.initiated_by in seats_of(actor):
        raise RuleBroken("Whoever asks cannot approve. Another guardian has to.")
    if disclosure.approved_at or disclosure.refused_at or disclosure.recalled_at:
        raise RuleBroken("This was answered or called back already.")
    about = {"record": disclosure.pk, "person": disclosure.subject_id}
    preview = policy.preview_of(disclosure.data_class)
    decision = asking.must(actor, disclosure.data_class, "A", about, preview)
    _note(actor, disclosure, "approval", "A", preview, decision.rule)
    return disclosure


def recall(actor: Actor, disclosure_id: UUID) -> Disclosure:
    """By whoever began it or a guardian of their agency; the recipient's next read finds nothing."""
    disclosure = policy.own_disclosure(actor, disclosure_id)
    if disclosure.initiated_by != actor.me:
        guardian(actor, disclosure.from_agency_id)
    if disclosure.recalled_at:
        raise RuleBroken("This was called back already.")
    disclosure.recalled_at = clock.now()
    disclosure.save(update_fields=["recalled_at"])
    _note(actor, disclosure, "alteration", "D", disclosure.projection, "recall")
    return disclosure


def _note(actor: Actor, disclosure: Disclosure, op: str, does: str, projection: str, rule: str) -> None:
    ids, rule = (disclosure.subject_id, disclosure.pk), receipts.bound(rule, disclosure)
    actor.note(Note(op, disclosure.data_class, does, projection, rule, ids, recipient=disclosure.to_agency_id))


# Somebody asks


def ask_for(actor: Actor, person_id: UUID, *, what: str, basis: str) -> Request:
    """For one kind of thing that the matrix lets this role have after a disclosure. The answer is the controller's."""
    kinds = {kind.code: kind for kind in policy.kinds_for(actor.kind, actor.purpose, frozenset({actor.role}))}
    if what not in kinds:
        raise RuleBroken("Choose what you need.", field="what")
    if basis not in BASES:
        raise RuleBroken("Name the law, or the person's consent.", field="basis")
    person = PEOPLE.one(actor, person_id, projection=NARROW.get(actor.role, ""))
    if person["controller_id"] == actor.home:
        raise RuleBroken("Your own agency keeps this. Ask whoever works with the person.", field="what")
    wanted = kinds[what]
    about: dict[str, Any] = {"person_id": person_id, "data_class": wanted.data_class, "projection": wanted.projection}
    if Request.objects.filter(from_agency_id=actor.home, refused_at=None, disclosure_id=None, **about).exists():
        raise RuleBroken("This has been asked for and waits for an answer.", field="what")
    made = Request(
        from_agency_id=actor.home, to_agency_id=person["controller_id"], purpose=actor.purpose, basis=basis,
        asked_by=actor.me, **about,
    )  # fmt: skip
    made.save(force_insert=True)
    _note_request(actor, made)
    return made


def answer_request(actor: Actor, request_id: UUID, disclosure_id: UUID | None = None, *, reason: str = "") -> Request:
    """With what was begun for it, or with a no and why."""
    if disclosure_id is None:
        _known(reason)
    asked = policy.request_of(actor, request_id)
    _may_answer(actor, asked)
    if asked.state != "waiting":
        raise RuleBroken("This was answered already.")
    asked.answered_by = actor.me
    asked.disclosure_id, asked.refused_at = disclosure_id, None if disclosure_id else clock.now()
    asked.refusal = reason
    asked.save(update_fields=["answered_by", "disclosure_id", "refused_at", "refusal"])
    _note_request(actor, asked)
    return asked


def _may_answer(actor: Actor, asked: Request) -> None:
    """Whoever could begin the disclosure."""
    if asked.to_agency_id != actor.agency or not actor.holds(asked.data_class, "D"):
        raise NotAllowed(rule="request", reason="row")


def dispute(actor: Actor, request_id: UUID) -> Request:
    """The asker thinks that the no is wrong: both guardians have until the day of the agreement to settle it."""
    asked = policy.request_of(actor, request_id)
    if asked.from_agency_id != actor.agency:
        raise NotAllowed(rule="request", reason="row")
    if asked.state != "refused":
        raise RuleBroken("Only a no can be disputed, and once.")
    asked.disputed_at = clock.now()
    asked.save(update_fields=["disputed_at"])
    due = rules.dispute_due(asked.disputed_at, bank_holidays()).due_at
    for agency_id in (asked.from_agency_id, asked.to_agency_id):
        deadlines.file(actor, asked.pk, rule=DISPUTE, due_at=due, role="data_guardian", agency_id=agency_id)
    _note_request(actor, asked)
    return asked


def _note_request(actor: Actor, asked: Request) -> None:
    ids = (asked.person_id, asked.pk)
    actor.note(
        Note("alteration", asked.data_class, "R", asked.projection, "request", ids, recipient=asked.to_agency_id)
    )
