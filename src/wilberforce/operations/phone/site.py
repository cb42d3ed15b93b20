"""What a bronze's phone shows of its site once somebody has unlocked it: references and counts, never a name."""

from typing import Any

from wilberforce.access.context import Actor
from wilberforce.agencies.rules import WRONG_PINS
from wilberforce.base.shell import Shell
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age
from wilberforce.operations import picture, policy
from wilberforce.operations.lists import WITHOUT_WARRANT
from wilberforce.operations.models import Injury, Phone, Place, Sex, UnitKind

from .boxes import SCHEMA
from .words import REASONS


def words() -> dict[str, Any]:
    """The lists that the page's buttons show."""
    return {
        "ages": _pairs(Age.choices),
        "sexes": _pairs(Sex.choices),
        "injuries": _pairs(Injury.choices),
        "languages": [[entry.code, entry.label] for entry in LANGUAGES.values()],
        "places": _pairs(choice for choice in Place.choices if choice[0] != Place.SITE),
        "states": [[code, said] for code, said in picture.NEXT.values()],
        "powers": [["", "Under the warrant"], *([code, power.label] for code, power in WITHOUT_WARRANT.items())],
        "reasons": REASONS,
        "schema": SCHEMA,
        "wrong": WRONG_PINS.value,
    }


def _pairs(choices: Any) -> list[list[str]]:
    return [[value, str(label)] for value, label in choices]


SHELL = Shell(
    "site",
    "Site",
    "/site/",
    ("base/desk.css", "base/site.js", "base/desk-lock.js"),
    "operations/templates/operations/site.html",
    words,
)


def seen(actor: Actor, phone: Phone) -> dict[str, Any]:
    """Where the site stands, who was found there, and whom somebody may be handed to."""
    shown = picture.day(actor, phone.operation_id)
    (site,) = [one for one in shown["sites"] if one["id"] == phone.site_id]
    return {
        "site": {"ref": site["ref"], "state": site["state"], "entered": site["entered_at"] is not None},
        "people": [_person(one) for one in shown["found"] if one["site_id"] == phone.site_id],
        "vehicles": [[str(u["id"]), u["label"]] for u in shown["units"] if u["kind"] == UnitKind.VEHICLE],
        "centres": [
            [str(link.centre_id), f"Centre {number}"]
            for number, link in enumerate(policy.centres_of([phone.operation_id]), start=1)
        ],
    }


def _person(one: dict[str, Any]) -> dict[str, Any]:
    offered = one["offer"]["to_said"] if one["offer"] else ""
    return {
        "id": str(one["id"]), "ref": one["reference"], "age": one["age"], "injury": one["injury"],
        "where": one["where_said"], "offered": offered,
    }  # fmt: skip
