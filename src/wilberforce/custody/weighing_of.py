"""The weighing of the defence in words, for the case team and, without its words, for custody."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.concerns.models import YesNo
from wilberforce.deadlines.rules import clock_time, legal_day

from . import policy
from .actions.defence import DEFENCE, WEIGHED, standing, weighings
from .board import entries_in_words, officers, said
from .lists import OFFENCES, excluded
from .models import EntryKind
from .rules import defence

LATEST = ("-arrested_at", "-id")
MANY = 500
LISTED = {defence.YES: "In Schedule 4", defence.NO: "Not in Schedule 4", defence.NOT_SURE: "Read Schedule 4: not sure"}


def listed(actor: Actor, where: Q, **bounds: int) -> list[Row]:
    """Everybody arrested in one's cases, and whose weighing is still missing."""
    people = policy.ARRESTS.many(actor, where, projection="arrest", order_by=LATEST, **bounds)
    ids = [row["id"] for row in people]
    held = policy.DETENTIONS.many(actor, Q(arrest_id__in=ids), projection="detention", order_by=("id",), limit=MANY)
    possible = {row["arrest_id"]: row["possible_victim"] for row in held}
    rows = weighings(actor, ids, DEFENCE)
    return [_listed(said(row), possible.get(row["id"], YesNo.NOT_SURE), rows) for row in people]


def _listed(row: Row, possible: str, rows: Sequence[Row]) -> Row:
    found = standing([one for one in rows if one["arrest_id"] == row["id"]])
    why = defence.must_be_weighed(possible, row["age_one_of"])
    return row | {"why": why, "missing": defence.not_weighed(found)}


def one(actor: Actor, arrest_id: UUID) -> dict[str, Any]:
    arrest = said(policy.ARRESTS.one(actor, arrest_id, projection="arrest"))
    of = Q(arrest_id=arrest_id)
    entries = policy.ENTRIES.many(actor, of, projection="detention", order_by=("at",), limit=MANY)
    held = policy.DETENTIONS.many(actor, of, projection="detention", order_by=("-id",), limit=1)
    rows = weighings(actor, [arrest_id], DEFENCE)
    screened = [row for row in entries if row["kind"] == EntryKind.STANDING]
    names = officers(*(row["by"] for row in (*screened, *rows)))
    further = [code for row in entries if row["kind"] == EntryKind.FURTHER_OFFENCE for code in row["codes"]]
    offences = list(dict.fromkeys([*arrest["offences"], *further]))
    found = standing(rows)
    return {
        "arrest": arrest,
        "possible": YesNo(held[0]["possible_victim"]).label if held else "Nobody has asked yet",
        "offences": offences_said(offences, legal_day(arrest["arrested_at"])),
        "codes": offences,
        "screened": entries_in_words(screened, names),
        "rows": rows,
        "found": found,
        "missing": defence.not_weighed(found),
        "history": [_entry(row, rows, names) for row in reversed(rows)],
    }


def offences_said(codes: Iterable[str], day: date) -> list[dict[str, str]]:
    return [
        {"label": OFFENCES[code].label, "citation": OFFENCES[code].citation, "listed": LISTED[excluded(code, day)]}
        for code in codes
    ]


def for_custody(actor: Actor, held: Row, ages: Sequence[int]) -> dict[str, str]:
    found = standing(weighings(actor, [held["arrest_id"]], WEIGHED))
    why = defence.must_be_weighed(held["possible_victim"], ages)
    return {"why": why, "missing": defence.not_weighed(found), "said": said_to_custody(found)}


def said_to_custody(found: dict[str, Row]) -> str:
    """That it was weighed and when, and what the prosecutor decided of the charge; nothing of what was weighed."""
    lines = [
        f"{label} weighed it, {clock_time(found[code]['at'])}" if code in found else f"{label} has not weighed it yet"
        for code, label in defence.WHOSE
    ]
    decided = found.get(defence.PROSECUTOR)
    charging = f". The prosecutor: {dict(defence.CHARGING)[decided['charging']].lower()}" if decided else ""
    return ". ".join(lines) + charging


def _entry(row: Row, rows: Sequence[Row], names: dict[UUID, str]) -> dict[str, Any]:
    """One weighing on the timeline, saying which it corrects and which corrects it."""
    was = next((one for one in rows if one["id"] == row["instead_of"]), None)
    newer = next((one for one in rows if one["instead_of"] == row["id"]), None)
    corrects = f", in place of that of {clock_time(was['recorded_at'])}" if was else ""
    over = f" (corrected {clock_time(newer['recorded_at'])})" if newer else ""
    return {
        "id": row["id"],
        "whose": row["whose"],
        "newest": newer is None,
        "at": row["at"],
        "by": names.get(row["by"], ""),
        "title": f"{dict(defence.WHOSE)[row['whose']]}: {dict(defence.CONCLUSIONS)[row['conclusion']]}{corrects}{over}",
        "text": "\n".join(_answers(row)),
    }


def _answers(row: Row) -> list[str]:
    """Each answer with its question, in short."""
    of = "; ".join(OFFENCES[code].label for code in row["offences"])
    charging = [f"Charge: {dict(defence.CHARGING)[row['charging']]}"] if row["charging"] else []
    decided = [f"Decided by: {row['decided_by']}"] if row["decided_by"] else []
    return [
        *decided,
        *charging,
        f"May be a victim: {YesNo(row['may_be_victim']).label}. Age: {dict(defence.AGES)[row['age']]}.",
        f"Offences: {of}. In Schedule 4: {dict(defence.SCHEDULED)[row['scheduled']]}.",
        f"Compelled: {dict(defence.COMPELLED)[row['compelled']]}. Through slavery or exploitation: "
        f"{YesNo(row['linked']).label}. A reasonable person: {YesNo(row['reasonable']).label}.",
        f"Considered: {row['considered']}",
        f"Why: {row['reason']}",
    ]
