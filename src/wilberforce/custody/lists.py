"""The offences of this work, those that Schedule 4 excludes from the defence, and the powers to seize."""

from dataclasses import dataclass
from datetime import date

from wilberforce.base.lists import Entry, entries

from .rules import defence


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

    @property
    def when_law(self) -> str:
        """Where a provision was replaced, its successor may bear the same name."""
        return f"{self.citation}; for what was done until {self.valid_to:%-d %B %Y}" if self.valid_to else self.citation


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded(Entry):
    """One group of Schedule 4. ``offences``: those of our own list that it holds; ``listed``: yes, or not sure."""

    sections: str = ""
    offences: tuple[str, ...] = ()
    listed: str = defence.YES


SCHEDULE_4 = entries("custody", "schedule4", Excluded)


def excluded(offence: str, day: date) -> str:
    """Whether Schedule 4 holds an offence of that day: yes, no or not sure."""
    found = [group.listed for group in SCHEDULE_4.values() if offence in group.offences and group.holds(day)]
    return defence.YES if defence.YES in found else defence.NOT_SURE if found else defence.NO
