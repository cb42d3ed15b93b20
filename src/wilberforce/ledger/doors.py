"""The only ways in: ``page`` for people, ``at_work`` for jobs, commands and tests, ``action`` for verbs.

Each opens one transaction and one context, and closes by writing the leaves of all that was seen and
done. A refusal rolls everything back; its own leaf is then written in a transaction of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from psycopg.pq import TransactionStatus

from wilberforce.access import asking, context
from wilberforce.access.context import Actor, Note
from wilberforce.access.rules import Decision
from wilberforce.base import registries
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.base.hands import remembering
from wilberforce.base.ids import random_id

from . import leaves

P = ParamSpec("P")
T = TypeVar("T")
Opening = Callable[[], Actor]

OPERATIONS = {"R": "consultation", "W": "alteration", "D": "disclosure", "A": "approval"}


@contextmanager
def entered(opening: Opening, cells: Iterable[str] = ()) -> Iterator[Actor]:
    """One transaction, one context, one set of leaves. Everything is shown only if all of it commits."""
    request, actor = random_id(), None
    try:
        with remembering(), transaction.atomic():
            actor = opening()
            try:
                yield actor
                leaves.write(actor, actor.notes, request)
            finally:
                _close_quietly()
    except NotAllowed as refused:
        record_refusal(actor, refused, request, cells)
        raise
    except Conflict:
        _record_what_was_read(actor, request)
        raise


def _close_quietly() -> None:
    """A whole transaction takes the context with it, as a database error does; a part of one must close it."""
    connection = transaction.get_connection()
    if connection.savepoint_ids and not connection.needs_rollback and not _broken(connection):
        context.close()


def _broken(connection: Any) -> bool:
    """PostgreSQL takes nothing more until the rollback, which takes the context with it."""
    return bool(connection.connection.info.transaction_status == TransactionStatus.INERROR)


def _record_what_was_read(actor: Actor | None, request: UUID) -> None:
    """A conflict undoes the change and still shows the other person's values."""
    read = [note for note in actor.notes if note.op == "consultation"] if actor else []
    with transaction.atomic():
        leaves.write(actor, read, request)


def record_refusal(actor: Actor | None, refused: NotAllowed, request: UUID, cells: Iterable[str]) -> None:
    cell = next(iter(cells), "::")
    data_class, action, *projection = [*cell.split(":"), ""]
    noted = getattr(refused, "note", None) or Note(
        "denied", data_class, action[:1], projection[0] if projection else "", refused.rule, (), False, refused.rule
    )
    with transaction.atomic():
        leaves.write(actor or getattr(refused, "asked_by", None), [noted], request)


def at_work(session: bytes, purpose: str, cells: Iterable[str] | None = None) -> Any:
    """``with at_work(session, "reception") as actor: register(actor, ...)``"""
    return entered(lambda: context.open_session(session, purpose, cells), cells or ())


def at_public_door(purpose: str, cells: Iterable[str] | None = None) -> Any:
    return entered(lambda: context.open_public(purpose, cells), cells or ())


def as_system(purpose: str, cells: Iterable[str] | None = None) -> Any:
    return entered(lambda: context.open_system(purpose, cells), cells or ())


def action(
    data_class: str, does: str, *, about: Mapping[str, str] | None = None, projection: str = ""
) -> Callable[[Callable[Concatenate[Actor, P], T]], Callable[Concatenate[Actor, P], T]]:
    """A verb: one policy question, one leaf, one transaction with whatever called it.

    ``about`` maps kinds of subject to the verb's own parameters: ``{"person": "person_id"}``. Afterwards the
    followers of ``<app>.<verb>`` are told the parameters' ids and the result's id.
    """

    def decorate(verb: Callable[Concatenate[Actor, P], T]) -> Callable[Concatenate[Actor, P], T]:
        name = f"{verb.__module__.split('.')[1]}.{verb.__name__}"
        parameters = signature(verb)

        @wraps(verb)
        def asked_and_told(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> T:
            given = parameters.bind(actor, *args, **kwargs)
            given.apply_defaults()
            subjects = {kind: _id(given.arguments.get(parameter)) for kind, parameter in (about or {}).items()}
            decision = _ask(actor, data_class, does, subjects, projection)
            with _undone_leaves_no_trace(actor):
                result = verb(actor, *args, **kwargs)
            ids = tuple(dict.fromkeys(i for i in [*subjects.values(), _id(result)] if i is not None))
            actor.note(Note(OPERATIONS[does], data_class, does, projection, decision.rule, ids))
            registries.follow(name, actor, {**subjects, "result": _id(result)})
            return result

        asked_and_told.cell = f"{data_class}:{does}:{projection}".rstrip(":")  # type: ignore[attr-defined]
        return asked_and_told  # type: ignore[return-value]

    return decorate


@contextmanager
def _undone_leaves_no_trace(actor: Actor) -> Iterator[None]:
    """What a broken rule undoes was never written, so no leaf says so; what was read for it stays noted."""
    before = len(actor.notes)
    try:
        yield
    except RuleBroken:
        actor.notes[before:] = [note for note in actor.notes[before:] if note.op in ("consultation", "denied")]
        raise


def _ask(actor: Actor, data_class: str, does: str, subjects: Mapping[str, UUID | None], projection: str) -> Decision:
    decision = asking.may(actor, data_class, does, subjects, projection)
    if not decision.allowed:
        refused = NotAllowed(rule=decision.rule, reason=decision.reason)
        ids = tuple(i for i in subjects.values() if i is not None)
        refused.note = Note("denied", data_class, does, projection, decision.rule, ids, False, "default")  # type: ignore[attr-defined]
        raise refused
    return decision


def _id(value: object) -> UUID | None:
    if isinstance(value, Model):
        return value.pk if isinstance(value.pk, UUID) else None
    return value if isinstance(value, UUID) else None
