"""The indicators that a report or an officer can tick, and the kinds of premises."""

from dataclasses import dataclass

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator(Entry):
    """`covers` quotes what officers say they see in general."""

    group: str
    question: str
    covers: tuple[str, ...] = ()


INDICATORS = entries("concerns", "indicators", Indicator)
PREMISES = entries("concerns", "premises", Entry)
LANGUAGES = entries("concerns", "languages", Entry)
