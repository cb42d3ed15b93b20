"""The watcher: each minute it says, once, what has become due. It reads deadlines and nothing else."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from wilberforce.base import clock

from .lists import all_deadlines
from .models import OPEN, Deadline
from .rules import is_quiet


@app.periodic(cron="* * * * *")
@app.task(queue="watch", queueing_lock="watch", pass_context=False)
def watch(timestamp: int = 0) -> None:
    tell(clock.now())


@transaction.atomic
def tell(now: datetime) -> int:
    """How many were told. The condition is asked again under the row's lock, so that two watchers tell once.

    All of it commits or none: a watcher that dies in the middle has told nobody, and the next one tells everybody.
    """
    told = 0
    for near, codes in _codes_by_nearness(is_quiet(now)).items():
        untold = Deadline.objects.filter(OPEN, told_at=None, rule__in=codes, due_at__lte=now + near)
        told += untold.update(told_at=now)
    return told + _escalate(now)


def _escalate(now: datetime) -> int:
    limits = [kind.code for kind in all_deadlines().values() if kind.escalates_to]
    late = Deadline.objects.filter(OPEN, escalated_at=None, rule__in=limits, due_at__lt=now)
    return late.update(escalated_at=now)


def _codes_by_nearness(quiet: bool) -> dict[timedelta, list[str]]:
    codes: dict[timedelta, list[str]] = defaultdict(list)
    for kind in all_deadlines().values():
        if not (quiet and kind.can_wait):
            codes[kind.due].append(kind.code)
    return codes
