"""What can happen: cut, draft, send for approval, approve, correct, withdraw; and ask for updates, confirm, leave."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import Conflict, RuleBroken
from wilberforce.base.keyring import keyring
from wilberforce.base.pictures import drawn_anew
from wilberforce.ledger.doors import action

from . import policy, rules
from .lists import patterns
from .models import Approval, Bulletin, FactSheet, Guard, Picture, Subscriber


@action("release", "W", about={"operation": "operation_id"}, projection="fact_sheet")
def cut_fact_sheet(
    actor: Actor,
    operation_id: UUID,
    *,
    facts: str,
    places: Sequence[str],
    counts: Mapping[str, Sequence[int]],
    arrested_ages: Sequence[int],
    doors_in: bool,
    never: Mapping[str, Sequence[str]],
) -> FactSheet:
    """``never``: the names, streets and centre words that must not appear, sealed apart from the sheet."""
    sheet = FactSheet(
        controller_id=actor.home,
        operation_id=operation_id,
        cut_by=actor.me,
        facts=facts,
        places=list(places),
        counts={word: list(figures) for word, figures in counts.items()},
        arrested_ages=list(arrested_ages),
        doors_in=doors_in,
    )
    sealed = {kind: json.dumps(list(never.get(kind, ()))) for kind in ("names", "streets", "centre")}
    guard = Guard(id=sheet.pk, controller_id=actor.home, operation_id=operation_id, **sealed)
    policy.GUARDS.add(actor, guard, projection="fact_sheet")
    return policy.FACT_SHEETS.add(actor, sheet, projection="fact_sheet")


def all_doors_are_in(actor: Actor, sheet_id: UUID) -> FactSheet:
    """What was written from it may be sent for approval from now on."""
    sheet = _still_holds(actor, sheet_id)
    return change_facts(actor, sheet["operation_id"], sheet_id=sheet_id, changes={"doors_in": True})


def take_back_facts(actor: Actor, sheet_id: UUID, *, why: str) -> FactSheet:
    """They are wrong, or would give somebody away: what was not out yet is withdrawn with them, by the database."""
    sheet = _still_holds(actor, sheet_id)
    changes = {"ended_at": clock.now(), "why_ended": reason(why)}
    return change_facts(actor, sheet["operation_id"], sheet_id=sheet_id, changes=changes)


@action("release", "W", about={"operation": "operation_id"}, projection="fact_sheet")
def change_facts(actor: Actor, operation_id: UUID, *, sheet_id: UUID, changes: Mapping[str, object]) -> FactSheet:
    return policy.FACT_SHEETS.change(actor, sheet_id, changes, projection="fact_sheet")


def _still_holds(actor: Actor, sheet_id: UUID) -> Row:
    sheet = policy.FACT_SHEETS.one(actor, sheet_id, projection="fact_sheet")
    if sheet["ended_at"]:
        raise RuleBroken("The commander took these facts back. Nothing more is written from them.")
    return sheet


@action("release", "W", about={"agency": "agency"}, projection="draft")
def draft(actor: Actor, fact_sheet_id: UUID, *, title: str, text: str, agency: UUID | None = None) -> Bulletin:
    return _begun(actor, _still_holds(actor, fact_sheet_id), title=title, text=text)


def _begun(actor: Actor, sheet: Row, *, corrects: UUID | None = None, **said: str) -> Bulletin:
    _refuse(actor, sheet, **said)
    bulletin = Bulletin(
        controller_id=actor.home,
        operation_id=sheet["operation_id"],
        fact_sheet_id=sheet["id"],
        cut_by=sheet["cut_by"],
        drafted_by=actor.me,
        corrects=corrects,
        **said,
    )
    return policy.BULLETINS.add(actor, bulletin, projection="draft")


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def correct(actor: Actor, bulletin_id: UUID, *, title: str, text: str, correction: str) -> Bulletin:
    """A new text for what is published. It is approved as every bulletin is, and then stands in the old one's place:
    at its address, in the feed and in the next letter, with what was wrong."""
    wrong = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    if wrong["released_at"] is None:
        raise RuleBroken("This bulletin is not published. Change it as it stands.")
    if correction_of(actor, bulletin_id):
        raise RuleBroken("There is a correction of it already. Open it among your bulletins.")
    sheet = facts_for(actor, wrong)
    if sheet["ended_at"]:
        raise RuleBroken("The commander took these facts back. Ask for a new fact sheet, then correct it from that.")
    made = _begun(actor, sheet, corrects=bulletin_id, title=title, text=text, correction=correction)
    if wrong["picture_id"]:
        jpeg = policy.PICTURES.one(actor, wrong["picture_id"], projection="draft")["jpeg"]
        picture = Picture(controller_id=actor.home, bulletin_id=made.pk, jpeg=jpeg)
        policy.PICTURES.add(actor, picture, projection="draft")
        same = {name: wrong[name] for name in policy.PICTURED} | {"picture_id": picture.pk}
        policy.BULLETINS.change(actor, made.pk, same, version=made.version, projection="draft")
    return made


def correction_of(actor: Actor, bulletin_id: UUID) -> list[Row]:
    return policy.BULLETINS.many(actor, Q(corrects=bulletin_id, withdrawn_at=None), projection="draft", limit=1)


def facts_for(actor: Actor, bulletin: Row) -> Row:
    """The sheet that a bulletin rests on; if that was taken back and another was cut since, the newest."""
    sheet = policy.FACT_SHEETS.one(actor, bulletin["fact_sheet_id"], projection="fact_sheet")
    if not sheet["ended_at"]:
        return sheet
    standing = Q(operation_id=sheet["operation_id"], ended_at=None)
    newer = policy.FACT_SHEETS.many(actor, standing, projection="fact_sheet", order_by=("-cut_at",), limit=1)
    return newer[0] if newer else sheet


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def redraft(
    actor: Actor, bulletin_id: UUID, *, title: str, text: str, version: int, correction: str = "", why: str = ""
) -> Bulletin:
    """A new version: approvals of the old one no longer count."""
    said = {"title": title, "text": text, "correction": correction}
    bulletin = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    _not_out(bulletin)
    sheet = policy.FACT_SHEETS.one(actor, bulletin["fact_sheet_id"], projection="fact_sheet")
    _refuse(actor, sheet, **said)
    return _rewritten(actor, bulletin_id, said, version, why)


def _rewritten(actor: Actor, bulletin_id: UUID, changes: Mapping[str, object], version: int, why: str = "") -> Bulletin:
    """It goes for approval anew."""
    return corrected(
        actor, policy.BULLETINS, policy.FORMER_BULLETINS, bulletin_id, {**changes, "submitted_at": None},
        version=version, why=why, projection="draft",
    )  # fmt: skip


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def illustrate(actor: Actor, bulletin_id: UUID, *, alt: str, version: int, raw: bytes = b"") -> Bulletin:
    """A new version, as a new text is one. Without ``raw`` the picture stays and only its description changes."""
    bulletin = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    _not_out(bulletin)
    if not raw and not bulletin["picture_id"]:
        raise RuleBroken("Choose a picture.", field="picture")
    sheet = policy.FACT_SHEETS.one(actor, bulletin["fact_sheet_id"], projection="fact_sheet")
    _refuse(actor, sheet, alt=alt)
    changes: dict[str, object] = {"picture_alt": alt}
    if raw:
        drawn = drawn_anew(raw)
        picture = Picture(controller_id=actor.home, bulletin_id=bulletin_id, jpeg=drawn.jpeg)
        policy.PICTURES.add(actor, picture, projection="draft")
        size = {"picture_width": drawn.width, "picture_height": drawn.height, "picture_bytes": len(drawn.jpeg)}
        changes |= {"picture_id": picture.pk, **size}
    return _rewritten(actor, bulletin_id, changes, version)


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def without_picture(actor: Actor, bulletin_id: UUID, *, version: int) -> Bulletin:
    _not_out(policy.BULLETINS.one(actor, bulletin_id, projection="draft"))
    none = dict.fromkeys(("picture_width", "picture_height", "picture_bytes"), 0)
    return _rewritten(actor, bulletin_id, {"picture_id": None, "picture_alt": "", **none}, version)


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def submit(actor: Actor, bulletin_id: UUID, *, version: int, embargo_until: datetime | None = None) -> Bulletin:
    bulletin = policy.BULLETINS.one(actor, bulletin_id, projection="draft")
    _not_out(bulletin)
    sheet = policy.FACT_SHEETS.one(actor, bulletin["fact_sheet_id"], projection="fact_sheet")
    if not sheet["doors_in"]:
        raise RuleBroken("A site has not been entered yet. Wait until the commander says that all doors are in.")
    if embargo_until and bulletin["corrects"]:
        raise RuleBroken("A correction goes out as soon as two people have said yes.", field="embargo_until")
    _refuse(actor, sheet, **{name: bulletin[name] for name in ("title", "text", "correction", "picture_alt")})
    changes = {"submitted_at": clock.now(), "embargo_until": embargo_until}
    return policy.BULLETINS.change(actor, bulletin_id, changes, version=version, projection="draft")


@action("release", "A", about={"release": "bulletin_id"})
def answer(actor: Actor, bulletin_id: UUID, *, yes: bool, reason: str = "", version: int | None = None) -> Approval:
    """The second yes of another agency lets it out: the database sets the moment. A yes is to the text as read."""
    bulletin = policy.BULLETINS.one(actor, bulletin_id)
    if version is not None and version != bulletin["version"]:
        raise Conflict(theirs={name: bulletin[name] for name in ("title", "text", "picture_alt", "version")})
    if not yes and not reason.strip():
        raise RuleBroken("Say what would give a person away, so that the writer can mend it.", field="reason")
    return policy.APPROVALS.add(
        actor,
        Approval(
            controller_id=actor.home,
            bulletin_id=bulletin_id,
            bulletin_version=bulletin["version"],
            membership_id=actor.me,
            yes=yes,
            reason=reason,
        ),
    )


@action("release", "W", about={"release": "bulletin_id"}, projection="draft")
def withdraw(actor: Actor, bulletin_id: UUID, *, version: int, why: str = "") -> Bulletin:
    """Off the public page at once; what others copied can't be called back."""
    if policy.BULLETINS.one(actor, bulletin_id, projection="draft")["withdrawn_at"]:
        raise RuleBroken("This bulletin is withdrawn already.")
    return corrected(
        actor, policy.BULLETINS, policy.FORMER_BULLETINS, bulletin_id, {"withdrawn_at": clock.now()},
        version=version, why=why, projection="draft",
    )  # fmt: skip


def _not_out(bulletin: Row) -> None:
    if bulletin["released_at"] is not None:
        raise RuleBroken("This bulletin is published. Correct it, or withdraw it.")
    if bulletin["withdrawn_at"] is not None:
        raise RuleBroken("This bulletin is withdrawn. Write a new one.")


def _refuse(actor: Actor, sheet: Row, **written: str) -> None:
    """Raises RuleBroken with the first thing in what is written that would give somebody away."""
    guard = policy.GUARDS.one(actor, sheet["id"], projection="fact_sheet")
    facts = rules.BulletinFacts(
        counts={word: frozenset(figures) for word, figures in sheet["counts"].items()},
        arrested_ages=frozenset(sheet["arrested_ages"]),
        places=frozenset(sheet["places"]),
        names=frozenset(json.loads(guard["names"])),
        streets=frozenset(json.loads(guard["streets"])),
        centre_terms=frozenset(json.loads(guard["centre"])),
    )
    for field, words in written.items():
        if found := rules.refusals(words, facts, patterns()):
            start, end = found[0].excerpt_span
            raise RuleBroken(f"“{words[start:end]}”: {found[0].reason}", field=field)


@action("subscriber", "W", projection="request")
def ask_for_updates(
    actor: Actor, *, address: str, area: str = "", network: bytes = b"", language: str = "en-gb"
) -> Subscriber:
    """The sender writes to the address; until its owner confirms, nothing else is ever sent there."""
    clean = rules.clean_address(address)
    if not clean:
        raise RuleBroken("Enter an e-mail address, such as name@example.org.", field="address", code="invalid")
    asked = Subscriber(
        address=clean,
        area=area,
        language=language,
        same_address=mark("addresses", clean.lower()),
        same_network=network,
        asked_at=clock.now(),
    )
    return policy.SUBSCRIBERS.add(actor, asked, projection="request")


def mark(kind: str, of: str) -> bytes:
    """Equal for equal words, and without our key nothing at all: so that nobody is written to twice a day."""
    return hmac.new(keyring().secret(f"subscriber {kind}"), of.encode(), sha256).digest()


def network_of(address: str) -> bytes:
    """A household's or an office's network of today; tomorrow the same network has another mark."""
    asking = ip_address(address)
    network = ip_network((asking, 24 if asking.version == 4 else 56), strict=False)
    return mark("networks", f"{clock.now():%Y-%m-%d} {network}")


def too_many(network: bytes) -> bool:
    """More requests in the last hour than people who would ask: then whoever asks is told to try again later."""
    each, everybody = rules.REQUESTS_AN_HOUR.value
    with connection.cursor() as cursor:
        cursor.execute("SELECT press_too_many(%s, %s, %s)", [network, each, everybody])
        row = cursor.fetchone()
    return bool(row and row[0])


@action("subscriber", "W", about={"record": "subscriber_id"}, projection="own_subscription")
def confirm(actor: Actor, subscriber_id: UUID) -> Subscriber:
    changes = {"confirmed_at": clock.now(), "ended_at": None}
    return policy.SUBSCRIBERS.change(actor, subscriber_id, changes, projection="own_subscription")


@action("subscriber", "W", about={"record": "subscriber_id"}, projection="own_subscription")
def leave(actor: Actor, subscriber_id: UUID) -> Subscriber:
    changes = {"ended_at": clock.now()}
    return policy.SUBSCRIBERS.change(actor, subscriber_id, changes, projection="own_subscription")


def show_code(code: str) -> None:
    """Tell the database which code was shown; it lets the holder at their own subscription, for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('wb.receipt', %s, true)", [sha256(code.encode()).hexdigest()])


def own_subscription(actor: Actor, code: str) -> Row | None:
    """None whether the code is wrong or the subscription is gone."""
    show_code(code)
    found = policy.SUBSCRIBERS.many(actor, projection="own_subscription", limit=1)
    return found[0] if found else None
