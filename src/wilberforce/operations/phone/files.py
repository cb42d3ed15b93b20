"""The last resort: the sealed rows of a phone as a file, when it never reaches the network again."""

from collections import Counter

from django.db import transaction

from wilberforce.base import outbox
from wilberforce.operations.models import Phone

from . import sync

AT_ONCE = 200


def take_in(file: bytes) -> Counter[str]:
    """How many rows got which answer. A file that is taken in twice changes nothing.

    Raises outbox.NoOutbox where it is not the outbox of a phone of ours."""
    said = outbox.saved(file)
    phone = Phone.objects.filter(pk=said.device).first()
    if phone is None:
        raise outbox.NoOutbox("This phone was never enrolled here.")
    answers: Counter[str] = Counter()
    for first in range(0, len(said.rows), AT_ONCE):
        with transaction.atomic():
            acks = sync.receive(phone, said.rows[first : first + AT_ONCE], phone.offset_ms)
        answers.update(ack.status for ack in acks)
    return answers
