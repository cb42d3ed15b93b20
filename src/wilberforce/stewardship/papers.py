"""Which papers are wanting, agency by agency, for whoever runs the machine: titles and dates, no text."""

from collections import defaultdict
from datetime import date

from django.db import connection

from . import policy, rules


def wanting() -> list[str]:
    """A sentence for each agency that lacks a paper, or has one that should have been looked at again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency, kind, language, review_on FROM stewardship_papers(%s)", [list(rules.PAPERS)])
        rows = cursor.fetchall()
    by_agency: dict[str, list[str]] = defaultdict(list)
    for agency, kind, language, review_on in rows:
        if review_on is None or review_on < policy.today():
            by_agency[agency].append(_named(kind, language, review_on))
    return [
        f"{agency} lacks papers: {'; '.join(names)}. A data guardian signs them under Oversight, Papers."
        for agency, names in by_agency.items()
    ]


def _named(kind: str, language: str, review_on: date | None) -> str:
    needed = rules.PAPERS[rules.Paper(kind)]
    name = f"{needed.title} ({language})" if needed.by_language else needed.title
    return name if review_on is None else f"{name} (to be looked at again since {review_on})"
