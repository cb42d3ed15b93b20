"""What a page may cost: statements sent to PostgreSQL and bytes of HTML, counted on the day of the demonstration."""

from __future__ import annotations

import pytest

from wilberforce.web.bench.walk import name_of, walk

AT_MOST, BYTES_AT_MOST = 14, 30_000

NOT_OPENED = {
    *("triage:report", "triage:claim", "triage:put_back", "triage:reply", "triage:write_item", "support:care"),
    *("nrm:submitted", "nrm:check", "nrm:notified", "oversight:approval", "oversight:refusal", "public_info:answer"),
    *("criminal_investigation:person", "criminal_investigation:identity", "criminal_investigation:account"),
    *("nrm:grounds", "nrm:conclusive", "nrm:form_closed", "triage:close", "support:care_ended", "support:placement"),
    *("oversight:receipt", "oversight:recalled", "oversight:agreement_ended", "support:receipt", "support:recalled"),
    *("support:request", "criminal_investigation:request", "criminal_investigation:request_for"),
    *(f"{purpose}:emergency_sight" for purpose in ("reception", "support", "op_safety")),
    *(f"{purpose}:call_{said}" for purpose in ("support", "op_safety", "custody") for said in ("yes", "no", "agreed")),
    *("oversight:emergency_review", "op_planning:order_read"),
    # in the played day nothing is over, held or signed yet
    *("oversight:over", "oversight:begin_erasure", "oversight:erase", "oversight:end_hold", "oversight:told"),
    "oversight:paper",
    *("op_safety:receive", "op_safety:handover_undo", "reception:arrived", "custody:arrived"),
    *("criminal_investigation:shared", "criminal_investigation:receipt", "criminal_investigation:recalled"),
    *(
        "reception:unassign",
        "reception:role_ended",
        "reception:care_ended",
        "reception:clinical",
        "support:clinical",
        "support:share_health",
    ),
}
"""Workspace pages that the day leaves nobody to open with a GET: forms that only answer, and work that is done."""


@pytest.fixture(scope="module")
def walked(played_day):
    return walk(played_day.cast)


def test_no_page_sends_more_statements_than_its_budget(walked):
    sent = {one.name: len(one.sent) for one in walked.worst()}
    assert {name: count for name, count in sent.items() if count > AT_MOST} == {}


def test_no_page_is_larger_than_its_budget(walked):
    assert {one.name: one.size for one in walked.worst() if one.size > BYTES_AT_MOST} == {}


def test_every_page_of_every_workspace_is_walked(walked):
    missing = {name_of(address) for address in walked.missing() if address.declaration.who == "staff"}
    assert missing <= NOT_OPENED
