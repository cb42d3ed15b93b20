"""What somebody typed when their sitting or their proof was over comes back to them, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies import sittings
from wilberforce.agencies.demo import client_of
from wilberforce.agencies.models import SignedIn
from wilberforce.base import clock, unsent
from wilberforce.concerns.models import Report

pytestmark = pytest.mark.django_db
TELL, BEGIN = "/triage/tell/", "/op-planning/new/"
TYPED = "Two vans each morning, before light"
SENT = {
    "purpose": "triage",
    "body": TYPED,
    "where": "Old tannery",
    "once": "0192f0c4-7a51-7c3e-8b1d-5a2f6c9e4d10",
}


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


def at_the_form(signed_in: Any, part: str, address: str) -> Client:
    client = signed_in(part)
    assert client.get(address).status_code == 200
    return client


def signs_in_again(client: Client, membership: Any) -> Client:
    return client_of(membership, client)


def over(client: Client) -> None:
    sittings.end(SignedIn.objects.filter(session_key_hash=sittings.hash_of(str(client.session.session_key))))


@pytest.fixture
def interrupted(signed_in: Any) -> Client:
    """Somebody wrote down what they were told, and their sitting had been ended elsewhere."""
    client = at_the_form(signed_in, "op_member_a", TELL)
    over(client)
    answer = client.post(TELL, SENT)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/sign-in/?next={TELL}")
    assert "what you typed comes back" in words(client.get(answer.headers["Location"]))
    return client


def test_what_was_typed_after_the_sittings_end_is_in_the_form_again(interrupted: Client, cast: Any) -> None:
    page = signs_in_again(interrupted, cast["op_member_a"]).get(TELL)
    assert TYPED in page.content.decode()
    assert 'value="Old tannery"' in page.content.decode()
    assert "This was not sent" in words(page)
    assert not Report.objects.exists()


def test_signing_out_in_another_tab_keeps_it_too(signed_in: Any, cast: Any) -> None:
    client = at_the_form(signed_in, "op_member_a", TELL)
    assert client.post("/sign-out/").status_code == 302
    client.post(TELL, SENT)
    assert TYPED in signs_in_again(client, cast["op_member_a"]).get(TELL).content.decode()


def test_somebody_else_at_the_same_browser_is_never_shown_it(interrupted: Client, cast: Any) -> None:
    for somebody in ("op_commander", "op_member_a"):
        page = signs_in_again(interrupted, cast[somebody]).get(TELL)
        assert TYPED not in page.content.decode()


def test_it_comes_back_once_so_that_it_is_not_in_the_form_about_the_next_person(interrupted: Client, cast: Any) -> None:
    client = signs_in_again(interrupted, cast["op_member_a"])
    assert [TYPED in client.get(TELL).content.decode() for _ in range(2)] == [True, False]


def test_it_is_in_no_other_form(interrupted: Client, cast: Any) -> None:
    client = signs_in_again(interrupted, cast["op_member_a"])
    assert TYPED not in client.get("/sign-in/links/").content.decode()
    assert TYPED in client.get(TELL).content.decode()


def test_another_browser_of_the_same_person_knows_nothing_of_it(interrupted: Client, signed_in: Any) -> None:
    assert TYPED not in signed_in("op_member_a").get(TELL).content.decode()


def test_neither_the_disk_nor_the_keyring_alone_tells_what_it_was(interrupted: Client) -> None:
    secret = interrupted.cookies[unsent.cookie()].value.partition(".")[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM web_cache WHERE cache_key LIKE '%%unsent:%%'")
        kept = "".join(row[0] for row in cursor.fetchall())
    assert len(kept) > 100
    assert not any(told in kept for told in (secret, TYPED, "Two+vans", TELL))


def test_after_half_an_hour_it_is_gone(interrupted: Client, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(seconds=unsent.LASTS + 1)
    monkeypatch.setattr("django.core.cache.backends.db.tz_now", lambda: later)
    assert TYPED not in signs_in_again(interrupted, cast["op_member_a"]).get(TELL).content.decode()


def test_a_form_of_another_site_leaves_nothing_here(signed_in: Any) -> None:
    client = at_the_form(signed_in, "op_member_a", TELL)
    over(client)
    client.post(TELL, SENT, headers={"sec-fetch-site": "same-site"})
    assert not cache.get(next(iter(_shelves()), "none"))


def _shelves() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM web_cache WHERE cache_key LIKE '%%unsent:%%'")
        return [row[0].rpartition(":1:")[2] for row in cursor.fetchall()]


def test_who_proves_who_they_are_finds_the_form_as_they_filled_it(signed_in: Any) -> None:
    client = at_the_form(signed_in, "op_commander", BEGIN)
    SignedIn.objects.update(stepped_up_at=None)
    answer = client.post(BEGIN, {"purpose": "op_planning", "name": "Quiet Heron"})
    assert answer.status_code == 403
    assert "in the form again when you are back" in words(answer)
    SignedIn.objects.update(stepped_up_at=clock.now())
    assert "Quiet Heron" in client.get(BEGIN).content.decode()


def test_what_was_sent_again_from_the_old_page_is_not_offered_a_second_time(signed_in: Any) -> None:
    client = at_the_form(signed_in, "op_commander", BEGIN)
    SignedIn.objects.update(stepped_up_at=None)
    filled = {"purpose": "op_planning", "name": "Quiet Heron"}
    assert 'name="unsent"' in client.post(BEGIN, filled).content.decode()
    SignedIn.objects.update(stepped_up_at=clock.now())
    client.post(BEGIN, filled | {"unsent": "again"})
    assert "Quiet Heron" not in client.get(BEGIN).content.decode()


def test_a_page_from_before_the_last_sign_in_opens_again_with_what_was_typed(signed_in: Any, cast: Any) -> None:
    client = client_of(cast["op_member_a"], Client(enforce_csrf_checks=True))
    client.get(TELL)
    refused = client.post(TELL, SENT)
    assert refused.status_code == 400
    assert "Open it again with what you typed" in words(refused)
    assert TYPED in client.get(TELL).content.decode()


def test_where_no_form_asks_for_it_again_it_is_read_and_sent_as_it_is(signed_in: Any, cast: Any) -> None:
    client = at_the_form(signed_in, "op_member_a", "/sign-in/sessions/")
    over(client)
    client.post("/sign-in/agency/", {"membership": str(cast["op_member_a"].pk)})
    page = signs_in_again(client, cast["op_member_a"]).get("/sign-in/agency/")
    assert "Send it now" in words(page)
    assert f'name="membership" value="{cast["op_member_a"].pk}"' in page.content.decode()


def test_what_the_page_shows_again_is_in_the_questions_words(signed_in: Any) -> None:
    answer = signed_in("op_member_a").post(TELL, SENT | {"purpose": "custody", "danger_now": "no"})
    assert answer.status_code == 409
    page = words(answer)
    assert "What have you seen or heard?Two vans" in page
    assert "Where exactly?Old tannery" in page
    assert "Is somebody in danger now?No" in page


def test_what_was_sent_to_a_page_that_is_gone_is_given_back_and_forbidden_looks_the_same(signed_in: Any) -> None:
    commander, nothing = signed_in("op_commander"), "0192f0c4-7a51-7c3e-8b1d-5a2f6c9e4d10"
    absent = commander.post(f"/op-planning/{nothing}/change/", {"purpose": "op_planning", "called": "Rowan"})
    forbidden = commander.post(f"/reception/centre/{nothing}/register/", {"purpose": "reception", "called": "Rowan"})
    assert (absent.status_code, absent.content) == (404, forbidden.content)
    assert "Rowan" in words(absent)


def test_what_was_typed_beside_a_file_that_is_too_large_is_given_back(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = client.post("/report/", {"body": TYPED, "picture": SimpleUploadedFile("a.png", b"x" * 9_000)})
    assert answer.status_code == 413
    assert TYPED in words(answer)
