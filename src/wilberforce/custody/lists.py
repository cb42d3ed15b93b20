"""The offences that a person can be arrested for in this work, and the powers under which a thing is seized."""

from dataclasses import dataclass
from datetime import date

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Offence(Entry):
    statute: str
    section: str
    maximum: str
    indictable: bool
    anonymous_for_life: bool = False
    conspiracy_to: str = ""

    @property
    def citation(self) -> str:
        return f"{self.statute} {self.section}".strip()


OFFENCES = entries("custody", "offences", Offence)


def offences_on(day: date) -> tuple[Offence, ...]:
    """Those that were law on the day of the alleged offence."""
    return tuple(offence for offence in OFFENCES.values() if offence.holds(day))


SIGNS = entries("custody", "signs", Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Station(Entry):
    force: str


STATIONS = entries("custody", "stations", Station)


SEIZED_UNDER = entries("custody", "seizing", Entry)
