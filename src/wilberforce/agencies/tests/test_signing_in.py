"""Signing in as a browser sees it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies import jobs, sittings
from wilberforce.agencies.adapters import NOT_SIGNED_IN, has_second_factor
from wilberforce.agencies.models import Device, Invitation, Membership, SignedIn
from wilberforce.base import clock

from .conftest import PASSWORD, code_now, enter, spare_code, with_app, with_password, wrong_code

Browsers = Callable[[str], Client]


def words(response: Any) -> str:
    """What is on the page, without the token that differs each time and the address typed."""
    text = strip_tags(response.content.decode())
    return " ".join(text.split())


def sitting_of(client: Client) -> SignedIn:
    return SignedIn.objects.get(session_key_hash=sittings.hash_of(str(client.session.session_key)))


def test_the_pages_are_ours(client: Client, db: None) -> None:
    page = client.get("/sign-in/")
    assert "Only people whom an agency has invited can sign in." in words(page)


def test_a_wrong_password_and_an_unknown_address_look_the_same(cast: Any) -> None:
    known = enter(Client(), with_password(cast["op_commander"]), "not the right words")
    unknown = enter(Client(), "nobody@derbyshire-police.example.org", "not the right words")
    assert NOT_SIGNED_IN in words(known).replace("&#x27;", "'")
    assert (known.status_code, words(known)) == (unknown.status_code, words(unknown))


def test_a_lock_out_says_nothing_new_and_the_right_password_stays_outside(cast: Any) -> None:
    email, client = with_password(cast["op_commander"]), Client()
    first = enter(client, email, "not the right words")
    for _ in range(4):
        last = enter(client, email, "not the right words")
    right = enter(client, email)
    assert words(first) == words(last) == words(right)
    assert first.status_code == last.status_code == right.status_code == 200
    assert not SignedIn.objects.filter(user=cast["op_commander"].user).exists()


def test_a_lock_out_ends_by_itself(cast: Any) -> None:
    email, client = with_password(cast["op_commander"]), Client()
    for _ in range(5):
        enter(client, email, "not the right words")
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=16))
    assert enter(client, email).status_code == 302


def test_failed_attempts_keep_nothing_that_was_typed(cast: Any) -> None:
    email = with_password(cast["op_commander"])
    enter(Client(), email, "my secret words here")
    kept = AccessAttempt.objects.get()
    assert email not in str(vars(kept))
    assert "my secret words here" not in str(vars(kept))


def test_nobody_signs_up(client: Client, db: None) -> None:
    assert client.get("/sign-in/by-invitation/").status_code == 403
    assert client.post("/sign-in/by-invitation/", {"email": "new@example.org"}).status_code == 403
    assert mail.outbox == []


def test_a_password_alone_leads_only_to_setting_up_the_second_proof(cast: Any) -> None:
    client = Client()
    enter(client, with_password(cast["op_commander"]))
    assert client.get("/my-work/").headers["Location"] == "/sign-in/proof/"
    assert client.get("/").headers["Location"] == "/sign-in/proof/"
    assert client.get("/sign-in/proof/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_workspaces(cast: Any) -> None:
    client = Client()
    enter(client, with_password(cast["op_commander"]))
    before = client.session.session_key
    page = client.get("/sign-in/proof/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    assert secret in words(page)
    client.post("/sign-in/proof/totp/activate/", {"code": code_now(secret)})
    assert client.session.session_key != before
    assert sitting_of(client).second_factor
    assert "10 of 10 codes are unused" in words(client.get("/sign-in/proof/recovery-codes/"))
    assert client.get("/my-work/").status_code == 200


def test_a_recovery_code_signs_in_but_is_no_fresh_proof(cast: Any) -> None:
    client, email = Client(), with_password(cast["op_commander"])
    with_app(cast["op_commander"])
    enter(client, email)
    client.post("/sign-in/proof/authenticate/", {"code": spare_code(cast["op_commander"])})
    assert sitting_of(client).second_factor
    assert sitting_of(client).stepped_up_at is None


def test_changing_the_password_signs_out_everywhere(cast: Any, signed_in: Browsers) -> None:
    client, email, new = Client(), with_password(cast["op_commander"]), "four other invented words"
    elsewhere = signed_in("op_commander")
    secret = with_app(cast["op_commander"])
    enter(client, email)
    client.post("/sign-in/proof/authenticate/", {"code": code_now(secret)})
    assert (client.get("/my-work/").status_code, elsewhere.get("/my-work/").status_code) == (200, 200)
    assert "Change your password" in words(client.get("/sign-in/password/"))
    client.post("/sign-in/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert client.get("/my-work/").status_code != 200
    assert elsewhere.get("/my-work/").status_code != 200
    assert enter(Client(), email, new).status_code == 302


def test_the_last_second_proof_can_not_be_removed(cast: Any, signed_in: Browsers) -> None:
    client = signed_in("op_commander")
    with_app(cast["op_commander"])
    client.post("/sign-in/proof/totp/deactivate/")
    assert has_second_factor(cast["op_commander"].user)


@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/proof/", "/sign-in/proof/webauthn/", "/sign-in/proof/webauthn/add/", "/sign-in/proof/totp/activate/",
        "/sign-in/sessions/", "/sign-in/device/", "/sign-in/proof/webauthn/login/",
    ],
)  # fmt: skip
def test_every_page_of_signing_in_opens(signed_in: Browsers, address: str) -> None:
    assert signed_in("op_commander").get(address, headers={"accept": "text/html"}).status_code in (200, 302)


def test_with_an_app_the_password_is_only_half(cast: Any) -> None:
    client, email = Client(), with_password(cast["op_commander"])
    secret = with_app(cast["op_commander"])
    assert enter(client, email).headers["Location"] == "/sign-in/proof/authenticate/"
    assert client.get("/my-work/").status_code != 200
    assert not SignedIn.objects.filter(user=cast["op_commander"].user).exists()
    client.post("/sign-in/proof/authenticate/", {"code": code_now(secret)})
    assert sitting_of(client).second_factor
    assert sitting_of(client).stepped_up_at is not None
    assert client.get("/my-work/").status_code == 200


def test_a_code_works_once(cast: Any) -> None:
    email, secret = with_password(cast["op_commander"]), with_app(cast["op_commander"])
    code = code_now(secret)
    for client, is_in in ((Client(), True), (Client(), False)):
        enter(client, email)
        client.post("/sign-in/proof/authenticate/", {"code": code})
        assert ("_auth_user_id" in client.session) is is_in


def test_wrong_codes_lock_out_like_wrong_passwords(cast: Any) -> None:
    email, secret, waiting = with_password(cast["op_commander"]), with_app(cast["op_commander"]), Client()
    enter(waiting, email)
    guessing = Client()
    for _ in range(5):
        enter(guessing, email)
        told = guessing.post("/sign-in/proof/authenticate/", {"code": wrong_code(secret)}, follow=True)
    assert "Five codes were not right, so you are signed out" in words(told)
    waiting.post("/sign-in/proof/authenticate/", {"code": code_now(secret)})
    assert "_auth_user_id" not in waiting.session
    assert NOT_SIGNED_IN in words(enter(guessing, email)).replace("&#x27;", "'")


def test_a_fresh_proof_changes_the_session_and_counts_from_now(cast: Any, signed_in: Browsers) -> None:
    client, secret = signed_in("op_commander"), with_app(cast["op_commander"])
    SignedIn.objects.update(stepped_up_at=None)
    before = client.session.session_key
    asked = client.get("/sign-in/again/?next=/my-work/")
    assert asked.headers["Location"] == "/sign-in/proof/reauthenticate/?next=%2Fmy-work%2F"
    answer = client.post(asked.headers["Location"], {"code": code_now(secret)})
    assert answer.headers["Location"] == "/my-work/"
    assert client.session.session_key != before
    assert sitting_of(client).stepped_up_at is not None
    thief = Client()
    thief.cookies["sessionid"] = str(before)
    assert thief.get("/my-work/").status_code != 200


def test_a_password_is_no_fresh_proof_for_somebody_with_an_app(cast: Any, signed_in: Browsers) -> None:
    with_password(cast["op_commander"])
    with_app(cast["op_commander"])
    client = signed_in("op_commander")
    SignedIn.objects.update(stepped_up_at=None)
    client.post("/sign-in/password-again/?next=/my-work/", {"password": PASSWORD})
    assert sitting_of(client).stepped_up_at is None
    assert client.get("/sign-in/proof/webauthn/add/").status_code == 302


def test_nobody_goes_elsewhere_after_a_fresh_proof(signed_in: Browsers, cast: Any) -> None:
    client = signed_in("op_commander")
    with_app(cast["op_commander"])
    assert "evil" not in client.get("/sign-in/again/?next=https://evil.example.org/").headers["Location"]


def test_the_key_of_an_app_is_sealed_in_the_database(cast: Any) -> None:
    from allauth.mfa.models import Authenticator

    secret = with_app(cast["op_commander"])
    assert secret not in str(Authenticator.objects.get(type="totp").data)


def test_signing_in_on_the_enrolled_device_brings_its_posture_up_to_date(cast: Any) -> None:
    email, secret = with_password(cast["op_commander"]), with_app(cast["op_commander"])
    kept = sittings.new_secret()
    long_ago = clock.now() - timedelta(days=3)
    device = Device.objects.create(
        membership=cast["op_commander"], token_hash=sittings.hash_of(kept), label="Laptop", posture_at=long_ago
    )
    client = Client()
    client.cookies[sittings.device_cookie()] = kept
    enter(client, email)
    client.post("/sign-in/proof/authenticate/", {"code": code_now(secret)})
    device.refresh_from_db()
    assert sitting_of(client).device == device
    assert device.posture_at is not None
    assert device.posture_at > long_ago


def test_signing_out_takes_a_button_and_ends_the_sitting(signed_in: Browsers) -> None:
    client = signed_in("op_commander")
    sitting = sitting_of(client)
    assert "Sign out?" in words(client.get("/sign-out/"))
    sitting.refresh_from_db()
    assert sitting.ended_at is None
    client.post("/sign-out/")
    sitting.refresh_from_db()
    assert sitting.ended_at is not None


def test_a_sitting_that_was_ended_elsewhere_is_signed_out(signed_in: Browsers) -> None:
    here, there = signed_in("op_commander"), signed_in("op_commander")
    other = sitting_of(there)
    assert "this one" in words(here.get("/sign-in/sessions/"))
    here.post("/sign-in/sessions/", {"sitting": str(other.pk)})
    assert there.get("/sign-in/sessions/").headers["Location"].startswith("/sign-in/")
    assert here.get("/sign-in/sessions/").status_code == 200


def test_nobody_ends_somebody_elses_sitting(signed_in: Browsers) -> None:
    mine, theirs = signed_in("op_commander"), signed_in("report_desk")
    mine.post("/sign-in/sessions/", {"sitting": str(sitting_of(theirs).pk)})
    assert theirs.get("/sign-in/sessions/").status_code == 200


def test_somebody_who_works_nowhere_any_more_stays_outside(cast: Any) -> None:
    email = with_password(cast["op_commander"])
    Membership.objects.filter(pk=cast["op_commander"].pk).update(ends=clock.now())
    client = Client()
    assert enter(client, email).headers["Location"] == "/sign-in/closed/"
    assert "_auth_user_id" not in client.session


def test_moving_to_another_agency_leaves_the_fresh_proof_behind(cast: Any, signed_in: Browsers) -> None:
    client = signed_in("op_member_a")
    second = Membership.objects.create(user=cast["op_member_a"].user, agency=cast.agencies["staffordshire-police"])
    before = client.session.session_key
    assert "Work for Staffordshire Police" in words(client.get("/sign-in/sessions/"))
    client.post("/sign-in/agency/", {"membership": str(second.pk)})
    assert client.session.session_key != before
    assert (sitting_of(client).membership, sitting_of(client).stepped_up_at) == (second, None)


def test_nobody_works_for_an_agency_that_is_not_theirs(cast: Any, signed_in: Browsers) -> None:
    client = signed_in("op_member_a")
    refused = client.post("/sign-in/agency/", {"membership": str(cast["intel_officer"].pk)})
    assert refused.status_code == 404
    assert sitting_of(client).membership == cast["op_member_a"]


def test_a_guardian_invites_by_e_mail_and_the_link_opens_the_door(cast: Any, signed_in: Browsers) -> None:
    client = signed_in("guardian_police")
    assert "Marigold Puddlecombe" in words(client.get("/people/"))
    given = {"email": "newcomer@derbyshire-police.example.org", "roles": ["op_member"]}
    client.post("/people/invite/", given)
    page = words(client.get("/people/"))
    assert "Invited and not yet here newcomer@derbyshire-police.example.org" in page
    assert "member of the operation. Their link works until" in page
    jobs.send_invitation(invitation=str(Invitation.objects.get().pk))
    link = next(line for line in mail.outbox[0].body.splitlines() if "/join/" in line)
    path = link[link.index("/join/") :]
    assert "Derbyshire Constabulary" in words(Client().get(path))
    answer = Client().post(path, {"name": "Newcomer Hedgerowe", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/"
    assert "newcomer@" not in words(client.get("/people/"))
    assert Client().get(path).status_code == 410
    assert Client().get("/join/never-sent/").status_code == 410


def test_a_guardian_changes_a_colleague_but_not_themselves(cast: Any, signed_in: Browsers) -> None:
    client, colleague = signed_in("guardian_police"), cast["op_member_a"]
    page = f"/people/{colleague.pk}/"
    assert "Barnaby Thistlewick" in words(client.get(page))
    client.post(page, {"verb": "grant_role", "role-role": "investigator"})
    assert "investigator" in {held.role for held in colleague.roles_held.all()}
    assert "Type this code" in words(client.post(page, {"verb": "enrol_device", "device-label": "Tablet 7"}))
    assert "Tick this if they have left" in words(client.post(page, {"verb": "end_membership"}))
    client.post(page, {"verb": "end_membership", "end-sure": "on"})
    assert client.get(page).status_code == 404
    assert client.get(f"/people/{cast['guardian_police'].pk}/").status_code == 404
    assert client.get(f"/people/{cast['reception_worker'].pk}/").status_code == 404


@pytest.mark.parametrize("part", ["op_commander", "reception_manager"])
def test_only_guardians_see_the_list_of_people(signed_in: Browsers, part: str) -> None:
    assert signed_in(part).get("/people/").status_code == 404


def test_changing_the_password_speaks_plainly_and_leads_back_to_the_work(cast: Any, signed_in: Browsers) -> None:
    with_password(cast["op_commander"])
    client = signed_in("op_commander")
    page = words(client.get("/sign-in/password/"))
    assert "Your password now" in page
    assert "similar to your other personal information" not in page
    new = "willow saucer copper finch"
    answer = client.post("/sign-in/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/my-work/")
