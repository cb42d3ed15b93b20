"""Lists of 25 that can be narrowed; what narrows them stands in the address, so that going back finds it again.

    class ItemFilters(Filters):
        grade = forms.ChoiceField(label="Source", choices=choice_or_all(Grade), required=False)

        def where(self) -> Q:
            return self.equal(grade="source_grade")

    found = listed(request, partial(ITEMS.many, actor, order_by=LATEST), ItemFilters)
    {% include "base/kit/filters.html" %} ... {% for row in listing.rows %} ... {% include "base/kit/pagination.html" %}

Whatever leads back to the list leads to it as it was left (``left_lists``).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from . import left_lists
from .forms import KitForm

PER_PAGE = 25
LAST_PAGE = 400
Rows = list[dict[str, Any]]


class Filters(KitForm):
    """Asked in the address. Every field is optional; a wrong value narrows nothing and is said beside its field."""

    submit: ClassVar[str] = "Show these"
    auto_id = "filter_%s"

    def where(self) -> Q:
        return Q()

    def equal(self, **columns: str) -> Q:
        """Each field that was answered, as equality with its column."""
        answered = {column: self.answer(name) for name, column in columns.items()}
        return Q(**{column: value for column, value in answered.items() if value not in ("", None)})

    def answer(self, name: str) -> Any:
        return self.cleaned_data.get(name, "") if self.is_bound and hasattr(self, "cleaned_data") else ""

    @property
    def narrowing(self) -> bool:
        return any(self.answer(name) not in ("", None) for name in self.fields)


def choice_or_all(choices: Iterable[tuple[Any, Any]], every: str = "All") -> list[tuple[Any, Any]]:
    return [("", every), *choices]


@dataclass(frozen=True)
class Listing:
    rows: Rows
    number: int = 1
    more: bool = False
    filters: Filters = field(default_factory=Filters)

    def each(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> "Listing":
        """The same page with every row as its page shows it."""
        return Listing([change(row) for row in self.rows], self.number, self.more, self.filters)

    def beside(self, other: "Listing") -> "Listing":
        """Two lists of one page are turned together: there is more while either has more."""
        return replace(self, more=self.more or other.more)

    @property
    def narrowed(self) -> bool:
        return self.filters.narrowing

    @property
    def bare(self) -> bool:
        """Nothing at all, so that there is nothing to narrow either."""
        return not (self.rows or self.narrowed or self.number > 1)


def number_of(request: HttpRequest) -> int:
    """The page that the address names; a number that can't be is the nearest that can."""
    typed = request.GET.get("page", "1")
    return min(max(int(typed), 1), LAST_PAGE) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1


def listed(
    request: HttpRequest, many: Callable[..., Rows], filters: type[Filters] = Filters, where: Q | None = None
) -> Listing:
    """``many(where, limit=, offset=)`` fetches one row more than is shown, to know whether there is another page."""
    left_lists.this_is_one(request)
    asked = filters(request.GET or None, auto_id=filters.auto_id)
    asked.is_valid()
    number = number_of(request)
    found = many((where or Q()) & asked.where(), limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE)
    return Listing(found[:PER_PAGE], number, len(found) > PER_PAGE, asked)


def rows_of(records: QuerySet[Any]) -> Callable[..., Rows]:
    """For tables of no data class: each row is ``{"record": ...}``."""

    def many(where: Q, *, limit: int, offset: int) -> Rows:
        return [{"record": record} for record in records.filter(where)[offset : offset + limit]]

    return many
