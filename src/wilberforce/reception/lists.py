"""What is given at the centre and how people leave it."""

from dataclasses import dataclass

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Entry):
    """`kind` groups the desk's buttons; stocked things are counted, services are not."""

    kind: str
    stocked: bool = False


THINGS = entries("reception", "things", Thing)
DESTINATIONS = entries("reception", "destinations", Entry)
