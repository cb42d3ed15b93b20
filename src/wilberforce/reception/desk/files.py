"""The last resort: the sealed rows of a tablet as a file, when it never reaches the network again."""

import json
from collections import Counter
from typing import Any
from uuid import UUID

from django.db import transaction

from wilberforce.reception.models import Tablet

from . import boxes, pictures, rules, sync
from .boxes import Row


class NoOutbox(Exception):
    """The sentence says why the file is not the outbox of a tablet of ours."""


def take_in(file: bytes) -> Counter[str]:
    """How many rows got which answer. A file that is taken in twice changes nothing."""
    tablet, rows, chunks = _read(file)
    answers: Counter[str] = Counter()
    for first in range(0, len(rows), rules.MOST_EVENTS):
        with transaction.atomic():
            acks = sync.receive(tablet, rows[first : first + rules.MOST_EVENTS], tablet.offset_ms)
        answers.update(ack.status for ack in acks)
    with transaction.atomic():
        for event, n, box in chunks:
            pictures.take(tablet, event, n, box)
    return answers


def _read(file: bytes) -> tuple[Tablet, list[Row], list[tuple[UUID, int, bytes]]]:
    try:
        said: Any = json.loads(file)
        tablet = Tablet.objects.filter(pk=UUID(str(said["tablet"]))).first()
        if tablet is None:
            raise NoOutbox("This tablet was never enrolled here.")
        chunks = [(UUID(one["id"]), int(one["n"]), boxes.bytes64(one["box"])) for one in said.get("chunks", ())]
        return tablet, [Row.of(tablet.pk, row) for row in said["rows"]], chunks
    except (KeyError, TypeError, ValueError) as nonsense:
        raise NoOutbox("This is not the file of a tablet.") from nonsense
