"""How many statements a page may cost: a page that slowly asks more is found here, not by those who wait.

A request's own transaction is a savepoint here, so that the two of it are counted. The plan and the board of the day
each read from ten class tables at once.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from .conftest import Day

PAGES = (
    ("op_commander", "/work/", 14),
    ("op_commander", "/op-safety/{operations_operation}/", 22),
    ("op_commander", "/op-planning/{operations_operation}/", 24),
    ("report_desk", "/triage/", 14),
    ("intel_officer", "/intelligence/", 14),
    ("custody_officer", "/custody/", 14),
    ("reception_manager", "/reception/", 15),
    ("comms_officer", "/public-info/", 14),
    ("guardian_police", "/oversight/ledger/", 14),
)


@pytest.mark.django_db
def test_the_pages_most_used_stay_within_their_statements(day: Day, signed_in: Any) -> None:
    dear = []
    for part, path, most in PAGES:
        client = signed_in(part)
        address = path.format(**{table: ids[-1] for table, ids in day.records.items()})
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        cost = len(asked)
        if answer.status_code != 200 or cost > most:
            dear.append((path, answer.status_code, cost, [q["sql"][:110] for q in asked.captured_queries]))
    assert not dear, "\n".join(map(str, dear))
