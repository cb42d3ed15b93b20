"""What a page may cost: statements sent to PostgreSQL and bytes of HTML, counted on the day of the demonstration."""

from __future__ import annotations

import pytest

from wilberforce.web.bench.walk import name_of, walk

AT_MOST, BYTES_AT_MOST = 14, 30_000

NO_PACK = "a pack is sealed once its receipt is under a checkpoint, and nobody signs one on the day"
NOT_OPENED = {
    **{f"{purpose}:{name}": NO_PACK for purpose in ("criminal_investigation", "nrm") for name in ("pack", "pack_file")},
    "criminal_investigation:identity": "no identity is disclosed to police on the day",
    "criminal_investigation:person": "no person's record is disclosed to police on the day, single records are",
    "criminal_investigation:request_for": "is asked from a person's page, and none is disclosed to police",
    "criminal_investigation:shared": "lists what came about a person whose record police see, and they see none",
    "nrm:share_health": "is offered on a person's page, which others open four times before a clinician comes to it",
    "oversight:over": "nothing is over on its first day",
    "oversight:begin_erasure": "begins with something that is over",
    "oversight:erase": "waits for an erasure that somebody began",
    "op_planning:order_read": "takes the form at the foot of a copy of the order, and leads back to it",
    "op_safety:phone_seat": "takes the form of a phone's page, and leads back to it",
    "public_info:answer": "takes the approver's yes or no on a bulletin's page, and leads back to it",
    "platform_ops:try_again": "takes the form beside a failed job, and none of the day fails",
    "reception:care_ended": "takes the form beside a care flag, and leads back to the list",
    "reception:picture": "the picture of a bag goes with a person who is further down the list than the walk opens",
    "reception:screening": "is one step of a person who is further down the list than the walk opens",
    "reception:sit_down": "takes the form of a tablet's page, and leads back to it",
    "reception:time_kept": "takes the form beside a time that is kept, and leads back to it",
    "statistics:say_yes": "no quarter has been over for four weeks, and nobody was found in it",
    "support:care_ended": "takes the form beside a care flag, and leads back to the list",
    "support:emergency_sight": "an emergency of the day is opened from the centre and from the operation",
    "support:handed": "takes the form of a pack's page, and no pack is sealed on the day",
    "support:pack": NO_PACK,
    "support:pack_file": NO_PACK,
    "triage:put_back": "takes the form of a report's page, and leads back to the list",
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
    assert missing <= set(NOT_OPENED)
