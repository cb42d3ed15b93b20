"""What a second person sees before their yes: exactly the columns that were named, as the recipient will read them.

The database hands them out, to whoever may answer and for nothing else; what is sealed opens here.
Packs show their bytes.
"""

import json
from hashlib import sha256
from typing import Any

from django.db import connection

from wilberforce.access import asking
from wilberforce.access.context import Actor, Note
from wilberforce.access.protect import Protected, Row
from wilberforce.access.together import read_back

from . import policy
from .models import Disclosure

ALWAYS = ("id", "controller_id", "version")


def preview(actor: Actor, one: Disclosure) -> list[Row] | None:
    """One row for each record. Of a referral nobody sees a status: its fields are named alone."""
    if one.data_class == policy.FIELD_NAMES_ONLY:
        return None
    about = {"record": one.pk, "person": one.subject_id}
    projection = policy.preview_of(one.data_class)
    rule = asking.must(actor, one.data_class, "A", about, projection).rule
    rows = [row for table in policy.Kind(one.data_class, one.projection).tables for row in _rows(one, table)]
    ids = (one.subject_id, one.pk)
    actor.note(Note("consultation", one.data_class, "A", projection, rule, ids, recipient=one.to_agency_id))
    return rows


def digest(rows: list[Row] | None) -> str:
    """So that a yes is to what was seen, and to nothing that was written meanwhile."""
    return "" if rows is None else sha256(written(rows).encode()).hexdigest()


def written(rows: list[Row]) -> str:
    return json.dumps(rows, sort_keys=True, default=str)


def _rows(one: Disclosure, table: Protected[Any]) -> list[Row]:
    wanted = [name for name in policy.shown_of(table, one.projection) if name in one.fields]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_outgoing(%s, %s, %s)", [one.pk, table.table, wanted])
        found = [json.loads(row[0]) for row in cursor.fetchall()]
    opened = [read_back(table, row) for row in found]
    return [{name: row[name] for name in wanted} for row in opened]
