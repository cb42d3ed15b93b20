"""Who is signed in nowhere knocks a limited number of times, and each knock that was refused stays in the ledger."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from wilberforce.ledger import strangers

pytestmark = pytest.mark.django_db


def stranger(**told: Any) -> Client:
    """A session that is real and belongs to nobody."""
    client = Client(**told)
    session = client.session
    session["begun"] = True
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def entries() -> int:
    """No row policy lets a stranger, or this test, read them; the table's own count of inserts is enough."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_get_xact_tuples_inserted('ledger_leaf'::regclass)")
        return int(cursor.fetchone()[0])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(strangers, "MOST", 3)
    return 3


def test_each_knock_up_to_the_limit_is_an_entry_and_none_after_it(few: int) -> None:
    client, before = stranger(), entries()
    answers = [client.get("/oversight/ledger/").status_code for _ in range(5)]
    assert answers == [302, 302, 302, 429, 429]
    assert entries() - before == few


def test_a_new_session_does_not_begin_anew(few: int) -> None:
    assert [stranger().get("/my-work/").status_code for _ in range(4)][-1] == 429


def test_the_page_says_what_to_do(few: int) -> None:
    client = stranger()
    page = [client.get("/my-work/") for _ in range(4)][-1].content.decode()
    assert "Wait five minutes and try again." in page


def test_somebody_elsewhere_and_somebody_signed_in_go_on(few: int, signed_in: Any) -> None:
    client = stranger()
    for _ in range(5):
        client.get("/my-work/")
    assert stranger(REMOTE_ADDR="192.0.2.7").get("/my-work/").status_code == 302
    assert signed_in("op_commander").get("/my-work/").status_code == 200


def test_the_public_pages_stay_open(few: int) -> None:
    client = stranger()
    for _ in range(5):
        client.get("/my-work/")
    assert client.get("/").status_code == 200


def test_a_forged_cookie_is_no_session_and_leaves_no_entry() -> None:
    client, before = Client(), entries()
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/oversight/ledger/").status_code == 302
    assert entries() == before
