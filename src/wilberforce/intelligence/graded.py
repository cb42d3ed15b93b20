"""An item's grade, as its code and in words."""

from wilberforce.access.protect import Row

from .models import Assessment, Grade, Handling


def grade_of(item: Row) -> str:
    return f"{item['source_grade']}{item['assessment']}{item['handling']}"


def in_words(item: Row) -> str:
    """How good its source is, how good what it says, and how it may be handled."""
    said = (Grade(item["source_grade"]), Assessment(item["assessment"]), Handling(item["handling"]))
    return "; ".join(str(one.label) for one in said)
