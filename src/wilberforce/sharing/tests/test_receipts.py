"""A receipt is checked by a file that knows nothing of us: it holds, and whatever is changed in it is found."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from wilberforce.base import clock
from wilberforce.ledger.leaves import pseudonym
from wilberforce.ledger.policy import LEAVES
from wilberforce.sharing import actions, receipts

from .conftest import NEED

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_secrets")]


@pytest.fixture
def sent(at: Any, cast: Any, person: UUID, housing: Any) -> Any:
    with at("reception_manager", "support") as actor:
        begun = actions.begin(
            actor, person, to_agency=cast["housing_officer"].agency_id, data_class="person_ref", fields=NEED,
            basis="adult-safeguarding", projection="housing_need",
        )  # fmt: skip
    with at("guardian_redcross", "oversight") as actor:
        return actions.approve(actor, begun.pk)


def saved(at: Any, sent: Any, part: str = "guardian_city") -> str:
    with at(part, "oversight"):
        return receipts.written(sent, ("British Red Cross", "Derby City Council"))


def test_the_recipient_checks_the_receipt_without_us(at: Any, sent: Any, signed: Any, checked: Any) -> None:
    words = signed()
    with at("guardian_redcross", "oversight") as actor:
        LEAVES.many(actor, projection="own_agency_entries")  # an entry more: the newest checkpoint is another one
    words = signed()
    code, told = checked(saved(at, sent), words)
    assert code == 0, told
    assert f"British Red Cross let Derby City Council read: person_ref, {', '.join(sorted(NEED))}" in told
    assert "answered by a second person" in told
    _finds_every_change(saved(at, sent), words, checked)


def test_a_pseudonym_from_an_entry_of_ones_own_opens_no_history_of_the_person(at: Any, sent: Any, person: UUID) -> None:
    about = "SELECT count(*) FROM ledger_about(%s, %s, %s, %s)"
    bound, times = receipts.bound("", sent).removeprefix("|"), [sent.asked_at, sent.approved_at, clock.now()]
    with at("reception_worker", "reception"), connection.cursor() as cursor:
        for thing, terms, found in (
            (person, "", 0), (person, "terms:", 0), (person, "terms:" + "0" * 48, 0), (sent.pk, bound, 2)
        ):  # fmt: skip
            cursor.execute(about, [pseudonym(thing), terms, sent.from_agency_id, times])
            assert cursor.fetchone() == (found,)


def _finds_every_change(text: str, words: list[str], checked: Any) -> None:
    for change in (
        more_fields,
        another_recipient,
        later_end,
        another_thing,
        another_actor,
        earlier_root,
        no_consistency,
    ):
        code, told = checked(change(json.loads(text)), words)
        assert code == 1, f"{change.__name__}: {told}"
        assert told.startswith("NOT WHOLE")


def more_fields(receipt: Any) -> str:
    receipt["terms"]["fields"].append("date_of_birth")
    return json.dumps(receipt)


def another_recipient(receipt: Any) -> str:
    receipt["terms"]["to"] = receipt["terms"]["id"]
    return json.dumps(receipt)


def later_end(receipt: Any) -> str:
    receipt["terms"]["expires_at"] = "2030-01-01T00:00:00.000000Z"
    return json.dumps(receipt)


def another_thing(receipt: Any) -> str:
    receipt["thing"] = receipt["terms"]["id"]
    return json.dumps(receipt)


def another_actor(receipt: Any) -> str:
    leaf = json.loads(receipt["entries"][0]["leaf"])
    leaf["actor"] = receipt["terms"]["id"]
    receipt["entries"][0]["leaf"] = json.dumps(leaf, separators=(",", ":"))
    return json.dumps(receipt)


def earlier_root(receipt: Any) -> str:
    receipt["newest"] = receipt["entries"][0]["proof"].partition("\n\n")[2].replace("\n1", "\n2", 1)
    return json.dumps(receipt)


def no_consistency(receipt: Any) -> str:
    receipt["consistency"] = {size: [] for size in receipt["consistency"]}
    return json.dumps(receipt)


def test_the_page_says_when_it_can_be_checked_and_gives_the_file_to_both_sides(
    sent: Any, signed: Any, signed_in: Any, checked: Any
) -> None:
    guardian, address = signed_in("guardian_city"), f"/oversight/disclosures/{sent.pk}/"
    assert "within a minute or two" in guardian.get(f"{address}proof/").content.decode()
    words = signed()
    shown = guardian.get(f"{address}proof/").content.decode()
    assert "one.example.org, two.example.org" in shown
    assert receipts.digest(sent) in shown
    assert checked(guardian.get(f"{address}receipt.json").content.decode(), words)[0] == 0
    worker = signed_in("reception_manager").get(f"/support/disclosures/{sent.pk}/receipt.json")
    assert checked(worker.content.decode(), words)[0] == 0
    assert signed_in("guardian_police").get(f"{address}receipt.json").status_code == 404
