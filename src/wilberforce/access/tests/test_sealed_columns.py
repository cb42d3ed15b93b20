"""In a class whose leak can kill, nothing that somebody typed stands in the clear."""

from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from wilberforce.access.asking import matrix
from wilberforce.access.protect import PROTECTED
from wilberforce.base.sealed import SealedField

HARMLESS = (models.UUIDField, models.ForeignKey, models.DateTimeField, models.BooleanField, models.IntegerField)
CODES = {
    "contact_marks": "keyed marks of a contact, which name nobody without the key",
    "features": "codes of the list of what a place has",
    "heading": "a code of the list of the order's headings",
    "entry_power": "codes of the list of powers",
    "indicators": "codes of the list of indicators",
    "language": "a code of the list of languages",
    "languages": "codes of the list of languages",
    "power": "a code of the list of powers",
    "premises": "a code of the list of premises",
    "receipt_hash": "a hash of a long random code",
    "ref": "a site's two letters",
    "reference": "a random reference",
    "writer_key": "the public half of a key that the writer's code makes",
    "rooms": "codes of the list of rooms",
}
"""What the app fills in from a list of its own or at random, never with what somebody typed."""


def in_the_clear(field: Any) -> bool:
    """Whether this column may stand in the clear."""
    if isinstance(field, (SealedField, *HARMLESS)):
        return True
    if isinstance(field, ArrayField):
        return in_the_clear(field.base_field) or field.name in CODES
    if isinstance(field, models.CharField):
        return bool(field.choices) or field.name in CODES
    return isinstance(field, models.BinaryField) and field.name in CODES


def grave_tables() -> list[str]:
    return sorted(t for t, protected in PROTECTED.items() if matrix().classes[protected.data_class].tier == "S")


@pytest.mark.parametrize("table", grave_tables())
def test_no_column_of_a_grave_class_is_plain_text(table: str) -> None:
    fields = PROTECTED[table].model._meta.concrete_fields
    assert [f.name for f in fields if not in_the_clear(f)] == []


def test_a_plain_column_would_be_found() -> None:
    assert not in_the_clear(models.TextField(name="story"))
    assert not in_the_clear(models.CharField(name="name", max_length=80))
    assert not in_the_clear(models.DateField(name="date_of_birth"))
    assert not in_the_clear(models.JSONField(name="answers"))


def test_every_sealed_column_belongs_to_a_model_that_names_its_class() -> None:
    for protected in PROTECTED.values():
        if any(isinstance(f, SealedField) for f in protected.model._meta.concrete_fields):
            assert protected.model.data_class == protected.data_class
