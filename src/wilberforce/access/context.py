"""Who is asking, for what purpose: opened in the database, mirrored here.

Every opening happens inside a transaction and ends with it. The database chooses the role: among the
roles held now, the one that the purpose admits and the address needs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection

from wilberforce.base.errors import NotAllowed


@dataclass(frozen=True)
class Note:
    """One thing read, written, refused or disclosed, on its way to the ledger. Ids only.

    ``people``: whose grave records were opened by it, for the cap on different people in a day.
    """

    op: str
    data_class: str
    action: str
    projection: str
    rule: str
    objects: tuple[UUID, ...]
    allowed: bool = True
    reason: str = ""
    recipient: UUID | None = None
    people: tuple[UUID, ...] = ()


@dataclass
class Actor:
    """Somebody at work in one agency, one role and one purpose, for the length of one transaction.

    ``ready`` holds the facts about the person that are true now: on shift, stepped up, device enrolled.
    """

    membership: UUID | None
    agency: UUID | None
    kind: str
    role: str
    roles: tuple[str, ...]
    purpose: str
    grants: frozenset[str]
    ready: frozenset[str] = frozenset()
    notes: list[Note] = field(default_factory=list)

    @property
    def me(self) -> UUID:
        """The membership of somebody at work. Raises NotAllowed for the public and the machine, who have none."""
        if self.membership is None:
            raise NotAllowed(rule="context", reason="nobody at work")
        return self.membership

    @property
    def home(self) -> UUID:
        """The agency of somebody at work. Raises NotAllowed for the public and the machine."""
        if self.agency is None:
            raise NotAllowed(rule="context", reason="nobody at work")
        return self.agency

    def rules_for(self, data_class: str, action: str) -> str:
        """The ids of the rules under which this actor holds the action here, for the ledger."""
        ids = sorted(g.split("/")[0] for g in self.grants if g.split("/")[1:] == [data_class, action])
        return "|".join(ids)

    def note(self, note: Note) -> None:
        self.notes.append(note)

    def holds(self, data_class: str, action: str) -> bool:
        return bool(self.rules_for(data_class, action))


def expand(cells: Iterable[str]) -> list[str]:
    """``"person_ref:RW:manifest"`` -> ``["person_ref:R:manifest", "person_ref:W:manifest"]``."""
    wanted = []
    for cell in cells:
        data_class, actions, *projection = cell.split(":")
        wanted += [f"{data_class}:{action}:{projection[0] if projection else ''}" for action in actions]
    return wanted


def _open(function: str, arguments: Sequence[Any], cells: Iterable[str] | None) -> Actor:
    if not connection.in_atomic_block:
        raise RuntimeError("a context is only opened inside a transaction")
    wanted = None if cells is None else expand(cells)
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {function}({places}, %s::text[])", [*arguments, wanted])
        row = cursor.fetchone()
    if row is None:
        raise NotAllowed(rule="context", reason="no live session, role or purpose")
    membership, agency, kind, role, roles, purpose, grants, ready = row
    return Actor(membership, agency, kind, role, tuple(roles), purpose, frozenset(grants), frozenset(ready))


def open_session(session: bytes, purpose: str, cells: Iterable[str] | None = None) -> Actor:
    """Raises NotAllowed where the session is over or no role held admits the purpose; the refusal knows who asked."""
    try:
        return _open("access_open", [session, purpose], cells)
    except NotAllowed as refused:
        refused.asked_by = asking_somebody(session, purpose)  # type: ignore[attr-defined]
        raise


def asking_somebody(session: bytes, purpose: str) -> Actor | None:
    """Who is signed in, with no grant at all: for the leaf of a purpose that they were refused."""
    try:
        return replace(_open("access_open", [session, ""], ()), purpose=purpose)
    except NotAllowed:
        return None


def open_public(purpose: str, cells: Iterable[str] | None = None) -> Actor:
    return _open("access_open_public", [purpose], cells)


def open_system(purpose: str, cells: Iterable[str] | None = None) -> Actor:
    return _open("access_open_system", [purpose], cells)


def close() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_close()")
