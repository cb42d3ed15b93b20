"""What a page may cost: statements sent to PostgreSQL and bytes of HTML, counted on the day of the demonstration."""

from __future__ import annotations

import pytest

from wilberforce.web.bench.walk import name_of, walk

AT_MOST, BYTES_AT_MOST = 14, 30_000

NOT_OPENED = {
    # nothing of a victim is disclosed to the investigator before a served request was answered
    *(f"criminal_investigation:{page}" for page in ("account", "identity", "person", "request_for", "shared")),
    # nothing is over on its first day
    *(f"oversight:{page}" for page in ("over", "begin_erasure", "erase")),
    # these take a form alone and send a GET back to the page that they belong to
    *("op_planning:order_read", "public_info:answer", "triage:put_back", "reception:care_ended", "support:care_ended"),
    *("support:emergency_sight", "reception:sit_down", "op_safety:phone_seat"),
    # the same, and no job of the day failed
    "platform_ops:try_again",
    # shown after a form alone, and the same whatever was found
    *("support:asked_for_same", "nrm:asked_for_same"),
    # the person's own pages list them, and the walk opens another person's first
    *("reception:time_kept", "reception:screening", "reception:picture"),
    # a pack is sealed once its receipt is under a checkpoint, and nobody signs one on the day
    "support:pack_file",
    # no quarter has been over for four weeks, and nobody was found in it
    "statistics:say_yes",
}
"""Workspace pages that the day leaves nobody to open."""


@pytest.fixture(scope="module")
def walked(busy_day):
    return walk(busy_day.cast, busy_day.letters)


def test_no_page_sends_more_statements_than_its_budget(walked):
    sent = {one.name: len(one.sent) for one in walked.worst()}
    assert {name: count for name, count in sent.items() if count > AT_MOST} == {}


def test_no_page_is_larger_than_its_budget(walked):
    assert {one.name: one.size for one in walked.worst() if one.kind == "text/html" and one.size > BYTES_AT_MOST} == {}


def test_every_page_of_every_workspace_is_walked(walked):
    missing = {name_of(address) for address in walked.missing() if address.declaration.who == "staff"}
    assert missing <= NOT_OPENED
