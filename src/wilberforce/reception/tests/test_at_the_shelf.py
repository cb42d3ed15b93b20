"""Two take of one thing at the same moment: one in the office, the other there too or with a tablet that sends."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from wilberforce.ledger.sequencer import connect
from wilberforce.reception import actions, board

from .conftest import Open
from .tablet import desk_of

pytestmark = pytest.mark.django_db(transaction=True)
BLANKET: dict[str, Any] = {"kind": "clothing", "thing": "blanket"}
WAITS = """
SELECT a.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE NOT l.granted AND a.datname = current_database()
"""


def waits_for_us() -> None:
    """Until the other stands at a lock that our transaction holds."""
    with connect("owner") as at:
        for _ in range(600):
            if at.execute(WAITS).fetchall():
                return
            time.sleep(0.05)
    pytest.fail("nobody waits")


def beside(act: Callable[[], Any], came: list[Any]) -> threading.Thread:
    def on_their_own_connection() -> None:
        try:
            came.append(act())
        except Exception as fault:
            came.append(fault)
        finally:
            connection.close()

    other = threading.Thread(target=on_their_own_connection)
    other.start()
    return other


@pytest.mark.parametrize("with_a", ["page", "tablet"])
def test_two_who_take_of_one_thing_at_once_are_counted_one_after_the_other(centre: Open, at: Any, with_a: str) -> None:
    first, second, desk = centre.arrived(), centre.arrived(), desk_of(at, centre.centre_id)
    with centre.by() as actor:
        actions.restock(actor, centre.centre_id, thing="blanket", change=10)
    desk.writes("gave", {"thing": "blanket", "quantity": 2}, entity=second.pk)

    def on_a_page() -> str:
        with centre.by("health_worker") as actor:
            actions.give(actor, second.pk, quantity=2, **BLANKET)
        return "accepted"

    came: list[Any] = []
    with centre.by() as actor:
        actions.give(actor, first.pk, **BLANKET)
        other = beside(on_a_page if with_a == "page" else lambda: desk.sends()[0].status, came)
        waits_for_us()
    other.join()
    assert came == ["accepted"]
    with centre.by() as actor:
        assert dict(board.stock(actor, centre.centre_id))["Blanket"] == 7
