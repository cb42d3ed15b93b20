"""Needs in plain words, each for the desk's buttons; a flag says a thing is needed, never why."""

from collections.abc import Iterable

from wilberforce.base.errors import RuleBroken
from wilberforce.base.lists import Entry, entries

NEEDS = entries("survivors", "needs", Entry)
HEALTH_NEEDS = frozenset({"pregnancy"})
"""Codes of the list that belong to health, not to what everybody on the shift may see."""

ON_THE_REFERENCE = {code: entry for code, entry in NEEDS.items() if code not in HEALTH_NEEDS}
ACCESS_NEEDS = entries("survivors", "access_needs", Entry)
TOLD = entries("survivors", "told", Entry)
BASES = entries("survivors", "bases", Entry)
CARE = entries("survivors", "care", Entry)
PLACES = entries("survivors", "places", Entry)


def choices(entries_by_code: dict[str, Entry]) -> list[tuple[str, str]]:
    return [(code, entry.label) for code, entry in entries_by_code.items()]


def known(codes: Iterable[str], within: dict[str, Entry], field: str) -> list[str]:
    """The codes without repetition. Raises RuleBroken where one is not on the list."""
    given = list(dict.fromkeys(codes))
    if not set(given) <= set(within):
        raise RuleBroken("Choose from the list: one of these answers is not on it.", field=field)
    return given
