"""The sender. It alone opens an address; it runs as the platform's system role and can do nothing else."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.ledger.doors import as_system

from . import policy

LATER = RetryStrategy(max_attempts=20, exponential_wait=2)
"""A mail server that is down loses nothing: about twelve days of growing patience."""


@app.task(queue="mail", retry=LATER)
def ask_to_confirm(subscriber: str) -> None:
    """A fresh code each time; only its hash is kept."""
    code = secrets.token_urlsafe(24)
    with as_system("public_info") as actor:
        asked = policy.SUBSCRIBERS.one(actor, UUID(subscriber))
        if asked["confirmed_at"] or asked["ended_at"] or _written_to_today(actor, asked):
            return
        policy.SUBSCRIBERS.change(actor, asked["id"], {"code_hash": sha256(code.encode()).digest()})
        address = f"{settings.SITE_ADDRESS}/news/updates/{code}/"
        _send(asked["address"], "Confirm your updates", "press/mail/confirm.txt", {"link": address})


def write_to_new_subscriber(actor: Actor, told: Mapping[str, Any]) -> None:
    """Follows the request in its own transaction: both are kept, or neither."""
    ask_to_confirm.defer(subscriber=str(told["result"]))


def _written_to_today(actor: Actor, asked: Row) -> bool:
    """Somebody who types a stranger's address again and again makes us write to the stranger once."""
    day_before = asked["asked_at"] - timedelta(days=1)
    same = Q(same_address=asked["same_address"], asked_at__gt=day_before, code_hash__isnull=False)
    return policy.SUBSCRIBERS.count(actor, same & ~Q(pk=asked["id"])) > 0


@app.periodic(cron="0 16 * * *")
@app.task(queue="mail", queueing_lock="digest")
def send_digests(timestamp: int = 0) -> None:
    """Once a day, to each confirmed subscriber, what was published since the last one; nothing if nothing was."""
    with as_system("public_info") as actor:
        waiting = policy.SUBSCRIBERS.many(
            actor, Q(confirmed_at__isnull=False, ended_at=None), limit=100_000, order_by=("id",)
        )
    for subscriber in waiting:
        send_digest.defer(subscriber=str(subscriber["id"]))


@app.task(queue="mail", retry=LATER)
def send_digest(subscriber: str) -> None:
    code = secrets.token_urlsafe(24)
    with as_system("public_info") as actor:
        reader = policy.SUBSCRIBERS.one(actor, UUID(subscriber))
        if reader["ended_at"] or not reader["confirmed_at"]:
            return
        since = reader["last_sent_at"] or reader["confirmed_at"]
        published = policy.BULLETINS.many(
            actor, Q(released_at__gt=since), projection="published", order_by=("-released_at",)
        )
        if not published:
            return
        changes = {"code_hash": sha256(code.encode()).digest(), "last_sent_at": clock.now()}
        policy.SUBSCRIBERS.change(actor, reader["id"], changes)
        leave = f"{settings.SITE_ADDRESS}/news/updates/{code}/leave/"
        _send(reader["address"], "News from Wilberforce", "press/mail/digest.txt", _digest(published, leave), leave)


def _digest(published: list[Row], leave: str) -> dict[str, object]:
    links = [(one["title"], f"{settings.SITE_ADDRESS}/news/{one['address']}/") for one in published]
    return {"bulletins": links, "leave": leave}


def _send(address: str, subject: str, template: str, given: dict[str, object], leave: str = "") -> None:
    """RFC 8058: a mail program can end the subscription in one click."""
    headers = {"List-Unsubscribe": f"<{leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if leave else {}
    EmailMessage(subject, render_to_string(template, given), to=[address], headers=headers).send()
