"""The watcher: each minute it says, once, what has become due. It reads deadlines and nothing else."""

from collections import defaultdict
from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from wilberforce.base import clock

from .lists import all_deadlines
from .models import OPEN, Deadline


@app.periodic(cron="* * * * *")
@app.task(queue="watch", queueing_lock="watch", pass_context=False)
def watch(timestamp: int = 0) -> None:
    tell(clock.now())


def tell(now: datetime) -> int:
    """How many were told. The condition is asked again under the row's lock, so that two watchers tell once."""
    told = 0
    for near, codes in _codes_by_nearness().items():
        untold = Deadline.objects.filter(OPEN, told_at=None, rule__in=codes, due_at__lte=now + near)
        told += untold.update(told_at=now)
    return told


def _codes_by_nearness() -> dict[timedelta, list[str]]:
    codes: dict[timedelta, list[str]] = defaultdict(list)
    for kind in all_deadlines().values():
        codes[kind.due].append(kind.code)
    return codes
