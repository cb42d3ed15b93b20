"""A person arrives at a station, is detained or not, is told their rights and is looked after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected, reason
from wilberforce.agencies.models import Agency
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import random_reference
from wilberforce.base.once import once
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import YesNo
from wilberforce.custody import policy
from wilberforce.custody.lists import STATIONS
from wilberforce.custody.models import Absence, Detention, EntryKind, Right
from wilberforce.custody.rules import AFTER_ANOTHER_FORCE, APPROPRIATE_ADULT, WHO_AUTHORISES, Brought, relevant_time
from wilberforce.ledger.doors import action
from wilberforce.operations.actions.sense import in_order, known
from wilberforce.operations.rules import Moment

from .arriving import brings, came_how, coming, only_if_handed_over, received
from .due import DETENTION, case_of, file_what_is_due, of_detention

ELSEWHERE = "They are still in custody elsewhere. The force that holds them hands them over first."
HOW_THEY_CAME = [str(one) for one in Brought if one is not Brought.GOES_ON]


@action("suspect", "W", about={"record": "arrest_id"}, projection=DETENTION)
def book_in(
    actor: Actor,
    arrest_id: UUID,
    *,
    station: str,
    arrived_at: datetime,
    brought: str = Brought.TAKEN_AFTER_ARREST,
    left_at: datetime | None = None,
) -> Detention:
    """Where another force handed them over, that says how they came and what their clocks do."""
    arrest = policy.ARRESTS.one(actor, arrest_id, projection="arrest")
    handed = coming(actor, arrest_id)
    if handed:
        brought, left_at = came_how(actor, handed)
    else:
        only_if_handed_over(actor, arrest_id)
        known(brought, HOW_THEY_CAME, "brought")
    in_order(Moment("arrest", arrest["arrested_at"]), Moment("arrival", arrived_at), field="arrived_at")
    _left_another_force(brought, left_at, arrived_at)
    made = _booked(actor, arrest, _own_station(actor, station), arrived_at, Brought(brought), left_at, handed)
    with once("custody_held_in_one_place", ELSEWHERE, code="booked_in_twice"):
        policy.DETENTIONS.add(actor, made, projection=DETENTION)
    if handed:
        received(actor, made, handed)
    file_what_is_due(actor, made.pk)
    return made


def _booked(
    actor: Actor,
    arrest: dict[str, Any],
    station: str,
    arrived_at: datetime,
    brought: Brought,
    left_at: datetime | None,
    handed: dict[str, Any] | None,
) -> Detention:
    goes_on_from = handed["relevant_at"] if handed else None
    made = Detention(
        controller_id=actor.home,
        operation_id=arrest["operation_id"],
        arrested_by=arrest["arrested_by"],
        reference=random_reference("C"),
        arrest_id=arrest["id"],
        station=station,
        brought=brought,
        left_at=left_at,
        arrested_at=arrest["arrested_at"],
        arrived_at=arrived_at,
        relevant_at=relevant_time(arrest["arrested_at"], arrived_at, brought, left_at, goes_on_from),
        booked_by=actor.me,
    )
    if handed:
        brings(made, handed)
    return made


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def correct_booking(
    actor: Actor,
    detention_id: UUID,
    *,
    station: str,
    arrived_at: datetime,
    brought: str,
    left_at: datetime | None,
    why: str,
    version: int | None = None,
) -> Detention:
    """The time of the arrest is taken anew from the arrest as it stands. Every clock runs from what is true."""
    held = detained(actor, detention_id)
    arrested = policy.ARRESTS.one(actor, held["arrest_id"], projection="arrest")["arrested_at"]
    goes_on = held["brought"] == Brought.GOES_ON
    known(brought, [*HOW_THEY_CAME, *([str(Brought.GOES_ON)] if goes_on else [])], "brought")
    then = Moment("arrival", arrived_at)
    in_order(Moment("arrest", arrested), then, Moment("authorisation", held["authorised_at"]), field="arrived_at")
    _left_another_force(brought, left_at, arrived_at)
    changes = {
        "station": _own_station(actor, station),
        "brought": brought,
        "left_at": left_at,
        "arrested_at": arrested,
        "arrived_at": arrived_at,
        "relevant_at": relevant_time(arrested, arrived_at, Brought(brought), left_at, held["relevant_at"]),
    }
    changed = _put_right(actor, detention_id, changes, version, reason(why))
    file_what_is_due(actor, detention_id)
    return changed


def _left_another_force(brought: str, left_at: datetime | None, arrived_at: datetime) -> None:
    asked = brought == Brought.AFTER_ANOTHER_FORCE
    if asked and left_at is None:
        raise RuleBroken(
            f"Write when they left the other force's station ({AFTER_ANOTHER_FORCE.source}).", field="left_at"
        )
    if left_at is not None and not asked:
        raise RuleBroken(
            "Leave this empty, or answer above that another force detained them for another offence.", field="left_at"
        )
    in_order(Moment("departure", left_at), Moment("arrival", arrived_at), field="left_at")


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def authorise(actor: Actor, detention_id: UUID, *, at: datetime, grounds: str, version: int | None = None) -> Detention:
    """The review clock starts here."""
    if "custody_officer" not in actor.roles:
        raise RuleBroken(f"Only a custody officer authorises detention ({WHO_AUTHORISES.source}).")
    held = detained(actor, detention_id)
    if held["authorised_at"] is not None:
        raise RuleBroken("Detention has been authorised already.", field="at")
    in_order(Moment("arrival", held["arrived_at"]), Moment("authorisation", at))
    if not grounds.strip():
        raise RuleBroken(f"Write the grounds ({WHO_AUTHORISES.source}).", field="grounds")
    changes = {"authorised_at": at, "authorised_by": actor.me, "grounds": grounds.strip()}
    changed = policy.DETENTIONS.change(actor, detention_id, changes, version=version, projection=DETENTION)
    file_what_is_due(actor, detention_id)
    return changed


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def care(
    actor: Actor,
    detention_id: UUID,
    *,
    rights: Sequence[str] = (),
    at: datetime | None = None,
    language: str = "",
    interpreter: str = YesNo.NOT_SURE,
    appropriate_adult: str = YesNo.NOT_SURE,
    possible_victim: str = YesNo.NOT_SURE,
    version: int | None = None,
) -> Detention:
    """Which rights were given and when, and what the person needs so that they are understood and safe."""
    held = detained(actor, detention_id)
    if not set(rights) <= set(Right.values):
        raise RuleBroken("Choose rights from the list.", field="rights")
    if rights and at is None:
        raise RuleBroken("Write when the rights were given.", field="at")
    if at is not None and not rights:
        raise RuleBroken("Tick the rights that were given at this time, or leave the time empty.", field="at")
    in_order(Moment("arrival", held["arrived_at"]), Moment("giving of the rights", at))
    if language and language not in LANGUAGES:
        raise RuleBroken("Choose a language from the list.", field="language")
    _adult_beside_a_child(actor, held, appropriate_adult)
    _as_it_was_screened(actor, held, possible_victim)
    changes = {
        "rights": [right for right in Right.values if right in rights],
        "rights_at": at,
        "language": language,
        "interpreter": known(interpreter, YesNo.values, "interpreter"),
        "appropriate_adult": known(appropriate_adult, YesNo.values, "appropriate_adult"),
        "possible_victim": known(possible_victim, YesNo.values, "possible_victim"),
    }
    return _put_right(actor, detention_id, changes, version)


def _put_right(
    actor: Actor, detention_id: UUID, changes: dict[str, Any], version: int | None, why: str = ""
) -> Detention:
    return corrected(
        actor, policy.DETENTIONS, policy.FORMER_DETENTIONS, detention_id, changes, version=version, why=why,
        projection=DETENTION,
    )  # fmt: skip


def _adult_beside_a_child(actor: Actor, held: dict[str, Any], answer: str) -> None:
    ages = policy.ARRESTS.one(actor, held["arrest_id"], projection="arrest")["age_one_of"]
    if answer == YesNo.NO and ages and min(ages) < APPROPRIATE_ADULT.value:
        raise RuleBroken(
            f"They may be under {APPROPRIATE_ADULT.value}, so they need an appropriate adult "
            f"({APPROPRIATE_ADULT.source}).",
            field="appropriate_adult",
        )


def _as_it_was_screened(actor: Actor, held: dict[str, Any], answer: str) -> None:
    """What was once weighed with a reason is not overturned without one."""
    entries = of_detention(actor, policy.ENTRIES, held["id"], "at")
    if answer != held["possible_victim"] and any(row["kind"] == EntryKind.STANDING for row in entries):
        raise RuleBroken(
            "They were screened, and the reason is kept. Change this under Signs of exploitation, with the new reason.",
            field="possible_victim",
        )


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def hospital_out(actor: Actor, detention_id: UUID, *, at: datetime) -> Absence:
    held = detained(actor, detention_id)
    away = absences_of(actor, detention_id)
    if away and away[-1]["back_at"] is None:
        raise RuleBroken("They are in hospital already. Record when they came back first.", field="at")
    last = away[-1]["back_at"] if away else None
    in_order(Moment("arrival", held["arrived_at"]), Moment("last return", last), Moment("departure", at))
    left = Absence(
        **case_of(held),
        left_at=at,
    )
    return policy.ABSENCES.add(actor, left, projection=DETENTION)


@action("suspect", "W", about={"record": "detention_id"}, projection=DETENTION)
def hospital_back(actor: Actor, detention_id: UUID, *, at: datetime) -> Absence:
    detained(actor, detention_id)
    away = absences_of(actor, detention_id)
    if not away or away[-1]["back_at"] is not None:
        raise RuleBroken("They are not recorded as away. Record the departure first.", field="at")
    in_order(Moment("departure", away[-1]["left_at"]), Moment("return", at))
    back = policy.ABSENCES.change(actor, away[-1]["id"], {"back_at": at}, projection=DETENTION)
    file_what_is_due(actor, detention_id)
    return back


def detained(actor: Actor, detention_id: UUID) -> dict[str, Any]:
    """Raises RuleBroken once the detention is over."""
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    if held["ended_at"] is not None:
        raise RuleBroken("This detention is over, so nothing more happens in it.")
    return held


def absences_of(actor: Actor, detention_id: UUID) -> list[dict[str, Any]]:
    return of_detention(actor, policy.ABSENCES, detention_id, "left_at")


def _own_station(actor: Actor, code: str) -> str:
    force = Agency.objects.get(pk=actor.home).code
    if code not in STATIONS or STATIONS[code].force != force:
        raise RuleBroken("Choose one of your own force's custody suites.", field="station")
    return code
