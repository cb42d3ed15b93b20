"""What the person was told and what they answered. Every answer stays, the latest counts, care turns on none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.registries import blockers
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.ledger.doors import action
from wilberforce.survivors import lists, policy, rules
from wilberforce.survivors.models import Answer, LegalBasis, Told

from .writer import ended, written

HOME_OFFICE = "home_office_ca"
OUTSIDE = {
    HOME_OFFICE: "The Home Office bodies that decide referrals",
    "support_provider": "The support provider under the victim care contract",
    "nhs": "Health services",
    "solicitor": "A solicitor of theirs",
    "other_council": "A council that takes no part here",
    "the_person": "The person themselves, by a safe channel",
}
"""Recipients that nobody signs in for."""

CONTACT = ("contact_phone", "contact_email", "contact_post", "decision_to_other")
WHO_DECIDES = "who-decides"
Recipient = UUID | str
Row = dict[str, Any]


@dataclass(frozen=True)
class Matter:
    """What one answer is about: one says nothing about another."""

    data_class: str
    recipient: Recipient
    purpose: str

    @property
    def columns(self) -> dict[str, Any]:
        whom = self.recipient if isinstance(self.recipient, UUID) else None
        code = "" if whom else str(self.recipient)
        return {"about_class": self.data_class, "purpose": self.purpose, "recipient_id": whom, "recipient_code": code}

    def check(self) -> None:
        if self.data_class not in matrix().classes:
            raise RuleBroken("Choose what the answer is about.", field="data_class")
        if self.purpose not in matrix().purposes and self.purpose not in CONTACT:
            raise RuleBroken("Choose what it would be used for.", field="used_for")
        check_recipient(self.recipient)


def check_recipient(recipient: Recipient) -> None:
    is_agency = isinstance(recipient, UUID)
    if not (Agency.objects.filter(pk=recipient).exists() if is_agency else recipient in OUTSIDE):
        raise RuleBroken("Choose who would receive it.", field="recipient")


@action("consent", "W", about={"person": "person_id"})
def tell(
    actor: Actor,
    person_id: UUID,
    *,
    step: str,
    language: str,
    interpreter: bool,
    leaflet: str = "",
    told_at: datetime | None = None,
) -> Told:
    lists.known([step], lists.TOLD, "step")
    _their_language(actor, person_id, language)
    at = told_at or clock.now()
    if at > clock.now():
        raise RuleBroken("Telling comes before writing it down: the time is in the future.", field="told_at")
    told = Told(step=step, language=language, interpreter=interpreter, leaflet=leaflet[:20], told_at=at,
                **written(actor, person_id))  # fmt: skip
    return policy.TOLD.add(actor, told)


@action("consent", "W", about={"person": "person_id"})
def answer(
    actor: Actor,
    person_id: UUID,
    *,
    data_class: str,
    recipient: Recipient,
    purpose: str,
    answer: str,
    legal_basis: str,
    language: str,
    interpreter: bool,
    explained: str = "spoken",
    expires_at: datetime | None = None,
    sooner_because: str = "",
) -> Answer:
    """``answer`` is one of ``rules.Answer``; asking and answering at once is one step. A yes or a no comes after rest
    and information; before them only for a reason, which is kept beside it."""
    matter = Matter(data_class, recipient, purpose)
    matter.check()
    lists.known([legal_basis], lists.BASES, "legal_basis")
    _their_language(actor, person_id, language)
    if expires_at is not None and expires_at <= clock.now():
        raise RuleBroken("The answer would be over before it counts. Choose a later day.", field="expires_at")
    said = _said(answer)
    _may_follow(actor, person_id, matter, said)
    why = _after_rest(actor, person_id, said, sooner_because)
    row = Answer(
        answer=said.value, legal_basis=legal_basis, language=language, interpreter=interpreter, explained=explained,
        expires_at=expires_at, sooner_because=why, **matter.columns, **written(actor, person_id),
    )  # fmt: skip
    return policy.ANSWERS.add(actor, row)


@action("consent", "W", about={"person": "person_id"})
def withdraw(
    actor: Actor, person_id: UUID, *, data_class: str, recipient: Recipient, purpose: str, language: str = "en"
) -> Answer:
    """As easy as giving: no language, basis or reason is asked. It stops the next read by the recipient."""
    matter = Matter(data_class, recipient, purpose)
    matter.check()
    current = latest(actor, person_id, matter)
    if current not in {rules.Answer.GIVEN, rules.Answer.NOT_ASKED}:
        raise RuleBroken(f"There is no yes to take back: the latest answer is {current}.", field="answer")
    row = Answer(
        answer=rules.Answer.WITHDRAWN.value, legal_basis="consent", language=language, interpreter=False,
        explained="spoken", **matter.columns, **written(actor, person_id),
    )  # fmt: skip
    return policy.ANSWERS.add(actor, row)


@action("consent", "W", about={"person": "person_id"})
def record_legal_basis(
    actor: Actor,
    person_id: UUID,
    *,
    basis: str,
    data_classes: Sequence[str],
    recipient: Recipient,
    person_agrees: str,
    told: bool,
    unsafe_to_tell: bool = False,
    ends_at: datetime | None = None,
) -> LegalBasis:
    """The person is told, unless that is unsafe; whether they agree stands beside the basis, never instead of it."""
    lists.known([basis], lists.BASES, "basis")
    if not data_classes or not set(data_classes) <= set(matrix().classes):
        raise RuleBroken("Choose what the law lets go.", field="data_classes")
    if not told and not unsafe_to_tell:
        raise RuleBroken("Tell the person first, or say that telling them is unsafe.", field="told")
    check_recipient(recipient)
    whom = recipient if isinstance(recipient, UUID) else None
    row = LegalBasis(
        basis=basis, about_classes=list(data_classes), recipient_id=whom, recipient_code="" if whom else str(recipient),
        person_agrees=person_agrees, told_at=clock.now() if told else None, unsafe_to_tell=unsafe_to_tell,
        ends_at=ends_at, **written(actor, person_id),
    )  # fmt: skip
    return policy.LEGAL_BASES.add(actor, row)


@action("consent", "W", about={"person": "person_id"})
def end_legal_basis(actor: Actor, person_id: UUID, basis_id: UUID, *, why: str) -> LegalBasis:
    """It was wrong, or is over: nothing goes on it from now on. That it was given stays."""
    held = policy.LEGAL_BASES.one(actor, basis_id)
    if held["person_id"] != person_id:
        raise NotAllowed(rule="row", reason="row")
    if held["ends_at"] and held["ends_at"] <= clock.now():
        raise RuleBroken("It has ended already.")
    return policy.LEGAL_BASES.change(actor, basis_id, {"ends_at": clock.now(), **ended(actor, why)})


def _said(text: str) -> rules.Answer:
    try:
        said = rules.Answer(text)
    except ValueError:
        raise RuleBroken("Choose an answer. Not now is one of them.", field="answer") from None
    if said in {rules.Answer.NOT_ASKED, rules.Answer.WITHDRAWN}:
        raise RuleBroken(
            "Choose asked, not now, declined or given; a yes is taken back by withdrawing.", field="answer"
        )
    return said


def _may_follow(actor: Actor, person_id: UUID, matter: Matter, said: rules.Answer) -> None:
    current = latest(actor, person_id, matter)
    if current is rules.Answer.NOT_ASKED and said is not rules.Answer.ASKED:
        current = rules.Answer.ASKED
    if not rules.may_become(current, said):
        raise RuleBroken(f"The latest answer is {current}; after that comes {_next(current)}.", field="answer")
    referral = matter.purpose == "nrm" and matter.recipient == HOME_OFFICE and said is rules.Answer.GIVEN
    if referral and not policy.TOLD.many(actor, Q(person_id=person_id, step=WHO_DECIDES), limit=1):
        sentence = "Tell them first which Home Office bodies decide, and write down that you did."
        raise RuleBroken(sentence, field="answer")


def _after_rest(actor: Actor, person_id: UUID, said: rules.Answer, because: str) -> str:
    """The reason to keep, if one was needed. Asking and "not now" wait for nothing; nor does taking a yes back."""
    waits = blockers("survivors.answer", actor, person_id) if said in rules.DECIDES else []
    if waits and not because.strip():
        raise RuleBroken(f"{' '.join(waits)} If they must decide now, write why.", field="sooner_because")
    return because.strip() if waits else ""


def _next(current: rules.Answer) -> str:
    return " or ".join(sorted(rules.TRANSITIONS[current]))


def latest(actor: Actor, person_id: UUID, matter: Matter) -> rules.Answer:
    """Among the answers that this actor may see."""
    where = Q(person_id=person_id, **matter.columns)
    found = policy.ANSWERS.many(actor, where, order_by=("-recorded_at", "-id"), limit=1)
    return rules.Answer(found[0]["answer"]) if found else rules.Answer.NOT_ASKED


def _their_language(actor: Actor, person_id: UUID, language: str) -> None:
    lists.known([language], LANGUAGES, "language")
    if not actor.holds("person_ref", "R"):
        return
    for person in policy.PEOPLE.many(actor, Q(pk=person_id), limit=1):
        if language not in person["languages"]:
            sentence = "This is not one of their languages. Use one of theirs, or add it to their record first."
            raise RuleBroken(sentence, field="language")


def counting(answers: Iterable[Row]) -> list[Row]:
    """Only the latest of each matter, of rows with the newest first."""
    seen: dict[tuple[Any, ...], Row] = {}
    for row in answers:
        seen.setdefault((row["about_class"], row["recipient_id"], row["recipient_code"], row["purpose"]), row)
    return list(seen.values())
