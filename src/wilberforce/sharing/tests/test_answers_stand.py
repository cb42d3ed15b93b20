"""Whoever can send SQL as the application still can't write another's answer, or turn round one that was given."""

import pytest
from django.db import ProgrammingError, connection, transaction

from .test_emergencies import addresses, answers, reference, threatened  # noqa: F401 - fixtures

TURNED_ROUND = "UPDATE sharing_emergency SET {} WHERE id = %s"


def refused(at, part, purpose, sql, found):
    with (
        at(part, purpose),
        pytest.raises(ProgrammingError, match="somebody else answers this"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(TURNED_ROUND.format(sql), [found.pk])
    return True


@pytest.mark.parametrize(
    "sql",
    ["peer_said = 'yes', peer_at = access_now()", "second_at = access_now() + interval '3 minutes'",
     "own_review = 'justified', own_review_at = access_now()"],
    ids=["a yes", "a second command", "a review"],
)  # fmt: skip
def test_whoever_broke_the_glass_cant_answer_with_no_name_under_it(at, threatened, sql):  # noqa: F811
    assert refused(at, "op_commander", "op_safety", sql, threatened())
    assert addresses(at) == []


def test_a_no_is_not_turned_into_a_yes_afterwards(at, threatened):  # noqa: F811
    found = threatened()
    answers(at, found, said="no")
    assert refused(at, "reception_manager", "support", "peer_said = 'yes'", found)
    assert addresses(at) == []
