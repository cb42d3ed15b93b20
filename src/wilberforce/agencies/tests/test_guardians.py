"""What guardians may do for their own people, and never for themselves or for another agency."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from wilberforce.agencies import actions, jobs, policy, second, sittings
from wilberforce.agencies.models import Device, Invitation, Membership, RoleHeld, SecondYes, SignedIn, User
from wilberforce.base import clock
from wilberforce.base.errors import Gone, NotAllowed, RuleBroken
from wilberforce.ledger.models import Leaf

from .conftest import PASSWORD, holds, lives, opened, roles_at

At = Callable[..., AbstractContextManager[Any]]
Sessions = Callable[[str], bytes]
SECOND = timedelta(seconds=1)
NEWCOMER = "newcomer@derbyshire-police.example.org"


def invited(at: At, cast: Any, *roles: str, email: str = NEWCOMER) -> str:
    with at("guardian_police", "oversight") as guardian:
        return actions.invite(guardian, cast.agencies["derbyshire-police"], email, roles or ("op_member",)).token


def test_an_invited_person_joins_with_the_roles_they_were_invited_for(at: At, cast: Any) -> None:
    token = invited(at, cast, "op_member", "investigator")
    joined = actions.accept_invitation(token, "Newcomer Hedgerowe", PASSWORD)
    assert joined.agency == cast.agencies["derbyshire-police"]
    assert {held.role for held in joined.roles_held.all()} == {"op_member", "investigator"}
    assert joined.user.check_password(PASSWORD)


def test_passwords_are_kept_with_argon2(at: At, cast: Any) -> None:
    joined = actions.accept_invitation(invited(at, cast), "Newcomer Hedgerowe", PASSWORD)
    assert joined.user.password.startswith("argon2$argon2id$")


def test_an_invitation_works_once(at: At, cast: Any) -> None:
    token = invited(at, cast)
    actions.accept_invitation(token, "Newcomer Hedgerowe", PASSWORD)
    with pytest.raises(Gone):
        actions.accept_invitation(token, "Somebody Else", PASSWORD)


def test_an_invitation_expires(at: At, cast: Any) -> None:
    token = invited(at, cast)
    Invitation.objects.update(expires=clock.now() - SECOND)
    with pytest.raises(Gone):
        actions.accept_invitation(token, "Newcomer Hedgerowe", PASSWORD)
    assert not User.objects.filter(email=NEWCOMER).exists()


def test_whoever_did_not_come_in_time_gets_a_fresh_link_from_the_guardians_page(
    at: At, cast: Any, signed_in: Any
) -> None:
    late = invited(at, cast)
    Invitation.objects.update(expires=clock.now() - SECOND)
    guardian, city = signed_in("guardian_police"), signed_in("guardian_city")
    (asked,) = re.findall(r'action="(/people/invited/[^"]+)"', guardian.get("/people/").content.decode())
    assert city.post(asked, {"answer": "again"}).status_code == 404
    assert guardian.post(asked, {"answer": "again"}).headers["Location"] == "/people/"
    fresh = Invitation.objects.get(accepted_at=None, withdrawn_at=None)
    jobs.send_invitation(invitation=str(fresh.pk))
    (letter,) = mail.outbox
    page = guardian.get("/people/").content.decode()
    assert ("Their link works until" in page, "did not come in time" in page) == (True, False)
    with pytest.raises(Gone):
        actions.accept_invitation(late, "Newcomer Hedgerowe", PASSWORD)
    assert guardian.post(f"/people/invited/{fresh.pk}/", {"answer": "withdraw"}).status_code == 302
    with pytest.raises(Gone):
        actions.accept_invitation(letter.body.split("/join/")[1].split("/")[0], "Newcomer Hedgerowe", PASSWORD)
    jobs.send_invitation(invitation=str(fresh.pk))
    assert mail.outbox == [letter]


def test_the_database_never_holds_an_invitations_link(at: At, cast: Any) -> None:
    token = invited(at, cast)
    assert bytes(Invitation.objects.get().token_hash) == sittings.hash_of(token)


def test_somebody_who_works_elsewhere_proves_it_with_their_password(at: At, cast: Any) -> None:
    host = cast["op_member_host"].user
    host.set_password(PASSWORD)
    host.save()
    token = invited(at, cast, email=host.email)
    with pytest.raises(RuleBroken):
        actions.accept_invitation(token, "An Impostor", "a different long password")
    host.refresh_from_db()
    assert host.check_password(PASSWORD)
    assert Invitation.objects.get().accepted_at is None
    assert actions.accept_invitation(token, "ignored", PASSWORD).user == host


def test_a_weak_password_is_refused_with_a_reason(at: At, cast: Any) -> None:
    with pytest.raises(RuleBroken, match="too short"):
        actions.accept_invitation(invited(at, cast), "Newcomer Hedgerowe", "tiny")


def test_nobody_is_invited_to_a_role_of_another_kind_of_agency(at: At, cast: Any) -> None:
    with pytest.raises(RuleBroken, match="does not hold that role"):
        invited(at, cast, "reception_worker")


def test_a_guardian_gives_and_ends_a_role(at: At, cast: Any, session: Sessions) -> None:
    mine = session("op_member_a")
    with at("guardian_police", "oversight") as guardian:
        held = actions.grant_role(guardian, cast["op_member_a"], "investigator")
    assert isinstance(held, RoleHeld)
    assert roles_at(mine) == ["investigator", "op_member"]
    with at("guardian_police", "oversight") as guardian:
        actions.end_role(guardian, held, why="The case is over")
    assert roles_at(mine) == ["op_member"]
    assert RoleHeld.objects.get(pk=held.pk).granted_by == cast["guardian_police"]


def page_of(member: Membership) -> str:
    return f"/people/{member.pk}/"


def last_day_of(held: RoleHeld) -> Any:
    return held.ends and clock.in_london(held.ends).date()


def day(name: str, at: Any) -> dict[str, str]:
    return {f"{name}_{n}": str(part) for n, part in enumerate((at.day, at.month, at.year))}


def test_a_role_is_given_until_a_day_prolonged_and_ended_on_the_guardians_page(
    cast: Any, signed_in: Any, session: Sessions
) -> None:
    guardian, page = signed_in("guardian_police"), page_of(cast["op_member_a"])
    today = clock.in_london(clock.now()).date()
    soon, later = today + timedelta(days=3), today + timedelta(days=9)
    give = {"verb": "grant_role", "role-role": "investigator"}
    for wrong, sentence in (
        ({"role-last_day_0": "31"}, "must include a month"),
        (day("role-last_day", today - timedelta(days=1)), "has not passed"),
    ):
        assert sentence in guardian.post(page, give | wrong).content.decode()
    assert guardian.post(page, give | day("role-last_day", soon)).status_code == 302
    held = RoleHeld.objects.get(role="investigator", membership=cast["op_member_a"])
    assert last_day_of(held) == soon
    assert roles_at(session("op_member_a")) == ["investigator", "op_member"]
    assert "investigator" in policy.parts_of([held.membership_id])[held.membership_id].lower(), "on paper too"
    change = {"verb": "end_role", "held-held": str(held.pk), "held-until": "day"}
    assert "Enter the day" in guardian.post(page, change | {"held-why": "Longer"}).content.decode()
    assert guardian.post(page, change | day("held-last_day", later)).status_code == 200
    assert guardian.post(page, change | day("held-last_day", later) | {"held-why": "Longer"}).status_code == 302
    held.refresh_from_db()
    anew = RoleHeld.objects.get(role="investigator", membership=cast["op_member_a"], ends__gt=clock.now())
    assert (held.why_ended, last_day_of(anew)) == ("Longer", later)
    for until, why in (("day", "Sooner after all"), ("never", "Stays"), ("now", "The case is over")):
        held = RoleHeld.objects.exclude(ends__lte=clock.now()).get(role="investigator", membership=cast["op_member_a"])
        said = {"held-held": str(held.pk), "held-until": until, "held-why": why} | day("held-last_day", soon)
        assert guardian.post(page, change | said).status_code == 302
    told = guardian.get(page).content.decode()
    assert "Why: The case is over" in told
    assert "Why: Longer" in told
    assert roles_at(session("op_member_a")) == ["op_member"]


def test_a_grave_role_is_prolonged_by_two_and_shortened_by_one(at: At, cast: Any) -> None:
    member, today = cast["op_member_a"], clock.in_london(clock.now()).date()
    soon, later = today + timedelta(days=3), today + timedelta(days=9)
    with at("guardian_police", "oversight") as guardian:
        asked = actions.grant_role(guardian, member, "intel_officer", soon)
        with pytest.raises(RuleBroken, match="with another end"):
            actions.grant_role(guardian, member, "intel_officer", later)
    with at("guardian_police_2", "oversight") as guardian:
        second.answer(guardian, asked.pk, True)
    held = RoleHeld.objects.get(role="intel_officer", membership=member)
    with at("guardian_police", "oversight") as guardian:
        longer = actions.prolong_role(guardian, held, why="The desk is short", last_day=later)
        assert isinstance(longer, SecondYes)
        actions.end_role(guardian, held, why="Sooner", last_day=today)
        with pytest.raises(RuleBroken, match="no later than that"):
            actions.end_role(guardian, held, why="Later", last_day=soon)
    with at("guardian_police_2", "oversight") as guardian:
        second.answer(guardian, longer.pk, True)
    anew = RoleHeld.objects.get(role="intel_officer", membership=member, ends__gt=clock.now())
    assert last_day_of(anew) == later


def test_leaving_ends_a_role_that_had_a_last_day(at: At, cast: Any) -> None:
    with at("guardian_police", "oversight") as guardian:
        soon = clock.in_london(clock.now()).date() + timedelta(days=3)
        actions.grant_role(guardian, cast["op_member_a"], "investigator", soon)
        actions.end_membership(guardian, cast["op_member_a"])
    assert not RoleHeld.objects.filter(membership=cast["op_member_a"]).exclude(ends__lte=clock.now()).exists()


def test_a_guardian_gives_nothing_to_themselves(at: At, cast: Any) -> None:
    with pytest.raises(NotAllowed), at("guardian_police", "oversight") as guardian:
        actions.grant_role(guardian, cast["guardian_police"], "intel_officer")
    assert not RoleHeld.objects.filter(membership=cast["guardian_police"], role="intel_officer").exists()


def test_a_guardian_has_no_say_in_another_agency(at: At, cast: Any) -> None:
    with pytest.raises(NotAllowed), at("guardian_redcross", "oversight") as guardian:
        actions.grant_role(guardian, cast["op_member_a"], "investigator")
    with pytest.raises(NotAllowed), at("guardian_redcross", "oversight") as guardian:
        actions.end_membership(guardian, cast["op_member_a"])
    with pytest.raises(NotAllowed), at("guardian_redcross", "oversight") as guardian:
        actions.invite(guardian, cast.agencies["derbyshire-police"], NEWCOMER, ["op_member"])


def test_somebody_who_is_no_guardian_administers_nobody(at: At, cast: Any) -> None:
    with pytest.raises(NotAllowed), at("op_commander", "op_planning") as commander:
        actions.grant_role(commander, cast["op_member_a"], "investigator")


def test_a_guardian_whose_role_has_ended_administers_nobody(at: At, cast: Any) -> None:
    with at("guardian_police", "oversight") as guardian:
        RoleHeld.objects.filter(membership=cast["guardian_police"]).update(ends=clock.now())
        with pytest.raises(NotAllowed):
            actions.grant_role(guardian, cast["op_member_a"], "investigator")


def test_leaving_ends_roles_devices_and_open_screens_at_once(at: At, cast: Any, session: Sessions) -> None:
    mine, leaver = session("op_member_a"), cast["op_member_a"]
    with at("guardian_police", "oversight") as guardian:
        actions.end_membership(guardian, leaver)
    assert not lives(mine)
    assert not leaver.roles_held.filter(ends=None).exists()
    assert not Device.objects.filter(membership=leaver, revoked_at=None).exists()
    assert not SignedIn.objects.filter(membership=leaver, ended_at=None).exists()


def test_nothing_is_given_to_somebody_who_has_left(at: At, cast: Any) -> None:
    with at("guardian_police", "oversight") as guardian:
        actions.end_membership(guardian, cast["op_member_a"])
        with pytest.raises(RuleBroken, match="no longer work here"):
            actions.grant_role(guardian, cast["op_member_a"], "investigator")


def test_a_device_counts_once_its_person_has_typed_the_code(at: At, cast: Any, session: Sessions) -> None:
    mine = session("op_member_a")
    SignedIn.objects.filter(session_key_hash=mine).update(device=None)
    with at("guardian_police", "oversight") as guardian:
        enrolled = actions.enrol_device(guardian, cast["op_member_a"], "Tablet 7")
    assert not holds(mine, "op_safety", "managed_device")
    with at("op_member_a", "op_safety") as member:
        secret = actions.open_device(member, mine, enrolled.code.lower())
    assert holds(mine, "op_safety", "managed_device")
    assert bytes(Device.objects.get(pk=enrolled.device.pk).token_hash) == sittings.hash_of(secret)


def test_a_devices_code_works_once_soon_and_for_its_person(at: At, cast: Any, session: Sessions) -> None:
    mine, other = session("op_member_a"), session("op_member_b")
    with at("guardian_police", "oversight") as guardian:
        first = actions.enrol_device(guardian, cast["op_member_a"], "Tablet 7")
        late = actions.enrol_device(guardian, cast["op_member_a"], "Tablet 8")
    with pytest.raises(RuleBroken), at("op_member_b", "op_safety") as member:
        actions.open_device(member, other, first.code)
    with at("op_member_a", "op_safety") as member:
        actions.open_device(member, mine, first.code)
    with pytest.raises(RuleBroken), at("op_member_a", "op_safety") as member:
        actions.open_device(member, mine, first.code)
    Device.objects.filter(pk=late.device.pk).update(enrolled_at=clock.now() - timedelta(minutes=31))
    with pytest.raises(RuleBroken), at("op_member_a", "op_safety") as member:
        actions.open_device(member, mine, late.code)


def test_anybody_says_that_their_own_device_is_lost(at: At, cast: Any, session: Sessions) -> None:
    mine = session("op_member_a")
    with at("op_member_a", "op_safety") as member:
        actions.revoke_device(member, Device.objects.get(membership=cast["op_member_a"]))
    assert holds(mine, "op_safety", "device_untrusted")


def test_nobody_revokes_a_colleagues_device(at: At, cast: Any, session: Sessions) -> None:
    session("op_member_b")
    with pytest.raises(NotAllowed), at("op_member_a", "op_safety") as member:
        actions.revoke_device(member, Device.objects.get(membership=cast["op_member_b"]))


def test_checks_are_recorded_by_somebody_else(at: At, cast: Any) -> None:
    with at("guardian_redcross", "oversight") as guardian:
        actions.record_checks(guardian, cast["health_worker"], 2, clock.now().date())
    assert Membership.objects.get(pk=cast["health_worker"].pk).vetting == 2
    with pytest.raises(RuleBroken, match="future"), at("guardian_redcross", "oversight") as guardian:
        actions.record_checks(guardian, cast["health_worker"], 2, clock.now().date() + timedelta(days=2))


def test_every_act_of_a_guardian_leaves_a_leaf(at: At, cast: Any) -> None:
    invited(at, cast)
    with at("guardian_police", "oversight", ["audit:R:own_agency_entries"]):
        leaves = list(Leaf.objects.filter(subject_class="members").values_list("action", "rule", "allowed"))
    assert leaves == [("W", "guardian", True)]


def test_a_new_agency_begins_with_two_guardians_by_invitation(db: None) -> None:
    guardians = ["one@new-force.example.org", "two@new-force.example.org"]
    call_command("found", "police", "new-force", "New Force", *guardians, stdout=StringIO())
    assert mail.outbox == []
    for invitation in Invitation.objects.order_by("id"):
        jobs.send_invitation(invitation=str(invitation.pk))
    assert [message.to for message in mail.outbox] == [[address] for address in guardians]
    path = mail.outbox[0].body.split("/join/")[1].split("/")[0]
    joined = actions.accept_invitation(path, "Newcomer Hedgerowe", PASSWORD)
    assert (joined.agency.code, [held.role for held in joined.roles_held.all()]) == ("new-force", ["data_guardian"])


def test_an_invitation_waits_for_a_mail_server_that_is_down(db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "nowhere.invalid"
    guardians = ["one@new-force.example.org", "two@new-force.example.org"]
    call_command("found", "police", "new-force", "New Force", *guardians, stdout=StringIO())
    waiting = ProcrastinateJob.objects.filter(task_name="wilberforce.agencies.jobs.send_invitation", status="todo")
    invited = Invitation.objects.order_by("id")
    assert sorted(job.args["invitation"] for job in waiting) == [str(one.pk) for one in invited]
    assert not any(sittings.link_of(one.pk) in str(job.args) for one in invited for job in waiting)
    with pytest.raises(OSError, match=r"known|resol"):
        jobs.send_invitation(invitation=str(invited[0].pk))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Invitation.objects.update(expires=clock.now() - timedelta(hours=1))
    jobs.send_invitation(invitation=str(invited[0].pk))
    path = mail.outbox[0].body.split("/join/")[1].split("/")[0]
    assert actions.open_invitation(path).email == guardians[0]


@pytest.mark.parametrize(
    ("kind", "code", "second"),
    [("police", "new-force", "One@new-force.example.org"), ("bakery", "new-force", "two@new-force.example.org"),
     ("police", "derbyshire-police", "two@new-force.example.org")],
)  # fmt: skip
def test_an_agency_is_not_founded_by_halves(cast: Any, kind: str, code: str, second: str) -> None:
    with pytest.raises(CommandError):
        call_command("found", kind, code, "New Force", "one@new-force.example.org", second, stdout=StringIO())
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def first_device(email: str, agency: str = "derbyshire-police") -> str:
    said = StringIO()
    call_command("first_device", agency, email, "Laptop 1", stdout=said)
    return said.getvalue().split()[-1]


def test_the_first_device_of_an_agency_is_enrolled_by_the_operator(cast: Any, session: Sessions) -> None:
    guardian, here = cast["guardian_police"], session("guardian_police")
    Device.objects.update(revoked_at=clock.now())
    code = first_device(guardian.user.email)
    with opened(here, "oversight") as actor:
        actions.open_device(actor, here, code)
    assert holds(here, "oversight", "managed_device")
    with pytest.raises(CommandError, match="has a device already"):
        first_device(cast["guardian_police_2"].user.email)


@pytest.mark.parametrize("part", ["op_commander", "guardian_redcross"])
def test_the_operator_enrols_no_device_for_anybody_but_a_guardian_of_that_agency(cast: Any, part: str) -> None:
    with pytest.raises(CommandError, match="is a data guardian there"):
        first_device(cast[part].user.email)
    assert not Device.objects.exists()
