"""A receipt as a file: exactly what was agreed to go, bound to the ledger's entries, checkable without the system."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from wilberforce.ledger import receipts as ledger
from wilberforce.ledger.leaves import pseudonym

from .models import Disclosure

KIND = "wilberforce-receipt@v1"
DIGITS = 48


def terms(one: Disclosure) -> dict[str, Any]:
    """What both sides agreed on when it was begun; nothing of it changes afterwards."""
    payload = {"payload": one.payload_digest} if one.payload_digest else {}
    return payload | {
        "basis": one.basis,
        "class": one.data_class,
        "expires_at": _instant(one.expires_at) if one.expires_at else None,
        "fields": sorted(one.fields),
        "from": str(one.from_agency_id),
        "id": str(one.pk),
        "projection": one.projection,
        "purpose": one.purpose,
        "to": str(one.to_agency_id),
    }


def digest(one: Disclosure) -> str:
    """Stands in the ledger beside the rule, so that the terms can't be written anew."""
    text = json.dumps(terms(one), sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:DIGITS]


def bound(rule: str, one: Disclosure) -> str:
    return f"{rule}|{_named(one)}"


def _named(one: Disclosure) -> str:
    return f"terms:{digest(one)}"


def proven(one: Disclosure) -> ledger.Proven:
    steps = (one.asked_at, one.approved_at, one.completed_at, one.refused_at, one.recalled_at)
    return ledger.about(one.pk, _named(one), one.data_class, one.from_agency_id, sorted({at for at in steps if at}))


def written(one: Disclosure, names: tuple[str, str], found: ledger.Proven | None = None) -> str:
    """The file. It names the person by the ledger's pseudonym alone; names of the agencies help its reader."""
    found = found or proven(one)
    covered = [entry for entry in found.entries if entry.covered]
    receipt = {
        "kind": KIND,
        "names": dict(zip(("from", "to"), names, strict=True)),
        "terms": terms(one),
        "thing": str(pseudonym(one.pk)),
        "entries": [{"leaf": entry.text, "proof": proof} for entry, proof in zip(covered, found.proofs, strict=True)],
        "newest": found.newest,
        "consistency": {str(size): path for size, path in found.consistency.items()},
    }
    return json.dumps(receipt, indent=1, ensure_ascii=False) + "\n"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
