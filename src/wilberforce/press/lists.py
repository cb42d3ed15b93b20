"""The words and phrases that a bulletin is checked against, and how its headline is told."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from wilberforce.base.lists import read
from wilberforce.press.rules import Kind, Patterns


@cache
def patterns() -> Patterns:
    words: dict[str, Any] = read("press", "forbidden")
    phrases = tuple((Kind(one["kind"]), one["pattern"], one["reason"]) for one in words.pop("phrases"))
    people = {person: tuple(forms) for person, forms in words.pop("people").items()}
    return Patterns(phrases=phrases, people=people, **{key: tuple(value) for key, value in words.items()})


def headline(bulletin: Mapping[str, object]) -> str:
    """A correction says so wherever it is told."""
    return f"Corrected: {bulletin['title']}" if bulletin["first_released_at"] else f"{bulletin['title']}"
