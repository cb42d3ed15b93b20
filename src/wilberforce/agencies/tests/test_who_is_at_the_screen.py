"""The database answers for the person at the screen, and only while it should."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, IntegrityError, transaction

from wilberforce.agencies.models import ConflictDeclared, Device, Membership, RoleHeld, SignedIn, SubjectBlock
from wilberforce.agencies.rules import CLINICIAN_CHECK_LASTS, POSTURE_LASTS, STEP_UP_LASTS
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.ids import random_id

from .conftest import holds, known_by_number, lives, opened, roles_at

Sessions = Callable[[str], bytes]
SECOND = timedelta(seconds=1)


def test_a_live_sitting_is_known_with_its_roles(session: Sessions) -> None:
    assert roles_at(session("report_desk")) == ["report_desk"]


def test_nobody_is_behind_a_session_that_was_never_opened(db: None) -> None:
    assert not lives(b"\x00" * 32)


def test_a_session_ends_when_it_is_killed(session: Sessions) -> None:
    mine = session("report_desk")
    SignedIn.objects.filter(session_key_hash=mine).update(ended_at=clock.now())
    assert not lives(mine)
    with pytest.raises(NotAllowed), opened(mine, "triage"):
        pass


def test_a_session_ends_when_its_cookie_has_expired(session: Sessions) -> None:
    mine = session("report_desk")
    Session.objects.update(expire_date=clock.now() - SECOND)
    assert not lives(mine)


def test_a_session_ends_when_its_row_is_gone(session: Sessions) -> None:
    mine = session("report_desk")
    Session.objects.all().delete()
    assert not lives(mine)


def test_a_password_alone_opens_nothing(session: Sessions) -> None:
    mine = session("report_desk")
    SignedIn.objects.filter(session_key_hash=mine).update(second_factor=False)
    assert not lives(mine)


def test_an_expired_membership_opens_nothing(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    Membership.objects.filter(pk=cast["report_desk"].pk).update(ends=clock.now() - SECOND)
    assert not lives(mine)


def test_a_membership_that_has_not_begun_opens_nothing(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    Membership.objects.filter(pk=cast["report_desk"].pk).update(starts=clock.now() + timedelta(hours=1))
    assert not lives(mine)


def test_an_agency_that_has_ended_opens_nothing(session: Sessions, cast: Any) -> None:
    mine = session("op_member_dwp")
    agency = cast.agencies["dwp"]
    agency.ends = clock.in_london(clock.now()).date()
    agency.save()
    assert not lives(mine)


def test_somebody_switched_off_opens_nothing(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    user = cast["report_desk"].user
    user.is_active = False
    user.save()
    assert not lives(mine)


def test_a_sitting_never_speaks_for_somebody_elses_membership(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    sitting = SignedIn.objects.filter(session_key_hash=mine)
    for change in ({"membership": cast["source_keeper"]}, {"user": cast["source_keeper"].user}):
        with pytest.raises(DatabaseError, match=r"of one person|permission denied"), transaction.atomic():
            sitting.update(**change)
    assert roles_at(mine) == ["report_desk"]


def test_a_sitting_counts_no_device_of_somebody_else(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    session("source_keeper")
    theirs = Device.objects.get(membership=cast["source_keeper"])
    with pytest.raises(IntegrityError, match="of one person"), transaction.atomic():
        SignedIn.objects.filter(session_key_hash=mine).update(device=theirs)


def test_what_has_ended_is_not_brought_back(session: Sessions, cast: Any) -> None:
    mine, member = session("report_desk"), cast["report_desk"]
    ended = clock.now() - SECOND
    SignedIn.objects.filter(session_key_hash=mine).update(ended_at=ended)
    RoleHeld.objects.filter(membership=member).update(ends=ended)
    Membership.objects.filter(pk=member.pk).update(ends=ended)
    for again in (
        lambda: SignedIn.objects.filter(session_key_hash=mine).update(ended_at=None),
        lambda: RoleHeld.objects.filter(membership=member).update(ends=None),
        lambda: Membership.objects.filter(pk=member.pk).update(ends=None),
    ):
        with pytest.raises(IntegrityError, match="stays ended"), transaction.atomic():
            again()


def test_the_app_moves_no_role_or_membership_to_somebody_else_and_deletes_nobody(cast: Any) -> None:
    member, other = cast["report_desk"], cast["source_keeper"]
    for attempt in (
        lambda: RoleHeld.objects.filter(membership=other).update(membership=member),
        lambda: RoleHeld.objects.filter(membership=member).update(role="source_keeper"),
        lambda: Membership.objects.filter(pk=other.pk).update(user=member.user),
        lambda: SignedIn.objects.all()._raw_delete("default"),
        lambda: Membership.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            attempt()


def test_a_role_that_has_ended_is_no_longer_held(session: Sessions, cast: Any) -> None:
    mine = session("report_desk")
    RoleHeld.objects.filter(membership=cast["report_desk"]).update(ends=clock.now() - SECOND)
    assert roles_at(mine) == []


@pytest.mark.parametrize(("age", "fresh"), [(-SECOND * 5, True), (SECOND, False)])
def test_a_fresh_proof_counts_for_five_minutes(session: Sessions, age: timedelta, fresh: bool) -> None:
    mine = session("report_desk")
    proved = clock.now() - STEP_UP_LASTS.value - age
    SignedIn.objects.filter(session_key_hash=mine).update(stepped_up_at=proved)
    assert holds(mine, "triage", "step_up") is fresh


def test_without_any_fresh_proof_there_is_none(session: Sessions) -> None:
    mine = session("report_desk")
    SignedIn.objects.filter(session_key_hash=mine).update(stepped_up_at=None)
    assert not holds(mine, "triage", "step_up")


def test_an_enrolled_device_in_order_is_managed(session: Sessions) -> None:
    mine = session("report_desk")
    assert holds(mine, "triage", "managed_device")
    assert not holds(mine, "triage", "device_untrusted")


@pytest.mark.parametrize("change", ["stale", "revoked", "never opened", "somebody else's", "none"])
def test_any_other_device_is_not_trusted(session: Sessions, cast: Any, change: str) -> None:
    mine = session("report_desk")
    device = Device.objects.filter(membership=cast["report_desk"])
    if change == "stale":
        device.update(posture_at=clock.now() - POSTURE_LASTS.value - SECOND)
    elif change == "revoked":
        device.update(revoked_at=clock.now())
    elif change == "never opened":
        device.update(posture_at=None)
    elif change == "somebody else's":
        device.update(membership=cast["source_keeper"])
    else:
        SignedIn.objects.filter(session_key_hash=mine).update(device=None)
    assert not holds(mine, "triage", "managed_device")
    assert holds(mine, "triage", "device_untrusted")


def test_a_second_post_in_another_agency_opens_the_sterile_corridor(session: Sessions, cast: Any) -> None:
    mine = session("source_keeper")
    assert holds(mine, "intelligence", "sterile")
    elsewhere = Membership.objects.create(user=cast["source_keeper"].user, agency=cast.agencies["staffordshire-police"])
    RoleHeld.objects.create(membership=elsewhere, role="investigator")
    assert not holds(mine, "intelligence", "sterile")


@pytest.mark.parametrize(("ago", "counts"), [(0, True), (364, True), (365, False), (-1, False), (None, False)])
def test_a_clinicians_check_counts_for_a_year(session: Sessions, cast: Any, ago: int | None, counts: bool) -> None:
    mine = session("health_worker")
    today = clock.in_london(clock.now()).date()
    checked: date | None = None if ago is None else today - timedelta(days=ago)
    Membership.objects.filter(pk=cast["health_worker"].pk).update(clinician_checked_on=checked)
    assert CLINICIAN_CHECK_LASTS.value == timedelta(days=365)
    assert holds(mine, "reception", "clinical") is counts


def test_a_declared_conflict_follows_the_person_only(session: Sessions, cast: Any) -> None:
    subject = random_id()
    ConflictDeclared.objects.create(membership=cast["investigator"], subject_id=subject, why="family")
    assert known_by_number(session("investigator"), "criminal_investigation", "conflict") == [subject]
    assert known_by_number(session("intel_officer"), "intelligence", "conflict") == []


def test_a_person_can_keep_out_one_worker_or_a_whole_agency(session: Sessions, cast: Any) -> None:
    one, all_of_them = random_id(), random_id()
    SubjectBlock.objects.create(subject_id=one, membership=cast["reception_worker"])
    SubjectBlock.objects.create(subject_id=all_of_them, agency=cast.agencies["red-cross"])
    kept_out = known_by_number(session("reception_worker"), "reception", "subject_block")
    assert set(kept_out) == {one, all_of_them}
    assert known_by_number(session("reception_worker_2"), "reception", "subject_block") == [all_of_them]
    assert known_by_number(session("first_responder"), "nrm", "subject_block") == []


def test_the_database_refuses_a_role_of_another_kind_of_agency(cast: Any) -> None:
    with pytest.raises(IntegrityError, match="may not hold that role"), transaction.atomic():
        RoleHeld.objects.create(membership=cast["reception_worker"], role="intel_officer")


def test_the_database_refuses_to_turn_a_charity_into_a_force(cast: Any) -> None:
    agency = cast.agencies["red-cross"]
    agency.kind = "police"
    with pytest.raises(IntegrityError, match="keeps its kind"), transaction.atomic():
        agency.save()
