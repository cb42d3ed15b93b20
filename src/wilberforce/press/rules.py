"""The public: what a bulletin may say, who may let it out, and who may subscribe."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from wilberforce.base.lawrule import Rule
from wilberforce.deadlines.rules import instant

CHECKED = date(2026, 11, 23)
APP = "College of Policing APP, media and communications: arrests, charges and judicial outcomes"

RELEASED_ON_ARREST = Rule(
    "may be released on arrest",
    (
        "gender",
        "age of the person arrested",
        "town or city where they live",
        "nature, date and general location of the alleged offence",
        "date of arrest",
        "whether in custody, bailed or released under investigation",
        "bail date",
        "outcome",
    ),
    APP,
    CHECKED,
)
NAME_AFTER_CHARGE = Rule(
    "the name of a person arrested is not released before charge",
    True,
    APP,
    CHECKED,
    note="Save for an exceptional legitimate policing purpose, decided by Gold and recorded.",
)
LIFELONG_ANONYMITY = Rule(
    "a person found is never identified",
    True,
    "Sexual Offences (Amendment) Act 1992 s.1 and s.2, as amended by Modern Slavery Act 2015 Sch 5",
    CHECKED,
    note="Setting: the Act lists s.2 trafficking and not s.1 of 2015; everyone is treated as anonymous.",
)
NEVER_RELEASED = Rule(
    "never released",
    (
        "name of a person found, of a child or of staff",
        "street, building or postcode",
        "where the centre or a safe house is",
        "exact age or nationality of a person found",
        "a small number that the fact sheet does not give",
        "whether anyone was referred",
        "immigration status",
        "covert methods and intelligence",
        "anything that prejudices a trial",
    ),
    "Sexual Offences (Amendment) Act 1992; Contempt of Court Act 1981; Wilberforce access matrix",
    CHECKED,
)
CASE_IS_ACTIVE = Rule("a case is active from arrest", True, "Contempt of Court Act 1981 s.2 and Sch 1", CHECKED)
APPROVERS = Rule("approvers of a bulletin, from two agencies", 2, "Wilberforce access matrix, released", CHECKED)


# Who may let it out


@dataclass(frozen=True, slots=True)
class Approval:
    person: str
    agency: str


def release_faults(
    author: str,
    cut_by: str,
    approvals: Iterable[Approval],
    doors_closed: bool,
    embargo_until: datetime | None,
    now: datetime,
) -> tuple[str, ...]:
    """Why it may not be published yet. Whoever wrote it or cut the fact sheet never approves it."""
    given = set(approvals)
    checks = (
        (
            any(one.person in {author, cut_by} for one in given),
            "Whoever wrote it or cut the fact sheet cannot approve.",
        ),
        (len({one.person for one in given}) < APPROVERS.value, "Two people have to approve it."),
        (len({one.agency for one in given}) < APPROVERS.value, "The two approvers have to be of two agencies."),
        (not doors_closed, "A site has not been entered yet. Wait until all doors are in."),
        (embargo_until is not None and instant(now) < instant(embargo_until), "The embargo has not passed."),
    )
    return tuple(sentence for wrong, sentence in checks if wrong)


# E-mail updates


class Subscription(StrEnum):
    SUBSCRIBED = "subscribed"
    TRY_AGAIN = "could not subscribe, try again later"
    TOO_MANY = "too many ask, try again in an hour"
    INVALID_ADDRESS = "invalid e-mail address"


OURS = "Wilberforce: our own limit, below what a mail server takes for a nuisance"
LETTERS_TO_A_STRANGER = Rule(
    "letters that ask to confirm, in a day and in a week, to one address", (1, 3), OURS, CHECKED
)
REQUESTS_AN_HOUR = Rule("requests for updates in an hour, from one network and in all", (10, 500), OURS, CHECKED)
UNCONFIRMED_DAYS = Rule("days that an unconfirmed address is kept", 7, "Wilberforce access matrix, subscriber", CHECKED)

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?=[A-Za-z0-9-]*[A-Za-z]){_LABEL}")
EMAIL_ADDRESS = Rule(
    "an e-mail address",
    (254, 64),
    "RFC 5321 s.4.5.3.1 and RFC 5322 s.3.4.1, dot-atom only",
    CHECKED,
    note="No line breaks.",
)


def clean_address(typed: str) -> str:
    """The address with plain spaces around it gone, or nothing. A line break or other control character is refused."""
    whole, longest_local = EMAIL_ADDRESS.value
    if any(not character.isprintable() for character in typed):
        return ""
    address = typed.strip(" ")
    local, at, domain = address.rpartition("@")
    fits = len(address) <= whole and len(local) <= longest_local
    right = at and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)
    return f"{local}@{domain.lower()}" if fits and right else ""


def subscription(typed: str, can_send: bool) -> Subscription:
    """An address that is on the list already gets the same answer as a new one."""
    if not clean_address(typed):
        return Subscription.INVALID_ADDRESS
    return Subscription.SUBSCRIBED if can_send else Subscription.TRY_AGAIN


# The bulletin


class Kind(StrEnum):
    NAME = "name"
    STREET = "street"
    BUILDING = "building"
    POSTCODE = "postcode"
    CENTRE = "centre"
    AGE = "age"
    COMBINATION = "combination"
    COUNT = "count"
    NRM = "nrm"
    IMMIGRATION = "immigration"
    PREJUDICE = "prejudice"
    METHOD = "method"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The span is where the words stand in the text as it was typed."""

    kind: Kind
    reason: str
    excerpt_span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class BulletinFacts:
    """What the checker is told about the case: the fact sheet's figures, and terms that must not appear.

    counts holds every figure that the fact sheet gives for a word: {"woman": {5}, "man": {1, 2}}.
    names and centre_terms and streets come from the case; the writer never sees them, only the refusal.
    """

    counts: Mapping[str, frozenset[int]] = field(default_factory=dict)
    arrested_ages: frozenset[int] = frozenset()
    places: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    streets: frozenset[str] = frozenset()
    centre_terms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Patterns:
    """The words of the list, press/data/forbidden.yaml."""

    street_types: tuple[str, ...]
    not_streets: tuple[str, ...]
    buildings: tuple[str, ...]
    numbered: tuple[str, ...]
    centres: tuple[str, ...]
    near: tuple[str, ...]
    honorifics: tuple[str, ...]
    ranks: tuple[str, ...]
    naming: tuple[str, ...]
    found_people: tuple[str, ...]
    arrested_people: tuple[str, ...]
    nationalities: tuple[str, ...]
    organisation_follows: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    phrases: tuple[tuple[Kind, str, str], ...]


REASONS = {
    Kind.NAME: "Nobody is named: not a person found, not a person arrested before charge, not staff.",
    Kind.STREET: "A street or an address is never released. Name the town or the part of the city.",
    Kind.BUILDING: "A named building leads to the people in it. Name the town only.",
    Kind.POSTCODE: "A postcode is never released. Name the town.",
    Kind.CENTRE: "Where the centre is, is never released. Say only that there is one and who runs it.",
    Kind.AGE: "The exact age of a person found is never released. Give only ages of those arrested.",
    Kind.COMBINATION: "Nationality with a place or an age can identify a person. Leave the nationality out.",
    Kind.COUNT: "A figure below ten has to stand in the fact sheet. Use the fact sheet's figure.",
}


def refusals(text: str, facts: BulletinFacts, patterns: Patterns) -> list[Refusal]:
    """Everything that stops this text from being released, in the order of the text. None means: nothing was found."""
    plain, origin = plain_text(text)
    found = [
        *_known_terms(plain, facts),
        *_names(plain, patterns),
        *_places(plain, patterns),
        *_centre(plain, patterns),
        *_ages(plain, facts, patterns),
        *_combinations(plain, facts, patterns),
        *_counts(plain, facts, patterns),
        *((kind, reason, span) for kind, pattern, reason in patterns.phrases for span in _spans(pattern, plain)),
    ]
    refused = {Refusal(kind, reason, (origin[start], origin[end - 1] + 1)) for kind, reason, (start, end) in found}
    return sorted(refused, key=lambda one: (one.excerpt_span, one.kind))


Span = tuple[int, int]
Found = tuple[Kind, str, Span]
_STROKED = str.maketrans("łŁøØđĐıŧŦ’‘", "lLoOdDitT''")
_ARTICLE = r"(?:the|a|an|this|that|each|every|no|our|any|some|one|another|his|her|their|at|in|on)"
_CAPITAL = r"(?-i:[A-Z])[\w'’-]*"
_UNITS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS = {word: number for number, word in enumerate(_UNITS + _TEENS, start=1)} | {
    word: ten * 10 for ten, word in enumerate(_TENS, start=2)
}
NUMBER_WORDS |= {
    f"{ten}{join}{unit}": NUMBER_WORDS[ten] + NUMBER_WORDS[unit] for ten in _TENS for unit in _UNITS for join in "- "
}
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})"


def plain_text(text: str) -> tuple[str, list[int]]:
    """Without accents, look-alike widths and invisible characters, and where each remaining character came from."""
    plain: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character.translate(_STROKED)):
            if unicodedata.category(part) not in {"Mn", "Cf"}:
                plain.append(part)
                origin.append(index)
    return "".join(plain), origin


def _spans(pattern: str, plain: str) -> list[Span]:
    return [match.span() for match in re.finditer(pattern, plain, re.IGNORECASE)]


def _any(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(r"\s+".join(map(re.escape, word.split())) for word in ordered) + ")"


def _refused(kind: Kind, spans: Iterable[Span]) -> list[Found]:
    return [(kind, REASONS[kind], span) for span in spans]


def _whole(term: str) -> str:
    words = plain_text(term)[0].split()
    joined = r"[\s-]+".join(map(re.escape, words))
    return rf"(?<!\w){joined}(?!\w)" if words else r"(?!)"


def _known_terms(plain: str, facts: BulletinFacts) -> list[Found]:
    """A whole name in any case; a part of a name where it is written as a name."""
    found: list[Found] = []
    for kind, terms in ((Kind.NAME, facts.names), (Kind.STREET, facts.streets), (Kind.CENTRE, facts.centre_terms)):
        for term in terms:
            found += _refused(kind, _spans(_whole(term), plain))
    for part in {part for name in facts.names for part in plain_text(name)[0].split() if len(part) > 2}:
        found += _refused(Kind.NAME, _spans(rf"(?-i:(?<!\w){re.escape(part)}(?!\w))", plain))
    return found


def _names(plain: str, patterns: Patterns) -> list[Found]:
    titles = rf"(?<!\w)(?-i:{_any(patterns.honorifics)})\.?\s+{_CAPITAL}"
    ranks = rf"(?<!\w)(?-i:{_any(patterns.ranks)})\.?\s+(?!of\b){_CAPITAL}"
    naming = rf"(?<!\w){_any(patterns.naming)}\s+(?:only\s+)?(?:as\s+)?{_CAPITAL}(?:\s+{_CAPITAL})?"
    full_ranks = rf"(?<!\w){_any(rank for rank in patterns.ranks if len(rank) > 3)}\s+{_CAPITAL}\s+{_CAPITAL}"
    return _refused(Kind.NAME, [span for one in (titles, ranks, naming, full_ranks) for span in _spans(one, plain)])


def _places(plain: str, patterns: Patterns) -> list[Found]:
    types = _any(patterns.street_types)
    lead = rf"(?:(?!{_ARTICLE}\b){_CAPITAL}\s+){{1,3}}"
    numbered = r"\d+[a-z]?,?\s+(?:(?!in\b|on\b|at\b|of\b|from\b|the\b)[\w'’-]+\s+){1,2}"
    street = rf"(?<!\w)(?:{numbered}|{lead}){types}(?!\w)"
    spared = [end for _, end in _spans(_any(patterns.not_streets), plain)]
    streets = [span for span in _spans(street, plain) if span[1] not in spared]
    streets += _spans(rf"(?<!\w){_any(patterns.numbered)}\s*\d+[a-z]?(?!\w)", plain)
    buildings = rf"(?<!\w)(?:(?!{_ARTICLE}\b){_CAPITAL}\s+)+{_any(patterns.buildings)}(?!\w)"
    postcode = r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}(?!\w)"
    return [
        *_refused(Kind.STREET, streets),
        *_refused(Kind.BUILDING, _spans(buildings, plain)),
        *_refused(Kind.POSTCODE, _spans(postcode, plain)),
    ]


def _centre(plain: str, patterns: Patterns) -> list[Found]:
    centre, near = _any(patterns.centres), _any(patterns.near)
    told = rf"(?<!\w){centre}(?!\w)[^.!?\n]{{0,60}}?\b{near}\s+(?:the\s+|a\s+|an\s+)?(?:\w+\s+){{0,2}}?{_CAPITAL}"
    here = rf"(?<!\w){_CAPITAL}(?:'s)?\s+(?:\w+\s+)?{centre}(?!\w)"
    turned = rf"{_CAPITAL}[^.!?\n]{{0,30}}?\bwhere\s+(?:the|a|an|our)\s+{centre}\s+is\b"
    return _refused(
        Kind.CENTRE, [span for one in (told, turned, here) for span in _spans(one, plain) if _says(plain, span)]
    )


def _says(plain: str, span: Span) -> bool:
    """'The reception centre' at the start of a sentence names no place."""
    return not re.match(rf"{_ARTICLE}\b", plain[span[0] : span[1]], re.IGNORECASE) or " where " in plain[slice(*span)]


def _sentences(plain: str) -> list[Span]:
    return [match.span() for match in re.finditer(r"[^.!?\n]+", plain)]


_AGED = (
    rf"\b(?:aged?|ages)\s+(?:of\s+|between\s+|from\s+)?{_NUMBER}(?:\s*(?:,|and|to|or|-|–|, and)\s*{_NUMBER})*(?!\w)",
    rf"\b{_NUMBER}(?:[\s-]+(?:and|or|,)\s*{_NUMBER})?[\s-]+years?[\s-]+(?:old|of age)",
    r"\b(?:woman|man|girl|boy|child|person|victim|survivor),\s+\d{1,3}(?!\w)",
)


def _ages(plain: str, facts: BulletinFacts, patterns: Patterns) -> list[Found]:
    """An age is let through only where the sentence speaks of arrest alone and the fact sheet holds the age."""
    found: list[Found] = []
    arrest_spoken_of = False
    for start, end in _sentences(plain):
        sentence = plain[start:end]
        of_found = bool(_spans(rf"(?<!\w){_any(patterns.found_people)}(?!\w)", sentence))
        of_arrest = bool(_spans(rf"(?<!\w){_any(patterns.arrested_people)}(?!\w)", sentence))
        they = arrest_spoken_of and bool(
            re.match(r"\s*(?:they|both|he|the two|one|the men|the other)\b", sentence, re.I)
        )
        arrest_spoken_of = of_arrest and not of_found
        for span in (one for pattern in _AGED for one in _spans(pattern, sentence)):
            known = set(_numbers(sentence[slice(*span)])) <= facts.arrested_ages
            if of_found or not (of_arrest or they) or not known:
                found += _refused(Kind.AGE, [(start + span[0], start + span[1])])
    return found


def _numbers(words: str) -> list[int]:
    return [_number(one) for one in re.findall(rf"(?<!\w){_NUMBER}(?!\w)", words, re.IGNORECASE)]


def _number(word: str) -> int:
    return int(word) if word.isdigit() else NUMBER_WORDS[word.lower()]


def _combinations(plain: str, facts: BulletinFacts, patterns: Patterns) -> list[Found]:
    follows = _any(patterns.organisation_follows)
    nationality = rf"(?<!\w)(?-i:{_any(patterns.nationalities)})(?:s)?(?!\w)(?!\s+{follows}\b)"
    with_place = any(_spans(_whole(place), plain) for place in facts.places)
    with_age = any(_spans(pattern, plain) for pattern in _AGED)
    of_people = bool(_spans(rf"(?<!\w){_any(patterns.found_people)}(?!\w)", plain))
    return _refused(Kind.COMBINATION, _spans(nationality, plain)) if with_place or with_age or of_people else []


def _counts(plain: str, facts: BulletinFacts, patterns: Patterns) -> list[Found]:
    found: list[Found] = []
    for person, words in patterns.people.items():
        small = (
            rf"(?<![\w.])(?:[1-9]|{'|'.join(_UNITS)})\s+(?:(?!and\b|were\b|was\b)[\w-]+\s+){{0,2}}?{_any(words)}(?!\w)"
        )
        for span in _spans(small, plain):
            number = _numbers(plain[slice(*span)])[0]
            if number not in facts.counts.get(person, frozenset()):
                found += _refused(Kind.COUNT, [span])
    return found
