"""E-mail to people who asked for it, and to nobody else; when the mail server is down nothing is lost."""

import re
import socket
from dataclasses import replace
from datetime import timedelta
from smtplib import SMTPRecipientsRefused
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from wilberforce.access.protect import Protected
from wilberforce.base import clock
from wilberforce.ledger.doors import as_system
from wilberforce.press import actions, jobs, policy, rules
from wilberforce.press.tests.test_letting_out import ask, operation, say_yes, sent, sheet, subscriber_ids

__all__ = ["operation", "sent", "sheet"]
READER = "reader@example.org"


def write_to_all():
    for subscriber in subscriber_ids():
        jobs.ask_to_confirm(subscriber=subscriber)


def code_in(message):
    return re.search(r"/news/updates/([\w-]+)/", message.body)[1]


def kept():
    """What the sender alone can see."""
    with as_system("public_info") as actor:
        return policy.SUBSCRIBERS.many(actor, limit=1000, order_by=("id",))


def days_pass(monkeypatch, days):
    later = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: later)


@pytest.fixture
def reader(client, db):
    """Somebody who asked, was written to and confirmed."""
    ask(client, READER)
    write_to_all()
    client.post(f"/news/updates/{code_in(mail.outbox[0])}/")
    return subscriber_ids()[0]


@pytest.fixture
def published(at, sent):
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, sent)


def test_an_attacker_with_many_addresses_makes_us_write_to_few_of_them(client, db):
    each, _ = rules.REQUESTS_AN_HOUR.value
    told = [client.post("/news/updates/", {"address": f"stranger{n}@example.org"}).status_code for n in range(40)]
    write_to_all()
    assert (told.count(200), told.count(429), len(mail.outbox)) == (each, 40 - each, each)


def test_who_shares_no_network_with_the_attacker_can_still_ask(client, db):
    for number in range(12):
        client.post("/news/updates/", {"address": f"stranger{number}@example.org"}, REMOTE_ADDR="203.0.113.7")
    assert "Nearly subscribed" in ask(client, READER)
    neighbour = client.post("/news/updates/", {"address": READER}, REMOTE_ADDR="203.0.113.99")
    assert neighbour.status_code == 429


def test_a_flood_from_everywhere_stops_for_everybody(client, db, monkeypatch):
    assert rules.REQUESTS_AN_HOUR.value == (10, 500)
    monkeypatch.setattr(rules, "REQUESTS_AN_HOUR", replace(rules.REQUESTS_AN_HOUR, value=(10, 30)))
    for number in range(30):
        client.post("/news/updates/", {"address": f"s{number}@example.org"}, REMOTE_ADDR=f"198.18.{number}.1")
    refused = client.post("/news/updates/", {"address": READER}, REMOTE_ADDR="203.0.113.1")
    assert (refused.status_code, READER in refused.content.decode()) == (429, True)


def test_a_stranger_typed_in_each_day_hears_from_us_three_times_a_week_at_most(client, db, monkeypatch):
    for _ in range(6):
        ask(client, READER)
        jobs.ask_to_confirm(subscriber=subscriber_ids()[-1])
        days_pass(monkeypatch, 1.01)
    assert len(mail.outbox) == rules.LETTERS_TO_A_STRANGER.value[1]


def test_who_reads_us_already_is_not_asked_again_and_the_page_does_not_tell(client, reader):
    page = ask(client, "Reader@example.org")
    write_to_all()
    assert ("Nearly subscribed" in page, len(mail.outbox)) == (True, 1)


def test_the_letter_lets_a_mail_program_end_it_by_itself(reader, published):
    jobs.send_digest(subscriber=reader)
    headers = mail.outbox[1].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address.endswith("/leave/")
    program = Client(enforce_csrf_checks=True)
    where = address.split("8000")[1]
    answers = [program.post(where, {"List-Unsubscribe": "One-Click"}).status_code for _ in range(2)]
    assert (answers, kept()[0]["ended_at"] is not None) == ([200, 200], True)


@pytest.mark.parametrize(
    ("asked_in", "subject", "way", "in_english"),
    [
        ("en-gb", "News from Wilberforce", "ltr", False),
        ("cy", "Newyddion gan Wilberforce", "ltr", True),
        ("ar", "أخبار من Wilberforce", "rtl", True),
    ],
)
def test_a_letter_comes_in_the_language_in_which_it_was_asked_for(client, at, sent, asked_in, subject, way, in_english):
    client.get("/news/updates/", {"lang": asked_in})
    ask(client, READER)
    write_to_all()
    client.post(f"/news/updates/{code_in(mail.outbox[0])}/")
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, sent)
    jobs.send_digest(subscriber=subscriber_ids()[0])
    confirm, digest = mail.outbox
    page = digest.alternatives[0].content
    assert (digest.subject, f'<html lang="{asked_in}" dir="{way}">' in page) == (subject, True)
    assert [one.count(digest.extra_headers["List-Unsubscribe"].strip("<>")) for one in (digest.body, page)] == [1, 2]
    assert 'lang="en-GB" dir="ltr">Police act in Derby' in page
    assert [bool(re.search("Saesneg|الإنجليزية", one)) for one in (digest.body, page)] == [in_english] * 2
    assert ("If it was not you" in confirm.body) == (asked_in == "en-gb")


def test_a_mail_program_that_only_looks_ends_nothing(client, reader, published):
    jobs.send_digest(subscriber=reader)
    assert client.get(f"/news/updates/{code_in(mail.outbox[0])}/leave/").status_code == 200
    assert kept()[0]["ended_at"] is None


def test_the_link_of_an_old_letter_still_ends_it(client, reader, published, at, sheet, monkeypatch):
    jobs.send_digest(subscriber=reader)
    assert code_in(mail.outbox[0]) == code_in(mail.outbox[1])


def test_leaving_forgets_the_address(client, reader):
    client.post(f"/news/updates/{jobs.code_of(kept()[0]['id'])}/leave/")
    jobs.forget()
    assert [(one["address"], bytes(one["same_address"])) for one in kept()] == [("", b"")]
    jobs.send_digest(subscriber=reader)
    assert client.post(f"/news/updates/{jobs.code_of(kept()[0]['id'])}/").status_code == 404


def test_an_address_that_nobody_confirms_is_forgotten_after_a_week(client, db, monkeypatch):
    ask(client, READER)
    write_to_all()
    days_pass(monkeypatch, 6.9)
    jobs.forget()
    assert kept()[0]["address"] == READER
    days_pass(monkeypatch, 0.2)
    jobs.forget()
    assert kept()[0]["address"] == ""


def test_an_address_that_does_not_exist_is_tried_once(client, db, monkeypatch):
    def refuse(*_):
        raise SMTPRecipientsRefused({READER: (550, b"no such user")})

    ask(client, READER)
    monkeypatch.setattr(mail.backends.locmem.EmailBackend, "send_messages", refuse)
    write_to_all()
    assert [(one["address"], one["ended_at"] is not None) for one in kept()] == [("", True)]


def post_goes_out():
    """As it does every day: by a worker, from the jobs in the database."""
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)


def jobs_in(status):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attempts FROM procrastinate_jobs WHERE status = %s AND task_name LIKE '%%ask_to_confirm'", [status]
        )
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_loses_nothing_and_the_operator_is_told(client, settings):
    from wilberforce.web.readiness import mail_waits

    with socket.socket() as taken:  # bound and never listening: whoever knocks is refused
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", taken.getsockname()[1]
        ask(client, READER)
        assert mail_waits() == ""
        post_goes_out()
    assert (jobs_in("todo"), jobs_in("failed")) == ([(1,)], [])
    assert "1 message" in mail_waits()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0")
    post_goes_out()
    assert ([message.to for message in mail.outbox], mail_waits()) == ([[READER]], "")


@pytest.mark.parametrize(("tries", "seconds"), [(0, 2), (5, 64), (20, 3600), (9999, 3600)])
def test_we_try_again_soon_and_then_every_hour_for_ever(tries, seconds):
    tried = Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="ask", attempts=tries)
    before = clock.now()
    again = jobs.LATER.get_retry_decision(exception=OSError(), job=tried).retry_at
    assert before <= again - timedelta(seconds=seconds) <= clock.now()


def test_a_digest_that_could_not_be_sent_carries_its_news_the_next_time(reader, published, monkeypatch):
    def refuse(*_):
        raise ConnectionRefusedError

    with monkeypatch.context() as down:
        down.setattr(mail.backends.locmem.EmailBackend, "send_messages", refuse)
        with pytest.raises(ConnectionRefusedError):
            jobs.send_digest(subscriber=reader)
    assert kept()[0]["last_sent_at"] is None
    jobs.send_digest(subscriber=reader)
    assert "Police act in Derby" in mail.outbox[1].body


def test_yesterdays_digest_that_still_waits_is_not_put_in_twice(reader, published):
    for _ in range(2):
        jobs.send_digests()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%send_digest'")
        assert cursor.fetchone() == (1,)


def test_the_feed_carries_what_is_out_and_nothing_else(client, at, sent, published):
    with at("comms_officer", "public_info") as actor:
        sheet = policy.FACT_SHEETS.many(actor, projection="fact_sheet")[0]
        actions.draft(actor, sheet["id"], title="Not out yet", text="Two men were arrested.")
    answer = client.get("/news/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    entries = ElementTree.fromstring(answer.content).findall(f"{atom}entry")  # noqa: S314 - our own answer
    assert [entry.find(f"{atom}title").text for entry in entries] == ["Police act in Derby"]
    assert ElementTree.fromstring(answer.content).find(f"{atom}author/{atom}name").text  # noqa: S314 - our own answer
    assert entries[0].find(f"{atom}summary").text.startswith("<p>")
    where = entries[0].find(f"{atom}link").get("href").split("testserver")[1]
    assert "Five women" in client.get(where).content.decode()


def test_the_news_come_in_pages_of_twenty_five(client, monkeypatch, db):
    asked = []

    def many(self, actor, where, *, limit, offset=0, **_):
        asked.append((offset, limit))
        return [{"title": f"News {n}", "address": uuid4(), "released_at": clock.now()} for n in range(limit)]

    monkeypatch.setattr(Protected, "many", many)
    page = client.get("/news/?page=3").content.decode()
    assert asked == [(50, 26)]
    assert ("News 24" in page, "News 25" in page, "page=4" in page) == (True, False, True)
