"""In whose hands each person is: put together from their handovers, for the board and for those who receive them."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.access.protect import Row
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.deadlines.rules import kept_time
from wilberforce.operations import policy, rules
from wilberforce.operations.board import MANY, people
from wilberforce.operations.models import Heading, Injury, Place, Sex, Standing

FOUND, ARRIVAL = "site_found", "arrival"
SAID: Shown = {
    "age": ("Adult or child", str.capitalize),
    "sex": ("Sex", lambda code: Sex(code).label),
    "languages": ("Languages", lambda codes: ", ".join(LANGUAGES[code].label for code in codes)),
    "injury": ("Injury", lambda code: Injury(code).label),
    "note": ("What helps", str),
    "heading_to": ("Where they go", lambda code: Heading(code).label),
    "set_off_at": ("Set off", kept_time),
}


def put_with(found: list[Row], handovers: list[Row], classified: list[Row], units: list[Row]) -> None:
    """Beside each person where they are, to whom they are being handed, and how they are looked upon."""
    ways: dict[UUID, list[Row]] = defaultdict(list)
    for row in handovers:
        ways[row["found_id"]].append(row)
    standing = {row["found_id"]: row["standing"] for row in classified}
    names = {str(unit["id"]): unit["label"] for unit in units}
    aboard: Counter[str] = Counter()
    for person in found:
        way = ways[person["id"]]
        now, offer = rules.where_now(rules.steps(way)), next((row for row in way if _waits(row)), None)
        aboard[now.to_id] += now.to == Place.VEHICLE
        person["where_said"] = _place(now.to, now.to_id, names)
        person["offer"] = offer and offer | {"to_said": _place(offer["to_place"], str(offer["to_id"] or ""), names)}
        person["standing_said"] = Standing(standing[person["id"]]).label if person["id"] in standing else ""
    for unit in units:
        unit["aboard"] = aboard[str(unit["id"])]


def _waits(row: Row) -> bool:
    return row["received_at"] is None and row["undone_at"] is None


def _place(place: str, place_id: str, names: dict[str, str]) -> str:
    return f"In {names[place_id]}" if place == Place.VEHICLE and place_id in names else Place(place).label


def brought(actor: Actor) -> list[Row]:
    """Who is being brought to the actor's own centre or custody suite and not received yet."""
    rows = policy.HANDOVERS.many(
        actor, Q(received_at=None, undone_at=None), projection=ARRIVAL, order_by=("given_at",), limit=MANY
    )
    names = people(row["given_by"] for row in rows)
    return [row | {"giver": names.get(row["given_by"], "")} for row in rows]


def way_of(actor: Actor, found_id: UUID) -> dict[str, Any]:
    """Everything that is kept of one person's way, with every earlier standing."""
    person = policy.FOUND.one(actor, found_id, projection=FOUND)
    rows = policy.HANDOVERS.many(actor, Q(found_id=found_id), projection=FOUND, order_by=("number",), limit=100)
    history = policy.CLASSIFIED.many(actor, Q(found_id=found_id), projection=FOUND, order_by=("at", "id"), limit=100)
    put_right = corrections(actor, policy.FORMER_FOUND, found_id, SAID, projection=FOUND)
    members = [*(row["given_by"] for row in rows), *(row["received_by"] for row in rows if row["received_by"])]
    names = people([*members, *(row["by"] for row in (*history, *put_right))])
    for row in rows:
        row |= {"from_said": Place(row["from_place"]).label, "to_said": Place(row["to_place"]).label}
        row |= {"giver": names.get(row["given_by"], ""), "receiver": names.get(row["received_by"], "")}
        row["waits"] = _waits(row)
    for row in history:
        row |= {"said": Standing(row["standing"]).label, "who": names.get(row["by"], "")}
    now = Place(rules.where_now(rules.steps(rows)).to).label
    before = [one | {"by": names.get(one["by"], "")} for one in put_right]
    return {"person": person, "way": rows, "history": history, "now": now, "entries": before}
