"""The board is drawn once for all who see the same rows, and nobody gets a drawing of rows that they do not see."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from wilberforce.base import clock
from wilberforce.operations import actions
from wilberforce.operations.views import drawn

from .test_pages import to

PICTURE = {"X-Wb-Picture": "yes"}
OWN = re.compile(r'name="(?:csrfmiddlewaretoken|once)" value="[^"]+"|ticket=[^"]+|\d\d:\d\d:\d\d|data-wb-at="[^"]+"')


@pytest.fixture(autouse=True)
def _nothing_kept():
    drawn._drawn.cache_clear()


@pytest.fixture
def board(day, signed_in):
    def fetched(part):
        answer = signed_in(part).get(to("op_safety:day", day.operation), headers=PICTURE)
        assert answer.status_code == 200
        return answer.content.decode()

    return fetched


def test_two_who_see_the_same_rows_share_a_drawing_and_nothing_that_is_their_own(board):
    first, second = board("op_member_a"), board("op_member_b")
    assert drawn._drawn.cache_info().misses == 1
    assert OWN.sub("", first) == OWN.sub("", second)
    assert set(re.findall(r'name="once" value="([^"]+)"', first)).isdisjoint(
        re.findall(r'"once" value="([^"]+)"', second)
    )


def test_each_tap_of_a_board_can_be_made_once(board):
    taps = re.findall(r'name="once" value="([^"]+)"', board("op_member_a"))
    assert len(taps) == len(set(taps)) > 1


def test_a_fetch_that_finds_its_drawing_kept_writes_its_leaf_all_the_same(board):
    board("op_member_a")
    with CaptureQueriesContext(connection) as sent:
        board("op_member_b")
    assert drawn._drawn.cache_info().hits == 1
    assert [one for one in sent.captured_queries if 'INSERT INTO "ledger_leaf"' in one["sql"]]


def test_what_somebody_recorded_is_on_the_next_drawing(day, board):
    board("op_member_a")
    with day.on_site() as actor:
        reference = actions.record_found(actor, day.sites["B"], age="adult").reference
    assert reference in board("op_member_b")
    assert reference not in board("op_member_fire")


def test_no_mark_is_left_in_what_is_sent(board):
    shown = board("op_commander")
    assert not [mark for mark in drawn.MARKS.values() if mark in shown]


def test_what_does_not_say_all_that_it_is_is_not_kept():
    with pytest.raises(TypeError):
        drawn.drawn(RequestFactory().get("/"), {"sites": [object()]}, at=clock.now(), stream=str(uuid4()))


def test_every_fact_keeps_its_plan(db):
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT p.proname, l.lanname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang "
            r"WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'fact\_%'"
        )
        found = dict(cursor.fetchall())
    assert {name for name, language in found.items() if language != "plpgsql"} == set()
