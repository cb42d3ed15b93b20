"""Cards, as tagged PDF: the one that a person takes with them, in their language and in English, and those with a
reference alone, drawn at random, that lie ready at the door."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import segno
import typst
from django.utils.safestring import mark_safe

from wilberforce.base.ids import random_reference

from . import lists

KNOWN = frozenset(lists.CARD)


FONTS = str(files("wilberforce.base") / "static" / "base")
"""Letters that a machine may lack; for the others it is asked itself."""


@cache
def _layout(name: str) -> bytes:
    return (files("wilberforce.reception") / "data" / name).read_bytes()


def sides(language: str) -> list[dict[str, Any]]:
    """Their language first; English alone where we have no words for it."""
    codes = dict.fromkeys(code for code in (language, "en") if code in lists.CARD)
    return [lists.CARD[code].words for code in codes]


def card(language: str, *, reference: str, contact: str, on: str) -> bytes:
    """What is typed reaches the layout as data, never as its source."""
    told = {"sides": sides(language), "reference": reference, "contact": contact, "on": on}
    try:
        return _compiled("card.typ", told, pdf_standards=["ua-1"])
    except typst.TypstError:  # no font here for these letters
        return _compiled("card.typ", told | {"letters_missing": True})


def square(code: str) -> str:
    """To scan off a screen."""
    drawn = segno.make(code, error="m", micro=False).svg_inline(scale=4)
    return mark_safe(drawn)  # noqa: S308 - drawn by the library from our own code


def references(number: int, tablet: str) -> bytes:
    drawn = [random_reference("P") for _ in range(number)]
    cards = [{"reference": one, "code": segno.make(one, error="m", micro=False).svg_inline(scale=4)} for one in drawn]
    return _compiled("references.typ", {"cards": cards, "tablet": tablet}, pdf_standards=["ua-1"])


def sheets(things: list[tuple[str, str]], number: int = 10) -> bytes:
    """A page for each of as many people, with a reference that is nobody's yet."""
    told = {"references": [random_reference("P") for _ in range(number)], "things": things}
    return _compiled("sheets.typ", told, pdf_standards=["ua-1"])


def feedback(language: str) -> bytes:
    """Boxes to tick in their language and in English: no reference, no day and no line to write on."""
    asked = [lists.POINTED[code] for code in dict.fromkeys((language, "en"))]
    told = {
        "sides": [
            {"code": one.code, "rtl": one.rtl, "questions": [getattr(one, code) for code in lists.FEEDBACK],
             "faces": [getattr(lists.WELCOME[one.code], face) for face in lists.FACES]}
            for one in asked
        ]
    }  # fmt: skip
    return _compiled("feedback.typ", told, pdf_standards=["ua-1"])


def _compiled(layout: str, told: dict[str, Any], **options: Any) -> bytes:
    inputs = {"told": json.dumps(told)}
    printed: bytes = typst.compile(_layout(layout), format="pdf", font_paths=[FONTS], sys_inputs=inputs, **options)
    return printed
