"""The shell that a tablet keeps, and the lists that it carries."""

from typing import Any

from wilberforce.agencies.rules import WRONG_PINS
from wilberforce.base.lists import Entry
from wilberforce.base.shell import Shell
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age
from wilberforce.reception import lists
from wilberforce.reception.actions.care import EXAMINATION
from wilberforce.reception.models import Where
from wilberforce.survivors.lists import ON_THE_REFERENCE

from . import rules

NOT_GIVEN = rules.NOT_AT_THE_DESK | {"note"}


def words() -> dict[str, Any]:
    """The lists that the desk's buttons show."""
    return {
        "ages": [[value, str(label)] for value, label in Age.choices],
        "languages": _pairs(LANGUAGES),
        "places": [[value, str(label)] for value, label in Where.choices],
        "things": [[t.code, t.label, t.washing] for t in lists.THINGS.values() if t.kind not in NOT_GIVEN],
        "needs": _pairs(ON_THE_REFERENCE),
        "named": [[one.code, one.label, one.rtl] for one in lists.OWN_NAMES.values()],
        "english": {one.code: one.label for one in LANGUAGES.values()},
        "welcome": [one.words for one in lists.WELCOME.values()],
        "schema": rules.SCHEMA,
        "most": rules.MOST_EVENTS,
        "washing": EXAMINATION,
        "reasons": rules.REASONS,
        "wrong": WRONG_PINS.value,
    }


def _pairs(entries: Any) -> list[list[str]]:
    found: list[Entry] = list(entries.values())
    return [[entry.code, entry.label] for entry in found]


SHELL = Shell(
    "desk",
    "Desk",
    "/desk/",
    ("base/desk.css", "base/desk.js", "base/desk-lock.js"),
    "reception/templates/reception/desk.html",
    words,
    later=("base/ethiopic.woff2",),
)
