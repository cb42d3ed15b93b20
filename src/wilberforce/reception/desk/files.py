"""The last resort: the sealed rows of a tablet as a file, when it never reaches the network again."""

from collections import Counter

from django.db import transaction

from wilberforce.base import outbox
from wilberforce.reception.models import Tablet

from . import pictures, rules, sync


def take_in(file: bytes) -> Counter[str]:
    """How many rows got which answer. A file that is taken in twice changes nothing.

    Raises outbox.NoOutbox where it is not the outbox of a tablet of ours."""
    said = outbox.saved(file)
    tablet = Tablet.objects.filter(pk=said.device).first()
    if tablet is None:
        raise outbox.NoOutbox("This tablet was never enrolled here.")
    answers = said.sent(rules.MOST_EVENTS, lambda rows: sync.receive(tablet, rows, tablet.offset_ms))
    with transaction.atomic():
        for event, n, box in said.chunks:
            pictures.take(tablet, event, n, box)
    return answers
