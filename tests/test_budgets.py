"""What a page may cost: statements sent to PostgreSQL and bytes of HTML, counted on the day of the demonstration."""

from __future__ import annotations

import pytest

from wilberforce.web.bench.walk import name_of, walk

AT_MOST, BYTES_AT_MOST = 14, 30_000

OVER = {
    "op_planning:plan": (17, "seven class tables of the plan, each asked once, and the names on it"),
    "op_safety:day": (18, "six class tables, two more for the commander, and the boxes of two later stages"),
    "op_safety:index": (18, "the board of the only operation, shown at once"),
}
"""Pages that send more, with their figure. It may fall and never rise; a page that got below leaves the list."""

NOT_OPENED = {
    *("account_login", "account_step_up", "account_reauthenticate", "account_change_password"),
    *("account_set_password", "account_signup", "account_agency", "account_device_lost", "join"),
    *("mfa_authenticate", "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes"),
    *("mfa_download_recovery_codes", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn"),
    *("mfa_login_webauthn", "demo_renew", "demo_sign_in", "updates_confirm", "updates_leave"),
    *("triage:report", "triage:claim", "triage:put_back", "triage:reply", "triage:write_item", "support:care"),
    *("nrm:submitted", "nrm:check", "nrm:notified", "oversight:approval", "oversight:refusal", "public_info:answer"),
    *("criminal_investigation:person", "criminal_investigation:identity", "criminal_investigation:account"),
}
"""What the day leaves nobody to open with a GET: forms that only answer, steps of signing in, work that is done."""


@pytest.fixture(scope="module")
def walked(played_day):
    return walk(played_day.cast)


def test_no_page_sends_more_statements_than_its_budget(walked):
    over = {one.name: len(one.sent) for one in walked.worst() if len(one.sent) > AT_MOST}
    assert over == {name: figure for name, (figure, _) in OVER.items()}


def test_no_page_is_larger_than_its_budget(walked):
    assert {one.name: one.size for one in walked.worst() if one.size > BYTES_AT_MOST} == {}


def test_no_page_sends_the_same_statement_twice(walked):
    twice = {one.name: [sql[:120] for sql in {*one.sent} if one.sent.count(sql) > 1] for one in walked.worst()}
    assert {name: found for name, found in twice.items() if found} == {}


def test_every_page_of_the_day_is_walked(walked):
    assert {name_of(address) for address in walked.missing()} <= NOT_OPENED
