"""The people found: recorded by reference, put right where a first look was wrong, and sent on."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import READABLE, is_exercise, new_id, random_reference
from wilberforce.concerns.models import Age
from wilberforce.ledger.doors import action
from wilberforce.operations import policy, rules
from wilberforce.operations.models import CentreLink, Found, Heading, Injury, Sex

from .log import log
from .sense import in_order, known, known_languages, of_the_day

FOUND = "site_found"
READABLE_REFERENCE = re.compile(rf"(P|EX)-[{READABLE}]{{6}}")


@action("operation", "W", about={"site": "site_id"}, projection=FOUND)
def record_found(
    actor: Actor,
    site_id: UUID,
    *,
    age: str,
    languages: Sequence[str] = (),
    sex: str = Sex.NOT_SURE,
    injury: str = Injury.NOT_SURE,
    note: str = "",
    at: datetime | None = None,
    found_id: UUID | None = None,
    reference: str = "",
) -> Found:
    """A reference, never a name. Not sure whether an adult or a child counts as a child.

    ``found_id`` and ``reference``: given by a phone that had no network."""
    at = at or clock.now()
    site = _entered(actor, site_id, at)
    found = Found(
        id=found_id or new_id(),
        controller_id=site["controller_id"],
        operation_id=site["operation_id"],
        site_id=site_id,
        reference=_reference(site_id, reference),
        age=known(age, Age.values, "age"),
        sex=known(sex, Sex.values, "sex"),
        languages=known_languages(languages),
        injury=known(injury, Injury.values, "injury"),
        note=note,
        found_at=at,
    )
    return policy.FOUND.add(actor, found, projection=FOUND)


def _entered(actor: Actor, site_id: UUID, at: datetime) -> Row:
    """The site, before that moment."""
    site = policy.SITES.one(actor, site_id, projection=FOUND)
    if site["entered_at"] is None:
        raise RuleBroken(f"Site {site['ref']} has not been entered yet. Record the entry first.")
    of_the_day(actor, site["operation_id"], at, FOUND)
    in_order(rules.Moment("entry", site["entered_at"]), rules.Moment("finding", at))
    return site


def _reference(site_id: UUID, given: str) -> str:
    prefix, read = "EX" if is_exercise(site_id) else "P", READABLE_REFERENCE.fullmatch(given)
    if given and not read:
        raise RuleBroken("The reference is no reference of ours. Ask whoever wrote it.", field="reference")
    if read and read[1] != prefix:
        raise RuleBroken(f"Here a reference begins with {prefix}-, so that nothing played meets anything real.")
    return given or random_reference(prefix)


def send_to(
    actor: Actor,
    found_id: UUID,
    *,
    to: str,
    centre_id: UUID | None = None,
    at: datetime | None = None,
    why: str = "",
    version: int | None = None,
) -> Found:
    """``why``: where they were to go somewhere else before."""
    site = policy.FOUND.one(actor, found_id, projection=FOUND)["site_id"]
    return set_off(actor, found_id, site_id=site, to=to, centre_id=centre_id, at=at, why=why, version=version)


@action("operation", "W", about={"record": "found_id", "site": "site_id"}, projection=FOUND)
def set_off(
    actor: Actor,
    found_id: UUID,
    *,
    site_id: UUID,
    to: str,
    centre_id: UUID | None,
    at: datetime | None,
    why: str,
    version: int | None,
) -> Found:
    """Where they go follows from what they need and, for an adult, from what they choose."""
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    if known(to, Heading.values, "to") == Heading.NONE:
        raise RuleBroken("Choose where they are going.", field="to")
    fault = rules.may_not_leave(person["age"]) if to == Heading.LEFT else ""
    if fault:
        raise RuleBroken(fault, field="to")
    if (to == Heading.CENTRE) != (centre_id is not None):
        raise RuleBroken("Choose the centre, and only for people who go to one.", field="centre_id")
    links = CentreLink.objects.filter(operation_id=person["operation_id"], until=None)
    if centre_id is not None and not links.filter(centre_id=centre_id).exists():
        raise RuleBroken("Choose a centre that works for this operation.", field="centre_id")
    at = at or clock.now()
    in_order(rules.Moment("finding", person["found_at"]), rules.Moment("departure from the site", at))
    changes = {"heading_to": to, "centre_id": centre_id, "set_off_at": at}
    if person["heading_to"] == Heading.NONE:
        return policy.FOUND.change(actor, found_id, changes, version=version, projection=FOUND)
    return _kept_beside(actor, found_id, changes, why, version)


def _kept_beside(actor: Actor, found_id: UUID, changes: dict[str, Any], why: str, version: int | None) -> Found:
    return corrected(
        actor, policy.FOUND, policy.FORMER_FOUND, found_id, changes, version=version, why=why, projection=FOUND
    )


def correct_found(
    actor: Actor,
    found_id: UUID,
    *,
    age: str,
    sex: str,
    languages: Sequence[str],
    injury: str,
    note: str = "",
    why: str = "",
    version: int | None = None,
) -> Found:
    """A first look may be wrong. What changed stands in the log, and everything that stood there on their own page."""
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    changes = {
        "age": known(age, Age.values, "age"),
        "sex": known(sex, Sex.values, "sex"),
        "languages": known_languages(languages),
        "injury": known(injury, Injury.values, "injury"),
        "note": note,
    }
    right = put_right(actor, found_id, site_id=person["site_id"], changes=changes, why=why, version=version)
    changed = [name for name in ("age", "sex", "languages", "injury") if person[name] != changes[name]]
    if changed:
        words = "; ".join(f"{name} was {_words(person[name])}, is {_words(changes[name])}" for name in changed)
        log(
            actor,
            person["operation_id"],
            text=f"{person['reference']}: {words}.",
            site_id=person["site_id"],
            goes_on=True,
        )
    return right


def _words(value: Any) -> str:
    return ", ".join(value) or "not known" if isinstance(value, list) else str(value)


@action("operation", "W", about={"record": "found_id", "site": "site_id"}, projection=FOUND)
def put_right(
    actor: Actor, found_id: UUID, *, site_id: UUID, changes: dict[str, Any], why: str, version: int | None
) -> Found:
    return _kept_beside(actor, found_id, changes, why, version)
