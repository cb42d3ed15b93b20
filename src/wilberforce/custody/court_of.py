"""How a case went on after custody, in words, for its team."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.deadlines.policy import due_about
from wilberforce.deadlines.rules import clock_time, in_words, legal_day

from . import policy
from .actions.court import standing, steps
from .board import arrests, officers, said
from .lists import OFFENCES
from .models import Ending
from .rules import court

SAID = dict(court.STEPS)


def listed(actor: Actor, where: Q, **bounds: int) -> list[Row]:
    """Everybody arrested in one's cases, the last that was written of each, and until when a court may keep them."""
    people = arrests(actor, where, **bounds)
    rows = steps(actor, [row["id"] for row in people])
    return [row | _as_it_stands([step for step in rows if step["arrest_id"] == row["id"]]) for row in people]


def _as_it_stands(rows: Sequence[Row]) -> Row:
    stand = standing(rows)
    return {"last": SAID[stand[-1]["kind"]] if stand else "", "limit": court.time_limit(stand)}


def one(actor: Actor, arrest_id: UUID) -> dict[str, Any]:
    arrest = said(policy.ARRESTS.one(actor, arrest_id, projection="arrest"))
    of = Q(arrest_id=arrest_id)
    ended = standing(policy.OUTCOMES.many(actor, of, projection="detention", order_by=("at",), limit=100))
    rows = steps(actor, [arrest_id])
    names = officers(*(row["by"] for row in (*ended, *rows)))
    due = due_about(actor, [arrest_id, *(row["detention_id"] for row in ended)])
    history = [
        *({"at": row["at"], "by": names.get(row["by"], ""), "title": f"Custody: {_ended(row)}"} for row in ended),
        *(_entry(row, rows, names) for row in rows),
    ]
    return {
        "arrest": arrest,
        "limit": court.time_limit(standing(rows)),
        "due": [each for many in due.values() for each in many],
        "history": sorted(history, key=lambda entry: entry["at"], reverse=True),
    }


def earlier(actor: Actor, arrest_id: UUID) -> list[tuple[str, str]]:
    """What a new step can correct."""
    policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    stand = standing(steps(actor, [arrest_id]))
    return [(str(row["id"]), f"Yes: {SAID[row['kind']]}, {clock_time(row['at'])}") for row in stand]


def _ended(row: Row) -> str:
    until = f", until {in_words(legal_day(row['bail_until']))}" if row["bail_until"] else ""
    return Ending(row["kind"]).label.lower() + until


def _entry(row: Row, rows: Sequence[Row], names: dict[UUID, str]) -> dict[str, Any]:
    was = next((one for one in rows if one["id"] == row["instead_of"]), None)
    corrects = f", in place of “{SAID[was['kind']]}, {clock_time(was['at'])}”" if was else ""
    over = " (corrected)" if any(one["instead_of"] == row["id"] for one in rows) else ""
    until = f", until {in_words(row['until'])}" if row["until"] else ""
    spent = f", {row['spent']} days in custody before" if row["spent"] else ""
    charged = "Charged with: " + "; ".join(OFFENCES[code].label for code in row["offences"]) if row["offences"] else ""
    unweighed = f"Charged before the defence was weighed: {row['unweighed']}" if row["unweighed"] else ""
    return {
        "at": row["at"],
        "by": names.get(row["by"], ""),
        "title": SAID[row["kind"]] + until + spent + corrects + over,
        "text": "\n".join(line for line in (charged, row["text"], unweighed) if line),
    }
