"""The last resort: the sealed rows of a tablet as a file, when it never reaches the network again."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction

from wilberforce.reception.models import Tablet

from . import rules, sync
from .boxes import Row


class NoOutbox(Exception):
    """The sentence says why the file is not the outbox of a tablet of ours."""


def take_in(file: bytes) -> Counter[str]:
    """How many rows got which answer. A file that is taken in twice changes nothing."""
    tablet, rows = _read(file)
    answers: Counter[str] = Counter()
    for first in range(0, len(rows), rules.MOST_EVENTS):
        with transaction.atomic():
            acks = sync.receive(tablet, rows[first : first + rules.MOST_EVENTS], tablet.offset_ms)
        answers.update(ack.status for ack in acks)
    return answers


def _read(file: bytes) -> tuple[Tablet, list[Row]]:
    try:
        said: Any = json.loads(file)
        tablet = Tablet.objects.filter(pk=UUID(str(said["tablet"]))).first()
        if tablet is None:
            raise NoOutbox("This tablet was never enrolled here.")
        return tablet, [Row.of(tablet.pk, row) for row in said["rows"]]
    except (KeyError, TypeError, ValueError) as nonsense:
        raise NoOutbox("This is not the file of a tablet.") from nonsense
