"""What is given at the centre and how people leave it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from wilberforce.base.lists import Entry, entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing(Entry):
    """`kind` groups the desk's buttons; stocked things are counted, services are not."""

    kind: str
    stocked: bool = False
    washing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords(Entry):
    """The label is the language's own name for itself."""

    card: str
    reference: str
    ask_for: str
    day: str
    later: str
    keep: str
    rtl: bool = False

    @property
    def words(self) -> dict[str, Any]:
        said = asdict(self)
        return {name: said[name] for name in ("code", "rtl", "card", "reference", "ask_for", "day", "later", "keep")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome(Entry):
    """What a tablet shows the person: the label is the language's own name for itself."""

    welcome: str
    free: str
    help: str
    choose: str
    decide: str
    food: str
    pain: str
    doctor: str
    interpreter: str
    call: str
    rest: str
    afraid: str
    alone: str
    age: str
    adult: str
    child: str
    yes: str
    no: str
    unsure: str
    later: str
    rtl: bool = False

    @property
    def words(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in ("", None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnName(Entry):
    """A language as its readers write it."""

    rtl: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Entry):
    """Something to look at, on one of the centre's lists."""

    list: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedKind(Entry):
    """`shift`: everybody on the shift sees it; otherwise clinicians alone."""

    shift: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointed(Entry):
    """What somebody points at, who everybody is, and what they are asked when they go. Each word in their language."""

    drink: str
    food: str
    toilet: str
    pain: str
    sleep: str
    phone: str
    interpreter: str
    doctor: str
    child: str
    stop: str
    red_cross: str
    nurse: str
    translates: str
    police: str
    council: str
    kind: str
    understood: str
    safe: str
    needed: str
    rtl: bool = False


PICTURES = ("drink", "food", "toilet", "pain", "sleep", "phone", "interpreter", "doctor", "child", "stop")
WHO_IS_HERE = ("red_cross", "nurse", "translates", "police", "council")
FEEDBACK = ("kind", "understood", "safe", "needed")
FACES = ("yes", "no", "unsure")
FIRST_WORDS = ("welcome", "free", "help", "choose", "decide")
SPOKEN = (*FIRST_WORDS, *WHO_IS_HERE, *PICTURES)
"""What may be recorded for whoever does not read."""
NOT_SURE, NOT_NOW = "not sure", "not now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Entry):
    """`seen`: by the shift, by the worker who is named for the person, or by the clinician."""

    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked(Entry):
    """`tells`: a kind of care flag that the answer becomes. `reminds`: a kind of reminder that it sets."""

    group: str
    kind: str
    choices: tuple[str, ...] = ()
    hint: str = ""
    tells: str = ""
    reminds: str = ""

    @property
    def options(self) -> tuple[str, ...]:
        """Empty where anything may be said."""
        if self.kind == "yes-no":
            return ("yes", "no", NOT_SURE, NOT_NOW)
        return (*self.choices, NOT_SURE, NOT_NOW) if self.kind == "one" else self.choices


def asked_in(group: str) -> list[Asked]:
    return [one for one in ASKED.values() if one.group == group]


THINGS = entries("reception", "things", Thing)
NOT_CHOSEN = frozenset({"search", "correction"})
"""Kinds of them that have a page of their own."""
DESTINATIONS = entries("reception", "destinations", Entry)
ROOMS = entries("reception", "rooms", Entry)
CARD = entries("reception", "card", CardWords)
CHECKS = entries("reception", "checks", Item)
OWN_NAMES = entries("reception", "own_names", OwnName)
WELCOME = entries("reception", "welcome", Welcome)
GROUPS = entries("reception", "groups", Group)
ASKED = entries("reception", "asked", Asked)
FEATURES = entries("reception", "features", Entry)
POINTED = entries("reception", "welcome_pictures", Pointed)
TIMED = entries("reception", "timed", TimedKind)
TRANSPORT = entries("reception", "transport", Entry)


def choices(entries_by_code: Mapping[str, Entry]) -> list[tuple[str, str]]:
    return [(entry.code, entry.label) for entry in entries_by_code.values()]
