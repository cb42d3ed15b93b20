"""Terms before both have signed, and where an outside recipient is reached, are put right; what was there is kept."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from wilberforce.access.context import Actor
from wilberforce.access.history import reason
from wilberforce.agencies.policy import guardian, told
from wilberforce.base.errors import RuleBroken

from . import policy
from .models import Agreement, Before, Outsider

CALLED = {
    "basis": "Law", "dpia_ref": "Assessment", "starts": "First day", "ends": "Last day", "name": "Name",
    "reached": "Where packs go",
}  # fmt: skip


def correct_agreement(
    actor: Actor, agreement_id: UUID, *, basis: str, dpia_ref: str, starts: date, ends: date | None, why: str
) -> None:
    """By the side that wrote it, before both have signed. Whoever has signed the earlier terms signs again."""
    guardian(actor, actor.home)
    found = policy.agreement_of(actor, agreement_id)
    if found.from_agency_id != actor.home or found.signed or found.ended_at or found.follows_id:
        raise RuleBroken("Terms that both have signed stand. End this agreement and write another.")
    if ends is not None and ends < starts:
        raise RuleBroken("The last day is before the first. Check both.", field="ends")
    if not basis.strip() or not dpia_ref.strip():
        raise RuleBroken("Name the law and the assessment (DPIA) that it rests on.", field="basis")
    _because(reason(why))
    Agreement.objects.filter(pk=agreement_id).update(
        basis=basis.strip()[:120], dpia_ref=dpia_ref.strip()[:40], starts=starts, ends=ends, signed_by_from=None,
        signed_by_to=None, paper_by="", paper_on=None,
    )  # fmt: skip
    _because("")
    told(actor, agreement_id)


def correct_outsider(actor: Actor, outsider_id: UUID, *, name: str, reached: str, why: str) -> None:
    """Its key never changes: a new key is a new recipient."""
    guardian(actor, actor.home)
    policy.outsider_of(actor, outsider_id)
    if not name.strip() or not reached.strip():
        raise RuleBroken("Say what it is called and where packs go.", field="name")
    _because(reason(why))
    Outsider.objects.filter(pk=outsider_id).update(name=name.strip(), reached=reached.strip())
    _because("")
    told(actor, outsider_id)


def _because(why: str) -> None:
    """The database writes the history, and takes the reason with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sharing.why', %s, true)", [why.strip()[:500]])


def entries(record_id: UUID) -> list[dict[str, Any]]:
    """What was corrected, for a timeline; signatures and ends have lines of their own."""
    rows = Before.objects.filter(record_id=record_id).order_by("-at", "-id")[:25]
    told = [
        (row, [f"{CALLED[name]} was: {_said(row.was[name])}" for name in CALLED if name in row.was]) for row in rows
    ]
    return [
        {
            "at": row.at,
            "title": "Corrected",
            "by": row.by,
            "text": "\n".join([*lines, *([f"Why: {row.why}"] if row.why else [])]),
        }
        for row, lines in told
        if lines
    ]


def _said(value: Any) -> str:
    if not value:
        return "none"
    try:
        return f"{date.fromisoformat(value):%-d %B %Y}"
    except ValueError:
        return str(value)
