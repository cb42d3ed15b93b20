"""What everybody may know of themselves, and how they leave."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.access.asking import matrix
from wilberforce.agencies import actions, mine, rights_words
from wilberforce.agencies.cast import PARTS
from wilberforce.agencies.models import Membership, RoleHeld, SignedIn
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.own import own_entries

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize("part", PARTS, ids=[part.key for part in PARTS])
def test_everybody_finds_each_rule_that_speaks_of_their_role_and_its_reason(
    signed_in: Browsers, cast: Any, part: Any
) -> None:
    client = signed_in(part.key)
    response = client.get("/sign-in/access/")
    page, kind = response.content.decode(), cast[part.key].agency.kind
    rules = [rule for rule in matrix().rules if kind in rule.agencies and set(part.roles) & set(rule.roles)]
    assert [rule.id for rule in rules if f"Rule {rule.id}." not in page] == []
    assert len(response.content) < 30_000


def test_every_rule_is_said_in_words_and_everything_that_may_be_missing_says_who_gives_it() -> None:
    facts = {fact.name for fact in matrix().facts.values() if fact.kind == "person"} - {"sterile"}
    asked = {name for rule in matrix().rules for name in rule.when}
    assert asked <= set(rights_words.NEEDS)
    assert (asked & facts) | set(mine.STANDING) <= set(rights_words.MISSING)
    assert {name for rule in matrix().rules for name in rule.classes} <= set(rights_words.THINGS)
    assert {rule.fields for rule in matrix().rules if rule.fields} <= set(rights_words.PARTS)


def test_a_need_that_turns_on_the_person_says_whether_it_is_met_now(at: At) -> None:
    with at("custody_officer", "custody") as officer:
        (held,) = mine.rights(officer)
    (right,) = (right for right in held.rights if right.rule.id == "A65")
    states = {need.fact.name: need.state for need in right.needs}
    assert (held.role, states["on_shift"], states["independent"]) == ("custody_officer", "not now", "")
    assert [need.missing for need in right.missing] == ["You are not signed in to a shift. Sign in to it first."]


def test_a_fresh_proof_that_ran_out_shows_as_not_now(at: At, signed_in: Browsers) -> None:
    client = signed_in("op_commander")
    assert "that it is you (yes, now)" in words(client.get("/sign-in/access/"))
    SignedIn.objects.update(stepped_up_at=None)
    assert "that it is you (not now)" in words(client.get("/sign-in/access/"))


def test_everybody_reads_what_the_ledger_holds_of_them_and_of_nobody_else(at: At) -> None:
    with at("op_commander", "op_planning") as commander:
        own_entries(commander, 25)
    with at("intel_officer", "intelligence") as officer:
        assert own_entries(officer, 25) == []
    with at("op_commander", "op_planning") as commander:
        (entry,) = own_entries(commander, 25)
    assert (entry.spoken, entry.subject_class, entry.role) == ("Read", "audit", "op_commander")


def test_the_own_entries_come_in_pages_of_25(signed_in: Browsers) -> None:
    client = signed_in("auditor")
    for _ in range(27):
        client.get("/my-work/")
    assert "Next" in words(client.get("/sign-in/reads/"))
    second = words(client.get("/sign-in/reads/?page=2"))
    assert "Previous" in second
    assert "Next" not in second
    assert client.get("/sign-in/reads/?page=nonsense").status_code == 200


def test_somebody_leaves_their_agency_by_themselves(signed_in: Browsers, cast: Any) -> None:
    client, me = signed_in("op_member_a"), cast["op_member_a"]
    assert "Tick this if you want to leave." in words(client.post("/sign-in/leave/", {"purpose": ""}))
    assert client.post("/sign-in/leave/", {"sure": "on"}).headers["Location"] == "/sign-in/"
    assert client.get("/my-work/").status_code == 302
    assert not RoleHeld.objects.filter(membership=me, ends=None).exists()
    assert not SignedIn.objects.filter(membership=me, ended_at=None).exists()


def test_the_last_guardian_can_not_leave(at: At, cast: Any) -> None:
    with pytest.raises(RuleBroken, match="last data guardian"), at("guardian_fire", "oversight") as guardian:
        actions.leave(guardian)
    assert Membership.objects.get(pk=cast["guardian_fire"].pk).ends is None


def test_the_account_page_leads_to_all_of_it(signed_in: Browsers) -> None:
    page = signed_in("op_member_a").get("/sign-in/sessions/").content.decode()
    assert all(f'href="/sign-in/{way}/"' in page for way in ("access", "reads", "leave", "device"))
