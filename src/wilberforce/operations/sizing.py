"""What the plan has, beside what so many people need: as many as are expected, and half as many again."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.operations import policy, rules
from wilberforce.operations.board import every, read, said
from wilberforce.operations.models import GONE, UnitKind

Row = Mapping[str, Any]


def sizing(actor: Actor, operation_id: UUID) -> dict[str, Any]:
    """Each line says what is needed, what is planned and what is short; more people than planned is the last column."""
    operation = said(policy.OPERATIONS.one(actor, operation_id))
    planned_sites, all_units, readiness = read(
        actor,
        every(policy.SITES, actor, operation_id, "", ("ref",)),
        every(policy.UNITS, actor, operation_id, "", ("id",)),
        every(policy.READINESS, actor, operation_id, "", ("id",)),
    )
    units = [unit for unit in all_units if unit["doing"] not in GONE]
    sites = [site for site in planned_sites if site["out_at"] is None]
    people = rules.expected([site["expected"] for site in sites])
    more = rules.more_than_expected(people)
    spoken = sorted({code for site in sites for code in site["languages"]})
    linked = {link.centre_id for link in policy.centres_of([operation_id])}
    planned = _planned(units, [row for row in readiness if row["centre_id"] in linked])
    return {
        "operation": operation,
        "sites": sites,
        "people": people,
        "more": more,
        "unsure": [site["ref"] for site in sites if site["expected"] == "not sure"],
        "lines": [
            _line(need, have, if_more)
            for need, have, if_more in zip(
                rules.needs(people.most, len(sites), len(spoken)),
                planned,
                rules.needs(more, len(sites), len(spoken)),
                strict=True,
            )
        ],
        "units": [_of_unit(unit) for unit in all_units],
        "unspoken": [LANGUAGES[code].label for code in spoken if code not in _interpreted(units)],
        "rules": rules.SIZES,
    }


def _planned(units: Iterable[Row], readiness: Iterable[Row]) -> tuple[int | None, ...]:
    """In the order of the needs; custody suites tell their places by telephone."""
    kinds = [unit["kind"] for unit in units]
    seats = sum(unit["seats"] or 0 for unit in units if unit["kind"] == UnitKind.VEHICLE)
    places = sum(rules.expected([one["expected"]]).most for one in readiness)
    return (kinds.count(UnitKind.TEAM), seats, kinds.count(UnitKind.INTERPRETER), places, None)


def _of_unit(unit: Row) -> dict[str, Any]:
    return {**unit, "kind_said": UnitKind(unit["kind"]).label, "gone": unit["doing"] in GONE}


def _interpreted(units: Iterable[Row]) -> set[str]:
    return {code for unit in units if unit["kind"] == UnitKind.INTERPRETER for code in unit["languages"]}


def _line(need: rules.Need, have: int | None, if_more: rules.Need) -> dict[str, Any]:
    short = None if have is None else max(need.count - have, 0)
    return {"what": need.what, "needed": need.count, "planned": have, "short": short, "more": if_more.count}
