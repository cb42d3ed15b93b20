"""A victim information request to a keeper without a sign-in: a hospital, a council, a firm.

It goes as a letter, sealed to their key once our own guardian has seen its bytes. What they answer is written down, and
comes outside the system."""

import json
import secrets
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken

from . import outside, policy
from .models import Disclosure, VictimRequest
from .rules import material

DEALT_WITH = (
    "Read by the officers of this case alone, kept as material of the case, and shown to the prosecutor and the "
    "defence only where the law requires it. You may answer with less, or refuse and say why."
)


def write(actor: Actor, one: VictimRequest, *, called: str, words: dict[str, str]) -> Disclosure:
    """What is sought, why, and how it is dealt with (s.44C). ``called``: whom it is about, in the keeper's words."""
    if not called.strip():
        raise RuleBroken("Say whom it is about, as they know them. It stands in the letter alone.", field="called")
    to = policy.outsider_of(actor, one.to_agency_id)
    if not to.usable:
        raise RuleBroken("The key of this recipient is no longer used. Ask your guardian.", field="called")
    text = _composed(one, called.strip(), words)
    begun = Disclosure(
        subject_id=one.pk, from_agency_id=actor.home, to_agency_id=to.pk, data_class=one.data_class,
        projection=policy.LETTER, fields=["letter"], purpose=actor.purpose, basis="victim-information-request",
        initiated_by=actor.me, expires_at=clock.now() + timedelta(days=material.LONGEST.value.count),
        payload_digest=sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    begun.save(force_insert=True)
    outside.packed(actor, begun, text)
    return begun


def _composed(one: VictimRequest, called: str, words: dict[str, str]) -> str:
    letter = {
        "what": "Victim information request, Police, Crime, Sentencing and Courts Act 2022 s.44A to 44C",
        "about": called,
        "our_reference": one.reference,
        "asked_for": one.get_data_class_display(),
        "counselling_records": "asked for" if one.counselling else "not asked for",
        "from_day": one.covers_from,
        "until_day": one.covers_to,
        "line_of_enquiry": words["line"],
        "why_necessary": words["necessary"],
        "why_this_much": words["proportionate"],
        "what_else_was_considered": words["alternatives"],
        "substantial_probative_value": words["probative"],
        "how_it_will_be_dealt_with": DEALT_WITH,
        "notice": _noticed(one),
        "salt": secrets.token_hex(16),
    }
    return (
        json.dumps(
            {name: said for name, said in letter.items() if said != ""}, indent=1, ensure_ascii=False, default=str
        )
        + "\n"
    )


def _noticed(one: VictimRequest) -> str:
    if one.noticed_at:
        return f"Given to: {one.get_given_to_display()}."
    return f"Not given for now: {one.get_ground_display()}. Do not speak of this request to the person."


def call_back(actor: Actor, letter_id: UUID) -> None:
    """Whoever wrote it, with the request; of one that was handed over our guardian tells its holder."""
    letter = policy.disclosure_of(actor, letter_id)
    if letter.recalled_at or letter.refused_at:
        return
    if letter.initiated_by != actor.me:
        raise RuleBroken("Whoever wrote the letter, or your guardian, calls it back first.")
    outside.recall(actor, letter_id)
