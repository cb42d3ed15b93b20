"""What is given at the centre and how people leave it."""

from collections.abc import Mapping
from dataclasses import dataclass

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Entry):
    """`kind` groups the desk's buttons; stocked things are counted, services are not."""

    kind: str
    stocked: bool = False


THINGS = entries("reception", "things", Thing)
DESTINATIONS = entries("reception", "destinations", Entry)
ROOMS = entries("reception", "rooms", Entry)
TRANSPORT = entries("reception", "transport", Entry)


def choices(entries_by_code: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [(entry.code, entry.label) for entry in entries_by_code.values()]
