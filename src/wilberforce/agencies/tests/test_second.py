"""What takes two guardians, a fresh proof and an enrolled device; and who may not see whom."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies import actions, jobs, second, ties
from wilberforce.agencies.models import Device, Membership, RoleHeld, SecondYes, SignedIn, SubjectBlock
from wilberforce.agencies.rules import GUARDIAN
from wilberforce.base import clock
from wilberforce.base.errors import Gone, NotAllowed, RuleBroken
from wilberforce.ledger import leaves
from wilberforce.survivors.policy import PEOPLE
from wilberforce.survivors.tests.conftest import centre_id, register

from .conftest import PASSWORD, enter, roles_at, with_app, with_password

__all__ = ["centre_id", "register"]

At = Callable[..., AbstractContextManager[Any]]
Browsers = Callable[[str], Client]
Sessions = Callable[[str], bytes]
NEW = "four other invented words"


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def asked_for(at: At, member: Membership, role: str = "intel_officer") -> SecondYes:
    with at("guardian_police", "oversight") as guardian:
        asked = actions.grant_role(guardian, member, role)
    assert isinstance(asked, SecondYes)
    return asked


def way_back(at: At, member: Membership) -> str:
    with at("guardian_police", "oversight") as guardian:
        asked = second.ask_way_back(guardian, member)
    with at("guardian_police_2", "oversight") as other:
        return second.answer(other, asked.pk, True)[1]


def test_a_role_that_opens_much_is_held_once_a_second_guardian_says_yes(at: At, cast: Any, session: Sessions) -> None:
    mine = session("op_member_a")
    asked = asked_for(at, cast["op_member_a"])
    assert roles_at(mine) == ["op_member"]
    with at("guardian_police_2", "oversight") as other:
        second.answer(other, asked.pk, True)
    assert roles_at(mine) == ["intel_officer", "op_member"]
    assert (
        RoleHeld.objects.get(membership=cast["op_member_a"], role="intel_officer").granted_by
        == cast["guardian_police_2"]
    )


def test_a_no_gives_nothing_and_is_final(at: At, cast: Any, session: Sessions) -> None:
    mine = session("op_member_a")
    asked = asked_for(at, cast["op_member_a"])
    with at("guardian_police_2", "oversight") as other:
        second.answer(other, asked.pk, False)
    with pytest.raises(NotAllowed), at("guardian_police_2", "oversight") as other:
        second.answer(other, asked.pk, True)
    assert roles_at(mine) == ["op_member"]


@pytest.mark.parametrize("part", ["guardian_police", "guardian_redcross", "op_commander", "auditor"])
def test_neither_who_asked_nor_an_outsider_answers(at: At, cast: Any, part: str) -> None:
    asked = asked_for(at, cast["op_member_a"])
    purpose = "op_planning" if part == "op_commander" else "oversight"
    with pytest.raises(NotAllowed), at(part, purpose) as somebody:
        second.answer(somebody, asked.pk, True)
    assert SecondYes.objects.get(pk=asked.pk).answered_at is None


def test_the_database_too_wants_two_different_people(at: At, cast: Any) -> None:
    asked = asked_for(at, cast["op_member_a"])
    for same in (cast["guardian_police"], cast["op_member_a"]):
        with pytest.raises(Error, match="second_yes"), transaction.atomic():
            SecondYes.objects.filter(pk=asked.pk).update(answered_by=same, yes=True)


def test_asking_twice_asks_once(at: At, cast: Any) -> None:
    assert asked_for(at, cast["op_member_a"]) == asked_for(at, cast["op_member_a"])


def test_an_invitation_does_not_go_round_the_second_guardian(at: At, cast: Any) -> None:
    with at("guardian_police", "oversight") as guardian:
        token = actions.invite(
            guardian,
            cast.agencies["derbyshire-police"],
            "new@derbyshire-police.example.org",
            ["op_member", "op_commander"],
        ).token
    joined = actions.accept_invitation(token, "Newcomer Hedgerowe", PASSWORD)
    assert [held.role for held in joined.roles_held.all()] == ["op_member"]
    assert [str(asked) for asked in second.waiting_in(joined.agency_id)] == ["commander"]


@pytest.mark.parametrize("missing", [{"stepped_up_at": None}, {"device": None}], ids=["proof", "device"])
def test_a_guardian_acts_only_with_a_fresh_proof_at_an_enrolled_device(
    at: At, cast: Any, signed_in: Browsers, missing: dict[str, Any]
) -> None:
    client, page = signed_in("guardian_police"), f"/people/{cast['op_member_a'].pk}/"
    SignedIn.objects.update(**missing)
    assert client.get(page).status_code == 200
    refused = client.post(page, {"verb": "grant_role", "role-role": "investigator"})
    assert refused.status_code == 403
    assert not RoleHeld.objects.filter(membership=cast["op_member_a"], role="investigator").exists()


def test_the_actions_ask_for_the_fresh_proof_too(at: At, cast: Any, session: Sessions) -> None:
    session("guardian_police")
    with at("guardian_police", "oversight"):
        SignedIn.objects.update(stepped_up_at=None)
    with pytest.raises(NotAllowed), at("guardian_police", "oversight") as guardian:
        actions.grant_role(guardian, cast["op_member_a"], "investigator")


def alone(cast: Any) -> None:
    RoleHeld.objects.filter(membership=cast["guardian_police_2"], role=GUARDIAN).update(ends=clock.now())


def second_guardian(member: Membership) -> str:
    said = StringIO()
    call_command("second_guardian", member.agency.code, member.user.email, stdout=said)
    return said.getvalue()


def test_a_guardian_left_alone_asks_and_the_operator_says_yes_to_a_second_guardian_alone(
    at: At, cast: Any, signed_in: Browsers
) -> None:
    member = cast["op_member_a"]
    with at("guardian_police", "oversight") as guardian:
        actions.grant_role(guardian, member, GUARDIAN)
        actions.grant_role(guardian, member, "intel_officer")
    with pytest.raises(CommandError, match="exactly one"):
        second_guardian(member)
    alone(cast)
    told = words(signed_in("guardian_police").get("/people/"))
    assert "You are the only data guardian here." in told
    assert "Ring the operator, who answers." in told
    with patch.object(leaves, "write", wraps=leaves.write) as written:
        assert "is a data guardian now" in second_guardian(member)
    assert [(actor, note.rule) for actor, (note,), _ in (call.args for call in written.call_args_list)] == [
        (None, "found")
    ]
    assert [str(asked) for asked in second.waiting_in(member.agency_id)] == ["intelligence officer"]
    assert "only data guardian" not in words(signed_in("guardian_police").get("/people/"))
    with pytest.raises(CommandError, match="exactly one"):
        second_guardian(member)


def test_the_operator_makes_nobody_a_guardian_for_whom_nobody_inside_asked(cast: Any) -> None:
    alone(cast)
    with pytest.raises(CommandError, match="has not asked"):
        second_guardian(cast["op_member_a"])


def test_the_second_guardian_answers_on_the_list_of_people(at: At, cast: Any, signed_in: Browsers) -> None:
    asked = asked_for(at, cast["op_member_a"])
    assert "Another guardian answers." in words(signed_in("guardian_police").get("/people/"))
    client = signed_in("guardian_police_2")
    assert "Asked by Leopold Ravenscote" in words(client.get("/people/"))
    client.post(f"/people/waiting/{asked.pk}/", {"answer": "yes"})
    assert "Waits for a second guardian" not in words(client.get("/people/"))
    assert RoleHeld.objects.filter(membership=cast["op_member_a"], role="intel_officer", ends=None).exists()


def test_a_way_back_takes_two_guardians_and_the_mailbox(cast: Any, signed_in: Browsers) -> None:
    member = cast["op_member_a"]
    signed_in("guardian_police").post(f"/people/{member.pk}/", {"verb": "way_back"})
    asked = SecondYes.objects.get()
    jobs.send_way_back(asked=str(asked.pk))
    assert mail.outbox == []
    signed_in("guardian_police_2").post(f"/people/waiting/{asked.pk}/", {"answer": "yes"})
    jobs.send_way_back(asked=str(asked.pk))
    link = mail.outbox[0].body.split("/back/")[1].split("/")[0]
    assert mail.outbox[0].to == [member.user.email]
    assert "For barnaby.thistlewick" in words(Client().get(f"/back/{link}/"))
    assert Client().post(f"/back/{link}/", {"password": "tiny"}).status_code == 200
    assert Client().post(f"/back/{link}/", {"password": NEW}).headers["Location"] == "/sign-in/"
    assert Client().get(f"/back/{link}/").status_code == 410
    assert enter(Client(), member.user.email, NEW).status_code == 302


def test_coming_back_leaves_old_proofs_devices_and_screens_behind(at: At, cast: Any, session: Sessions) -> None:
    member = cast["op_member_a"]
    session("op_member_a")
    with_password(member)
    with_app(member)
    second.take_way_back(way_back(at, member), NEW)
    assert not Device.objects.filter(membership=member, revoked_at=None).exists()
    assert not SignedIn.objects.filter(membership=member, ended_at=None).exists()
    client = Client()
    enter(client, member.user.email, NEW)
    assert client.get("/my-work/").headers["Location"] == "/sign-in/proof/"


def test_a_way_back_runs_out(at: At, cast: Any) -> None:
    token = way_back(at, cast["op_member_a"])
    SecondYes.objects.update(expires=clock.now() - timedelta(seconds=1))
    with pytest.raises(Gone):
        second.take_way_back(token, NEW)


def test_whoever_can_t_get_in_is_told_what_to_do_whoever_they_are(client: Client, db: None) -> None:
    assert "A second guardian says yes." in words(client.get("/sign-in/forgotten/"))
    assert client.post("/sign-in/forgotten/", {"email": "nobody@example.org"}).status_code in (200, 403, 405)
    assert mail.outbox == []


def sees(at: At, person: UUID) -> bool:
    with at("reception_manager", "reception") as manager:
        return bool(PEOPLE.many(manager, projection="", limit=50)) and any(
            row["id"] == person for row in PEOPLE.many(manager, limit=50)
        )


def test_a_declared_link_closes_the_record_at_the_next_request(at: At, register: Any, cast: Any) -> None:
    person = register()
    assert sees(at, person.pk)
    with at("reception_manager", "reception") as manager:
        for _ in range(2):
            ties.declare_conflict(manager, person.reference.lower(), "friend")
    assert not sees(at, person.pk)
    assert cast["reception_manager"].conflicts.count() == 1


def test_a_guardian_records_a_link_for_a_colleague(at: At, register: Any, cast: Any) -> None:
    person = register()
    with at("guardian_redcross", "oversight") as guardian:
        ties.record_conflict(guardian, cast["reception_manager"], person.reference, "family")
    assert not sees(at, person.pk)
    with pytest.raises(NotAllowed), at("guardian_redcross", "oversight") as guardian:
        ties.record_conflict(guardian, cast["op_member_a"], person.reference, "family")


@pytest.mark.parametrize("whole_agency", [True, False])
def test_whom_the_person_does_not_want_sees_nothing(at: At, register: Any, cast: Any, whole_agency: bool) -> None:
    person = register()
    with at("guardian_redcross", "oversight") as guardian:
        ties.block(guardian, person.reference, None if whole_agency else cast["reception_manager"])
    assert not sees(at, person.pk)
    assert SubjectBlock.objects.get(subject_id=person.pk).lifted_at is None


def test_declaring_answers_the_same_whether_or_not_there_is_such_a_record(
    at: At, register: Any, signed_in: Browsers
) -> None:
    person, client = register(), signed_in("op_member_a")
    real = client.post("/sign-in/links/", {"reference": person.reference, "why": "friend"})
    none = client.post("/sign-in/links/", {"reference": "P-ZZZZZZ", "why": "friend"})
    assert (real.status_code, words(real)) == (none.status_code, words(none))
    assert "you no longer see anything of it" in words(real)


def test_a_link_says_how(at: At, register: Any) -> None:
    with pytest.raises(RuleBroken), at("reception_manager", "reception") as manager:
        ties.declare_conflict(manager, register().reference, "gossip")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM agencies_conflictdeclared",
        "UPDATE agencies_conflictdeclared SET why = 'other'",
        "DELETE FROM agencies_subjectblock",
        "SELECT agencies_named('P-ZZZZZZ')",
    ],
)
def test_the_app_takes_no_link_back_and_looks_up_no_reference(db: None, statement: str) -> None:
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
