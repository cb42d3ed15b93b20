"""Corrections that keep what was there: the change, and the old values beside it under the same class's policy."""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q

from wilberforce.base.errors import RuleBroken
from wilberforce.base.history import LONGEST_REASON, Former

from .context import Actor
from .protect import WHOLE, Protected, Row

Record = TypeVar("Record", bound=Model)
OWN = {field.attname for field in Former._meta.get_fields() if hasattr(field, "attname")}
Shown = Mapping[str, tuple[str, Callable[[Any], object]]]
"""Column -> how a page calls it and says its value."""


def corrected(
    actor: Actor,
    table: Protected[Record],
    former: Protected[Any],
    record: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    why: str = "",
    projection: str = WHOLE,
    beside: Mapping[str, Any] | None = None,
) -> Record:
    """Raises Conflict where somebody else corrected it first. What stays the same leaves no trace. ``beside``: columns
    of the former record that the record itself lacks."""
    if len(why) > LONGEST_REASON:
        raise RuleBroken(f"Use {LONGEST_REASON} characters or fewer. You have used {len(why)}.", field="why")
    before = table.one(actor, record, projection=projection)
    changed = table.change(actor, record, changes, version=version, projection=projection)
    was = {name: before[name] for name in changes if name in before and before[name] != changes[name]}
    if was:
        former.add(actor, _former(actor, former.model, before | dict(beside or {}), was, why), projection=projection)
    return changed


def reason(why: str) -> str:
    """For what may only be corrected with one."""
    if not why.strip():
        raise RuleBroken("Write why it is corrected.", field="why")
    return why.strip()


def _former(actor: Actor, model: type[Any], before: Row, was: Row, why: str) -> Any:
    beside = {f.attname: before[f.attname] for f in model._meta.concrete_fields if f.attname not in OWN}
    return model(
        controller_id=before["controller_id"],
        record_id=before["id"],
        record_version=before.get("version", 0),
        replaced_by=actor.me,
        was=json.dumps(was, cls=DjangoJSONEncoder, ensure_ascii=False),
        why=why.strip(),
        **beside,
    )


def corrections(
    actor: Actor, former: Protected[Any], record: UUID | Q, shown: Shown, *, projection: str = WHOLE
) -> list[Row]:
    """Entries of a timeline, the newest first. ``by`` is the membership; columns without a name are not told.
    ``record``: one, or which."""
    latest = ("-replaced_at", "-id")
    which = record if isinstance(record, Q) else Q(record_id=record)
    rows = former.many(actor, which, projection=projection, order_by=latest, limit=50)
    return [entry(row, shown) for row in rows]


def entry(row: Row, shown: Shown) -> Row:
    was: Row = json.loads(row["was"])
    lines = [f"{shown[name][0]} was: {_said(shown[name][1], value)}" for name, value in was.items() if name in shown]
    if row["why"]:
        lines.append(f"Why: {row['why']}")
    return {
        "at": row["replaced_at"],
        "title": "Corrected",
        "by": row["replaced_by"],
        "why": row["why"],
        "text": "\n".join(lines),
    }


def _said(say: Callable[[Any], object], value: Any) -> object:
    return "nothing" if value in ("", None, []) else say(value)
