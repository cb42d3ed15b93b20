"""The sender. It alone opens an address; it runs as the platform's system role and can do nothing else."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop, override
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.keyring import keyring
from wilberforce.base.letters import LATER
from wilberforce.ledger.doors import as_system

from . import policy, rules
from .lists import headline

FORGOTTEN: dict[str, object] = {"address": "", "same_address": b"", "same_network": None, "language": "en-gb"}


def code_of(subscriber: UUID) -> str:
    """One code for each subscription, so that the link in an old message still ends it; only its hash is kept."""
    made = hmac.new(keyring().secret("subscriber codes"), subscriber.bytes, sha256).digest()
    return urlsafe_b64encode(made[:24]).decode()


@contextmanager
def _alone_with(subscriber: str) -> Iterator[tuple[Actor, Row]]:
    """The subscription, while nobody else writes to the same address."""
    with as_system("public_info") as actor:
        found = policy.SUBSCRIBERS.one(actor, UUID(subscriber))
        with connection.cursor() as cursor:
            number = int.from_bytes(bytes(found["same_address"])[:8], signed=True)
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
        yield actor, policy.SUBSCRIBERS.one(actor, UUID(subscriber))


@app.task(queue="mail", retry=LATER)
def ask_to_confirm(subscriber: str) -> None:
    with _alone_with(subscriber) as (actor, asked):
        if asked["confirmed_at"] or asked["ended_at"] or not asked["address"] or _enough(actor, asked):
            return
        link = _open_code(actor, asked)
        _send(actor, asked, gettext_noop("Confirm your updates"), "press/mail/confirm", {"link": link})


def write_to_new_subscriber(actor: Actor, told: Mapping[str, Any]) -> None:
    """Follows the request in its own transaction: both are kept, or neither."""
    ask_to_confirm.defer(subscriber=str(told["result"]))


def _enough(actor: Actor, asked: Row) -> bool:
    """Somebody who types a stranger's address again and again makes us write there once a day, and thrice a week."""
    a_day, a_week = rules.LETTERS_TO_A_STRANGER.value
    same = Q(same_address=asked["same_address"]) & ~Q(pk=asked["id"])
    written = same & Q(code_hash__isnull=False)

    def since(days: int) -> int:
        return policy.SUBSCRIBERS.count(actor, written & Q(asked_at__gt=asked["asked_at"] - timedelta(days=days)))

    reads_already = policy.SUBSCRIBERS.count(actor, same & Q(confirmed_at__isnull=False, ended_at=None))
    return bool(reads_already) or since(1) >= a_day or since(7) >= a_week


@app.periodic(cron="0 16 * * *")
@app.task(queue="mail", queueing_lock="digest")
def send_digests(timestamp: int = 0) -> None:
    """Once a day, to each confirmed subscriber, what was published since the last one; nothing if nothing was."""
    with as_system("public_info") as actor:
        waiting = policy.SUBSCRIBERS.many(
            actor, Q(confirmed_at__isnull=False, ended_at=None), limit=100_000, order_by=("id",)
        )
    for subscriber in waiting:
        with suppress(AlreadyEnqueued), transaction.atomic():  # yesterday's still waits for the mail server
            send_digest.configure(queueing_lock=f"digest {subscriber['id']}").defer(subscriber=str(subscriber["id"]))


@app.task(queue="mail", retry=LATER)
def send_digest(subscriber: str) -> None:
    with _alone_with(subscriber) as (actor, reader):
        if reader["ended_at"] or not reader["confirmed_at"] or not reader["address"]:
            return
        since = reader["last_sent_at"] or reader["confirmed_at"]
        published = policy.BULLETINS.many(
            actor, Q(released_at__gt=since), projection="published", order_by=("-released_at",), limit=100
        )
        if not published:
            return
        leave = f"{_open_code(actor, reader, last_sent_at=clock.now())}leave/"
        subject = gettext_noop("News from Wilberforce")
        _send(actor, reader, subject, "press/mail/digest", _digest(published, leave), leave)


@app.periodic(cron="30 3 * * *")
@app.task(queue="mail", queueing_lock="forget")
def forget(timestamp: int = 0) -> None:
    """The address of whoever left, and one that nobody confirmed; one that we could not write to yet waits a month."""
    now = clock.now()
    week, month = now - timedelta(days=rules.UNCONFIRMED_DAYS.value), now - timedelta(days=30)
    unconfirmed = Q(confirmed_at=None) & (Q(code_hash__isnull=False, asked_at__lt=week) | Q(asked_at__lt=month))
    with as_system("public_info") as actor:
        gone = (Q(ended_at__isnull=False) | unconfirmed) & ~Q(same_address=b"")
        for one in policy.SUBSCRIBERS.many(actor, gone, limit=10_000):
            policy.SUBSCRIBERS.change(actor, one["id"], FORGOTTEN)


def forget_who_left(actor: Actor, told: Mapping[str, Any]) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        forget.defer()


def _open_code(actor: Actor, subscriber: Row, **changes: object) -> str:
    """The address that the code opens from now on."""
    code = code_of(subscriber["id"])
    policy.SUBSCRIBERS.change(actor, subscriber["id"], {"code_hash": sha256(code.encode()).digest(), **changes})
    return f"{settings.SITE_ADDRESS}/news/updates/{code}/"


def _digest(published: list[Row], leave: str) -> dict[str, object]:
    links = [(headline(one), f"{settings.SITE_ADDRESS}/news/{one['address']}/") for one in published]
    return {"bulletins": links, "leave": leave}


def _send(actor: Actor, to: Row, subject: str, template: str, given: dict[str, object], leave: str = "") -> None:
    """In the language in which they asked, as words and as a page. RFC 8058: a mail program can end the subscription
    in one click. An address that is no address is forgotten."""
    headers = {"Auto-Submitted": "auto-generated"}
    if leave:
        headers |= {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    with override(to["language"] if to["language"] in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        letter = EmailMultiAlternatives(
            gettext(subject), render_to_string(f"{template}.txt", given), to=[to["address"]], headers=headers
        )
        letter.attach_alternative(render_to_string(f"{template}.html", given), "text/html")
    try:
        letter.send()
    except SMTPRecipientsRefused as refused:
        if any(code < 500 for code, _ in refused.recipients.values()):
            raise
        policy.SUBSCRIBERS.change(actor, to["id"], {"ended_at": clock.now(), **FORGOTTEN})
