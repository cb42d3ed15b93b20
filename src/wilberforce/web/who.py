"""Who saw this, and who could have? Of a person or an operation by its reference: what a breach turns on first.

The ledger keeps pseudonyms, so the records are named first and their pseudonyms made where the key is. The entries are
read through once, on every core: that takes seconds for ten million of them, and no index that each page would pay for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Note
from wilberforce.agencies.models import Agency, Membership
from wilberforce.base.ids import random_id
from wilberforce.ledger import leaves
from wilberforce.ledger.sequencer import Connection

SAW = """
SELECT at, op, actor, controller_id, role, purpose, subject_class, projection, rule, allowed, recipient_id
FROM ledger_leaf WHERE objects_seen && %s::uuid[] ORDER BY at
"""
COULD = "SELECT membership_id, agency_id, how, since, until FROM web_could_see(%s)"
Row = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """``saw``: entries of the ledger, the oldest first. ``could``: relations that opened it, with their dates."""

    records: int
    saw: list[Row] = field(default_factory=list)
    could: list[Row] = field(default_factory=list)


def saw(at: Connection, records: Sequence[UUID]) -> list[Row]:
    """Every entry in which one of the records was read, written, refused or disclosed."""
    return at.execute(SAW, [[leaves.pseudonym(record) for record in records]]).fetchall()


def answer(at: Connection, reference: str) -> Answer:
    """Asking is an entry of its own."""
    named = at.execute("SELECT web_records_of(%s) AS id", [reference.strip().upper()]).fetchall()
    records = list(dict.fromkeys(row["id"] for row in named))
    leaves.write(None, [Note("consultation", "audit", "R", "", "operator", tuple(records))], random_id())
    if not records:
        return Answer(0)
    agencies = {agency.pk: agency.short_name for agency in Agency.objects.all()}
    members = {member.pk: member for member in Membership.objects.select_related("user", "agency")}
    marks = {leaves.pseudonym(pk): str(member) for pk, member in members.items()}
    seen = [_entry(row, marks, agencies) for row in saw(at, records)]
    could = at.execute(COULD, [reference.strip().upper()]).fetchall()
    return Answer(len(records), seen, [_relation(row, members, agencies) for row in could])


def _entry(row: Row, marks: dict[UUID, str], agencies: dict[UUID, str]) -> Row:
    known = ("op", "role", "purpose", "subject_class", "projection", "rule", "allowed")
    who = marks.get(row["actor"], "nobody signed in")
    return {"at": _said(row["at"]), "who": who, "recipient": agencies.get(row["recipient_id"], "")} | {
        name: row[name] for name in known
    }


def _relation(row: Row, members: dict[UUID, Membership], agencies: dict[UUID, str]) -> Row:
    member = members.get(row["membership_id"])
    who = str(member) if member else f"whoever holds the role in {agencies.get(row['agency_id'], '')}"
    return {"who": who, "how": row["how"], "since": _said(row["since"]), "until": _said(row["until"])}


def _said(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
