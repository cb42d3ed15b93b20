"""What the database lets in once, said as a sentence when it comes twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from wilberforce.base.errors import RuleBroken


@contextmanager
def once(constraint: str, sentence: str, *, field: str = "", code: str = "") -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as twice:
        if constraint not in str(twice):
            raise
        raise RuleBroken(sentence, field=field, code=code) from None
