"""What of a leaf is hashed: one text, the same on every machine, in every time zone and after every restore.

Compact JSON in ASCII with sorted names; instants in UTC with six decimals; ``xact`` is left out, because it is the
database's and not the leaf's.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from .models import Leaf
from .tree import leaf_hash

COLUMNS = tuple(sorted(field.attname for field in Leaf._meta.concrete_fields))


def text(columns: Mapping[str, Any]) -> str:
    return json.dumps({name: _plain(columns[name]) for name in COLUMNS}, separators=(",", ":"))


def hash_of(columns: Mapping[str, Any]) -> bytes:
    return leaf_hash(text(columns).encode())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value
