"""What happened with suspects, and who of the victims has heard of it, as the case team's pages show it."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.deadlines.policy import Due, due_about
from wilberforce.deadlines.rules import in_words, legal_day
from wilberforce.survivors.rules import VICTIM_UPDATE

from . import policy
from .actions.updates import NEWS, left_to_tell, tellings, victims_of
from .board import officers
from .models import Happened, Heard

LATEST = ("-at", "-id")


def news(actor: Actor, where: Q, **bounds: int) -> list[Row]:
    rows = policy.NEWS.many(actor, where, projection=NEWS, order_by=LATEST, **bounds)
    return _with_who_heard(actor, rows)


def one(actor: Actor, news_id: UUID) -> dict[str, Any]:
    [row] = _with_who_heard(actor, [policy.NEWS.one(actor, news_id, projection=NEWS)])
    names = officers(*(line["by"] for line in row["lines"]))
    history = [
        {
            "at": line["at"],
            "by": names.get(line["by"], ""),
            "title": f"{line['person'] or 'Nobody'}: {Heard(line['answer']).label.lower()}",
            "text": line["words"],
        }
        for line in row["lines"]
    ]
    return {"news": row, "left": row["left"], "history": history, "rule": VICTIM_UPDATE}


def _with_who_heard(actor: Actor, rows: list[Row]) -> list[Row]:
    lines = tellings(actor, [row["id"] for row in rows])
    victims = victims_of(actor, list({row["operation_id"] for row in rows}))
    due = due_about(actor, [row["id"] for row in rows])
    return [_said(row, lines, victims.get(row["operation_id"], {}), due.get(row["id"], [])) for row in rows]


def _happened(row: Row) -> str:
    label = Happened(row["kind"]).label
    return f"{label}, until {in_words(legal_day(row['until']))}" if row["until"] else label


def _said(row: Row, lines: list[Row], victims: dict[UUID, str], due: list[Due]) -> Row:
    mine = [line for line in lines if line["news_id"] == row["id"]]
    left = left_to_tell(mine, victims)
    return row | {
        "kind_said": _happened(row),
        "lines": mine,
        "left": left,
        "left_said": ", ".join(left.values()),
        "due": due[0] if due else None,
    }
