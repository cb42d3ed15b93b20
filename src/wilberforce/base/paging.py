"""Lists in pages of 25; a number that is wrong or too high shows the nearest page there is."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

PER_PAGE = 25


def page_of(rows: Sequence[Any] | QuerySet[Any], number: str | int | None) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(number)
