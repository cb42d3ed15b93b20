"""Recipients that nobody signs in for: a key heard by voice, an agreement signed on paper, a sealed pack."""

import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pyrage
from django.db import connection

from wilberforce.access import asking
from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Row
from wilberforce.access.together import read_back
from wilberforce.agencies.policy import guardian, told
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.sealed import Place, open_sealed, seal
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.deadlines.rules import reckon

from . import actions, policy, receipts, rules
from .models import Agreement, Disclosure, Outsider, Pack
from .rules import packs
from .spoken import worded
from .withdrawals import RULE as TELL

KIND = "wilberforce-pack@v1"
OVER = "This pack is over: it was handed over, called back, refused or has expired."


def introduce(actor: Actor, *, code: str, name: str, reached: str, public_key: str) -> Outsider:
    """By a guardian. Nothing goes to it before somebody has heard its fingerprint."""
    guardian(actor, actor.home)
    if code not in packs.KINDS:
        raise RuleBroken("Choose what kind of recipient it is.", field="code")
    try:
        pyrage.x25519.Recipient.from_str(public_key)
    except pyrage.RecipientError:
        raise RuleBroken("This is no age public key. It begins with age1.", field="public_key") from None
    made = Outsider(
        agency_id=actor.home, code=code, name=name.strip(), reached=reached.strip(), public_key=public_key,
        made_by=actor.me,
    )  # fmt: skip
    made.save(force_insert=True)
    told(actor, made.pk)
    return made


def heard(actor: Actor, outsider_id: UUID, *, number_from: str) -> None:
    """They read out their fingerprint, on a number that did not come with the key."""
    guardian(actor, actor.home)
    policy.outsider_of(actor, outsider_id)
    if number_from not in dict(packs.NUMBER_FROM):
        raise RuleBroken("Say where their number came from.", field="number_from")
    said = {"checked_by": actor.me, "checked_at": clock.now(), "number_from": number_from}
    if not Outsider.objects.filter(pk=outsider_id, checked_at=None, ended_at=None).update(**said):
        raise RuleBroken("This key was checked already, or is no longer used.")
    told(actor, outsider_id)


def give_up(actor: Actor, outsider_id: UUID) -> None:
    """The key is lost, or nothing more goes there: from now on nothing does. A new key is a new recipient."""
    guardian(actor, actor.home)
    policy.outsider_of(actor, outsider_id)
    if not Outsider.objects.filter(pk=outsider_id, ended_at=None).update(ended_at=clock.now()):
        raise RuleBroken("Nothing goes to this recipient already.")
    told(actor, outsider_id)


def signed_on_paper(actor: Actor, agreement_id: UUID, *, office: str, on: date) -> Agreement:
    """Our guardian has the recipient's signature before them."""
    guardian(actor, actor.home)
    agreement = policy.agreement_of(actor, agreement_id)
    if not policy.usable_outside(actor, agreement.to_agency_id):
        raise NotAllowed(rule="agreement", reason="row")
    if on > clock.in_london(clock.now()).date():
        raise RuleBroken("This day has not come yet.", field="on")
    signed: dict[str, Any] = {"signed_by_to": agreement.to_agency_id, "paper_by": office.strip(), "paper_on": on}
    if not Agreement.objects.filter(pk=agreement_id, signed_by_to=None, ended_at=None).update(**signed):
        raise RuleBroken("Their signature is written down already, or the agreement was ended.")
    told(actor, agreement_id)
    agreement.refresh_from_db()
    if agreement.signed:
        actions.signed_by_both(actor, agreement)
    return agreement


def begin(
    actor: Actor,
    person_id: UUID,
    *,
    to: Outsider,
    kind: policy.Kind,
    fields: Sequence[str],
    basis: str,
    until: datetime,
) -> Disclosure:
    """What would go is fixed now, byte by byte: the guardian sees exactly this, and nothing else can be sent."""
    if not to.usable or not fields or not set(fields) <= set(kind.fields):
        raise RuleBroken("Choose what goes, and to whom.", field="what")
    actions.grounded(actor, person_id, to.pk, kind.data_class, kind.projection, basis)
    text = _composed(_to_go(actor, person_id, to, kind, fields, basis), kind, fields, until)
    begun = actions.begin(
        actor, person_id, to_agency=to.pk, data_class=kind.data_class, projection=kind.projection, fields=fields,
        basis=basis, expires_at=until, payload_digest=sha256(text.encode()).hexdigest(),
    )  # fmt: skip
    packed(actor, begun, text)
    return begun


def packed(actor: Actor, begun: Disclosure, text: str) -> None:
    """Sealed here until it is handed over, and no longer than its time."""
    made = Pack(disclosure_id=begun.pk, agency_id=actor.home, made_by=actor.me)
    made.over_at = packs.kept_until(made.made_at, begun.expires_at)
    made.payload = seal(text, _place(made, begun))
    made.save(force_insert=True)
    deadlines.file(actor, begun.pk, rule=packs.RULE, due_at=made.over_at, role=actor.role)


def drop_over(actor: Actor) -> int:
    """By the machine: the bytes that nobody handed over in time go, and can't be had again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT disclosure_id, subject_id, agency_id, data_class FROM sharing_drop_packs()")
        dropped = cursor.fetchall()
    for disclosure, subject, agency, data_class in dropped:
        deadlines.cancel(actor, disclosure, packs.RULE, agency_id=agency)
        actor.note(Note("erasure", data_class, "W", "", "pack-over", (subject, disclosure)))
    return len(dropped)


def _to_go(
    actor: Actor, person_id: UUID, to: Outsider, kind: policy.Kind, fields: Sequence[str], basis: str
) -> list[Row]:
    """The database hands out the named columns, to whoever may send them and works with the person."""
    table = next(one for one in kind.tables if "person" in one.subjects)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sharing_to_pack(%s, %s, %s, %s, %s, %s)",
            [person_id, to.pk, table.table, kind.projection, basis, list(fields)],
        )
        rows = [read_back(table, json.loads(row[0])) for row in cursor.fetchall()]
    if not rows:
        raise RuleBroken("There is nothing of this kind to send.", field="what")
    rule, ids = actor.rules_for(kind.data_class, "D"), tuple(row["id"] for row in rows)
    actor.note(
        Note("consultation", kind.data_class, "D", kind.projection, rule, ids, recipient=to.pk, people=(person_id,))
    )
    return rows


def _composed(rows: list[Row], kind: policy.Kind, fields: Sequence[str], until: datetime) -> str:
    """``salt``: nobody can guess the content from its digest."""
    records = [{name: worded(name, row[name]) for name in sorted(fields)} for row in rows]
    written = {"what": kind.words, "delete_by": until, "records": records, "salt": secrets.token_hex(16)}
    return json.dumps(written, indent=1, ensure_ascii=False, default=str) + "\n"


def place_of(pack: UUID, agency: UUID, data_class: str) -> Place:
    return Place(data_class, pack, "payload", agency)


def _place(pack: Pack, one: Disclosure) -> Place:
    return place_of(pack.pk, pack.agency_id, one.data_class)


def _opened(one: Disclosure) -> tuple[Pack, str]:
    pack = policy.pack_of(one)
    if pack is None or not pack.payload or is_over(one) or (pack.over_at and pack.over_at <= clock.now()):
        raise RuleBroken(OVER)
    text = open_sealed(bytes(pack.payload), _place(pack, one))
    if sha256(text.encode()).hexdigest() != one.payload_digest:
        raise RuleBroken("These are not the bytes that were begun. Call it back and tell your administrator.")
    return pack, text


def preview(actor: Actor, one: Disclosure) -> str:
    """Exactly what would go, for the second person or for whoever began it."""
    if one.initiated_by == actor.me:
        rule, does, projection = _still_may(actor, one), "D", one.projection
    else:
        does, projection = "A", policy.preview_of(one.data_class)
        about = {"record": one.pk, "person": one.subject_id}
        rule = asking.must(actor, one.data_class, "A", about, projection).rule
    text = _opened(one)[1]
    ids = (one.subject_id, one.pk)
    actor.note(Note("consultation", one.data_class, does, projection, rule, ids, recipient=one.to_agency_id))
    return text


def _still_may(actor: Actor, one: Disclosure) -> str:
    if one.projection == policy.LETTER:
        return policy.must_be_of_the_case(one)
    about = {"person": one.subject_id, "record": one.subject_id, "agency": one.to_agency_id}
    return asking.must(actor, one.data_class, "D", about, one.projection).rule


def sealed_pack(actor: Actor, disclosure_id: UUID) -> bytes:
    """Opens with the recipient's key alone: the bytes that were approved, and their receipt."""
    one = policy.own_disclosure(actor, disclosure_id)
    if one.initiated_by != actor.me or not one.completed_at:
        raise NotAllowed(rule="disclosure", reason="row")
    giver, to = policy.giver_and_outsider(actor, one.to_agency_id)
    if not to.usable:
        raise RuleBroken("The key of this recipient is no longer used. Ask your guardian.")
    rule = _still_may(actor, one)
    pack, text = _opened(one)
    found = receipts.proven(one)
    if not all(entry.covered for entry in found.entries):
        raise RuleBroken("Its receipt is not under a checkpoint yet. Try again in a minute or two.")
    receipt = json.loads(receipts.written(one, (giver, to.name), found))
    Pack.objects.filter(pk=pack.pk, taken_at=None).update(taken_at=clock.now())
    _note(actor, one, rule)
    whole = {"kind": KIND, "payload": text, "receipt": receipt}
    written = json.dumps(whole, indent=1, ensure_ascii=False).encode()
    return bytes(pyrage.encrypt(written, [pyrage.x25519.Recipient.from_str(to.public_key)]))


def handed_over(actor: Actor, disclosure_id: UUID) -> None:
    """It is theirs now; the readable bytes are kept here no longer."""
    one = policy.own_disclosure(actor, disclosure_id)
    if one.initiated_by != actor.me:
        raise NotAllowed(rule="disclosure", reason="row")
    said = {"handed_at": clock.now(), "payload": b""}
    taken = Pack.objects.filter(disclosure_id=one.pk, handed_at=None, taken_at__isnull=False)
    if not taken.update(**said):
        raise RuleBroken("Download it first. If you did, this was written down already.")
    deadlines.meet(actor, one.pk, packs.RULE)
    _note(actor, one, "handed")


def recall(actor: Actor, disclosure_id: UUID) -> Disclosure:
    """A pack that was taken can't be undone: the guardian tells its holder."""
    one = actions.recall(actor, disclosure_id)
    deadlines.cancel(actor, one.pk, packs.RULE)
    pack = policy.pack_of(one)
    if pack and pack.taken_at:
        due = reckon((rules.WITHDRAWN,), clock.now(), bank_holidays(), "withdrawn").due_at
        deadlines.file(actor, one.pk, rule=TELL, due_at=due, role="data_guardian", agency_id=one.from_agency_id)
    return one


def holder_told(actor: Actor, disclosure_id: UUID) -> None:
    guardian(actor, actor.home)
    one = policy.own_disclosure(actor, disclosure_id)
    said = {"told_at": clock.now(), "told_by": actor.me}
    taken = Pack.objects.filter(disclosure_id=one.pk, told_at=None, taken_at__isnull=False)
    if not is_over(one) or not taken.update(**said):
        raise NotAllowed(rule="disclosure", reason="row")
    _note(actor, one, "holder-told")


def holder_answered(actor: Actor, disclosure_id: UUID, *, gone: str) -> None:
    """What the holder says became of it. That ends the guardian's task."""
    guardian(actor, actor.home)
    one = policy.own_disclosure(actor, disclosure_id)
    said = {"gone": gone, "gone_at": clock.now(), "gone_by": actor.me}
    if not Pack.objects.filter(disclosure_id=one.pk, gone_at=None, told_at__isnull=False).update(**said):
        raise NotAllowed(rule="disclosure", reason="row")
    if Deadline.objects.filter(OPEN, subject_id=one.pk, rule=TELL, agency_id=actor.home).exists():
        deadlines.meet(actor, one.pk, TELL)
    _note(actor, one, "holder-answered")


def is_over(one: Disclosure) -> bool:
    expired = one.expires_at is not None and one.expires_at <= clock.now()
    return expired or one.recalled_at is not None or one.refused_at is not None


def _note(actor: Actor, one: Disclosure, rule: str) -> None:
    """Beside the entries of the receipt, which stays what the two sides agreed on."""
    ids = (one.subject_id, one.pk)
    bound = receipts.bound(rule, one)
    actor.note(Note("consultation", one.data_class, "D", one.projection, bound, ids, recipient=one.to_agency_id))
