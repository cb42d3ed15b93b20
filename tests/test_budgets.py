"""What a page may cost: statements sent to PostgreSQL and bytes of HTML, counted on the day of the demonstration."""

from __future__ import annotations

import pytest
from django.test import override_settings

from wilberforce.web.bench.walk import name_of, walk
from wilberforce.web.pictures import unlike

AT_MOST, BYTES_AT_MOST = 14, 30_000

NO_PACK = "the day seals one pack, in the workspace of support: the pages are the same"
NOT_OPENED = {
    "account_set_password": "is there for nobody: an account without a password has none to change",
    "account_signup": "says to everybody that nobody signs up here",
    "criminal_investigation:pack_file": NO_PACK,
    "demo_sign_in": "takes the form of the demonstration's list",
    "mfa_download_recovery_codes": "shows codes once, right after they were made",
    "mfa_view_recovery_codes": "shows codes once, right after they were made",
    "nrm:pack": NO_PACK,
    "nrm:pack_file": NO_PACK,
    "op_safety:phone_seat": "is asked by a phone's own page, which shows the cookie that the phone alone has",
    "ready": "answers a machine, and only yes while a worker is at work",
    "reception:sit_down": "is asked by a tablet's own page, which shows the cookie that the tablet alone has",
}
"""Addresses that no person opens with a GET."""


@pytest.fixture(scope="module")
def walked(busy_day):
    with override_settings(DEMO=True):
        return walk(busy_day.cast, busy_day.letters)


def test_no_page_sends_more_statements_than_its_budget(walked):
    sent = {one.name: len(one.sent) for one in walked.worst()}
    assert {name: count for name, count in sent.items() if count > AT_MOST} == {}


def test_no_page_is_larger_than_its_budget(walked):
    """Of HTML. A sheet for the printer is a file: it is fetched while there is time, and nobody waits for it."""
    assert {one.name: one.size for one in walked.worst() if one.kind == "text/html" and one.size > BYTES_AT_MOST} == {}


def test_every_address_is_walked(walked):
    assert {name_of(address) for address in walked.missing()} == set(NOT_OPENED)


def test_the_handbook_shows_every_page_that_somebody_opens(walked):
    """What is found here is mended by taking the pictures: ``./wb docs --pictures``."""
    wrong = unlike(walked)
    assert not wrong, "\n".join(wrong)
