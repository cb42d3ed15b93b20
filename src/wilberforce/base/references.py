"""A reference as somebody with cold hands types it from a card. A slip is told beside the field: it would make a person
who does not exist, or be answered as if nobody were known by it."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .ids import READABLE

LONG = 6
ALIKE = "01ILOU"
PERSON, ANY = ("P",), ("P", "OP", "EX", "A", "C")
"""A person's alone; or also that of an operation, of an arrest and of who is detained."""
DASHES = re.compile("[\u2010-\u2015]")
PLAYED = "EX- is on the cards of an exercise. Nothing that is played is kept here."


def read(typed: str, prefixes: tuple[str, ...] = PERSON) -> str:
    """As it stands on the card, with the letters in front that somebody left out. Raises ValueError with words."""
    before, body = _parts(DASHES.sub("-", typed.upper()).strip(), "|".join((*prefixes, "EX")))
    usual = prefixes[0]
    if strange := [letter for letter in dict.fromkeys(body) if letter not in READABLE]:
        raise ValueError(_stands_on_none(strange))
    if not before and len(body) == LONG and re.match("P|EX", body):
        raise ValueError(f"Is that {usual}-{body}? Type it with {usual}- in front, as on the card.")
    if len(body) != LONG:
        raise ValueError(
            f"A reference is like {usual}-7K3MQX: {usual}- and six letters or figures. This has {len(body)}."
        )
    if not before and len(prefixes) > 1:
        raise ValueError(f"Type the letters in front of it too, such as {usual}-{body}.")
    if before == "EX" and before not in prefixes:
        raise ValueError(PLAYED)
    return f"{before or usual}-{body}"


def searched(typed: str) -> str:
    """The whole reference, however it was typed; else the part of one that somebody remembers."""
    try:
        return read(typed)
    except ValueError:
        return "".join(DASHES.sub("-", typed).split())


def _parts(typed: str, known: str) -> tuple[str, str]:
    said = re.fullmatch(rf"(?:({known})\s*-)?(.*)", typed, re.DOTALL)
    before, rest = (said[1] or "", said[2]) if said else ("", typed)
    bare = re.sub(r"[\s.-]", "", rest)
    run_on = None if before else re.fullmatch(rf"({known})?(.{{{LONG}}})", bare)
    return (run_on[1] or "", run_on[2]) if run_on else (before, bare)


def _stands_on_none(strange: list[str]) -> str:
    why = ": 0, 1, I, L, O and U look like others and are left out" if set(strange) & set(ALIKE) else ""
    return f"{' and '.join(strange)} stands on no card{why}. Look at the card again."


CONFUSED = str.maketrans("0185UV", "OIBSVV")
SHORTEST = 5


def plain(reference: str) -> str:
    """As somebody with cold hands reads it from a card: what looks alike is alike."""
    return "".join(one for one in reference.upper() if one.isalnum()).translate(CONFUSED)


def nearly_the_same(one: str, other: str) -> bool:
    """The same, or one letter wrong, missing, too many or changed round with the next."""
    a, b = plain(one), plain(other)
    if min(len(a), len(b)) < SHORTEST:
        return a == b
    return a == b or _one_slip(*sorted((a, b), key=len))


def _one_slip(short: str, long: str) -> bool:
    differs = next((n for n, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(long) - len(short) == 1:
        return short[differs:] == long[differs + 1 :]
    if len(long) != len(short):
        return False
    swapped = short[differs : differs + 2] == long[differs : differs + 2][::-1]
    return short[differs + 1 :] == long[differs + 1 :] or (swapped and short[differs + 2 :] == long[differs + 2 :])


class ReferenceField(forms.CharField):
    def __init__(
        self, *, label: str, prefixes: tuple[str, ...] = PERSON, required: bool = True, help_text: str = ""
    ) -> None:
        self.prefixes = prefixes
        asked = forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"})
        super().__init__(label=label, required=required, help_text=help_text, max_length=20, widget=asked)

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        if not typed:
            return ""
        try:
            return read(typed, self.prefixes)
        except ValueError as misread:
            raise ValidationError(str(misread)) from misread
