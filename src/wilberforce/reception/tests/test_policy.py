"""The centre belongs to those on its roster while on shift; everybody else finds nothing."""

from typing import Any
from uuid import UUID

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import Q

from wilberforce.access.protect import PROTECTED
from wilberforce.agencies import canaries
from wilberforce.agencies.models import RoleHeld
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.base.ids import new_id
from wilberforce.ledger.policy import LEAVES
from wilberforce.operations.models import CentreLink
from wilberforce.reception import actions, board, policy
from wilberforce.reception.models import Centre, Presence, StockChange
from wilberforce.survivors.policy import PEOPLE

from .conftest import HOUR, Open, leaves, on_shift

NOT_AT_THE_CENTRE = [
    ("op_member_a", "op_safety"),
    ("investigator", "criminal_investigation"),
    ("safeguarding_lead", "support"),
    ("guardian_redcross", "oversight"),
]


@pytest.mark.parametrize(("part", "purpose"), NOT_AT_THE_CENTRE)
def test_another_agency_or_role_sees_nothing_of_a_centre(centre: Open, at: Any, part: str, purpose: str) -> None:
    centre.arrived()
    with pytest.raises(NotAllowed), at(part, purpose) as actor:
        policy.PRESENCES.many(actor)


def test_a_worker_of_another_centre_sees_nobody(centre: Open, other_centre: Open) -> None:
    person = centre.arrived()
    with other_centre.by("reception_worker_2") as actor:
        assert [row["name"] for row in board.centres_of(actor)] == ["Heron"]
        assert board.people_here(actor, centre.centre_id) == []
        assert policy.GIVEN.many(actor, Q(person_id=person.pk), projection="given") == []
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        actions.move(actor, person.pk, to="rest")
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        actions.give(actor, person.pk, kind="clothing")


def test_a_worker_of_another_centre_registers_nobody_here(centre: Open, other_centre: Open) -> None:
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        actions.arrive(actor, centre.centre_id, age="adult")


def test_without_a_shift_a_worker_sees_nothing(centre: Open, cast: Any, at: Any) -> None:
    with centre.by("reception_manager") as actor:
        actions.add_to_roster(actor, centre.centre_id, membership_id=cast["reception_worker_2"].pk)
    with centre.by("reception_worker_2") as actor:
        assert policy.CENTRES.many(actor) == []
    on_shift(at, cast, centre.centre_id, "reception_worker_2")
    with centre.by("reception_worker_2") as actor:
        assert [row["id"] for row in policy.CENTRES.many(actor)] == [centre.centre_id]


def test_only_the_manager_sees_the_manifest(sent: Open) -> None:
    with sent.by("reception_worker") as actor:
        assert actions.manifest(actor, sent.centre_id) == []
    with sent.by("reception_manager") as actor:
        assert len(actions.manifest(actor, sent.centre_id)) == 1


def test_the_commander_counts_heads_and_learns_nothing_else(sent: Open, at: Any) -> None:
    sent.arrived()
    with at("op_commander", "op_safety", ["centre:R:head_count"]) as actor:
        rows = policy.PRESENCES.many(actor, Q(centre_id=sent.centre_id), projection="head_count")
    assert [set(row) for row in rows] == [{"id", "controller_id", "version", "centre_id", "since", "until"}]


def test_the_commander_counts_those_registered_since_the_link_and_the_count_leaves_one_leaf_without_ids(
    sent: Open, at: Any
) -> None:
    link = CentreLink.objects.get(centre_id=sent.centre_id)
    sent.arrived()
    sent.arrived()
    with at("op_commander", "op_safety", ["centre:R:head_count"]) as actor:
        assert board.head_counts(actor, [link.operation_id]) == {link.operation_id: 2}
    with at("guardian_police", "oversight") as actor:
        (leaf,) = LEAVES.many(actor, Q(projection="head_count"), projection="own_agency_entries")
    assert (leaf["subject_class"], leaf["op"], leaf["objects_seen"]) == ("centre", "consultation", [])


def test_somebody_whom_the_guardians_invented_is_on_the_list_and_in_no_head_count(
    sent: Open, at: Any, cast: Any
) -> None:
    link = CentreLink.objects.get(centre_id=sent.centre_id)
    sent.arrived()
    invented = sent.arrived()
    RoleHeld.objects.create(membership=cast["reception_worker_2"], role="data_guardian")
    counted = []
    for part in ("guardian_fire", "guardian_redcross"):
        with at(part, "oversight") as guardian:
            planted = canaries.plant(guardian, invented.reference)
        with at("op_commander", "op_safety", ["centre:R:head_count"]) as actor:
            counted.append(board.head_counts(actor, [link.operation_id])[link.operation_id])
    assert counted == [2, 2], "of no other agency's guardian, and of nobody alone"
    with at("reception_worker_2", "oversight") as second:
        canaries.let_live(second, planted.pk)
    with at("op_commander", "op_safety", ["centre:R:head_count"]) as actor:
        assert board.head_counts(actor, [link.operation_id]) == {link.operation_id: 1}
    with sent.by() as worker:
        assert invented.pk in {one.person_id for one in board.people_here(worker, sent.centre_id)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM reception_invented(%s, %s)", [[sent.centre_id], [link.since]])
            assert cursor.fetchall() == []


def test_a_count_is_right_above_a_thousand(centre: Open) -> None:
    with centre.by() as actor:
        actions.restock(actor, centre.centre_id, thing="blanket", change=1)
        (first,) = policy.STOCK.many(actor, Q(thing="blanket"))
        StockChange.objects.bulk_create(StockChange(**first | {"id": new_id()}) for _ in range(1_200))
        asked = {"blanket": Q(thing="blanket"), "nothing": Q(thing="")}
        assert policy.STOCK.count(actor, Q(thing="blanket")) == 1_201
        assert policy.STOCK.tally(actor, asked) == {"blanket": 1_201, "nothing": 0}
        assert dict(board.stock(actor, centre.centre_id))["Blanket"] == 1_201


def test_what_one_may_not_see_is_not_counted(centre: Open, other_centre: Open) -> None:
    centre.arrived()
    with other_centre.by("reception_worker_2") as actor:
        assert policy.PRESENCES.count(actor) == 0
        assert policy.PRESENCES.tally(actor, {"here": Q(centre_id=centre.centre_id)}) == {"here": 0}
        assert board.stock(actor, centre.centre_id) == []


def test_the_commander_of_another_operation_counts_nobody(centre: Open, at: Any) -> None:
    centre.arrived()
    with at("op_commander", "op_safety", ["centre:R:head_count"]) as actor:
        assert policy.PRESENCES.many(actor, projection="head_count") == []


def test_who_is_named_on_a_shift_is_known_twelve_hours_before(centre: Open, at: Any, cast: Any) -> None:
    now, driver = clock.now(), cast["op_member_city"].pk
    with centre.by("reception_manager") as actor:
        named = actions.set_up_shift(actor, centre.centre_id, driver, now + 11 * HOUR, now + 14 * HOUR, "driver")
    with at("op_member_city", "op_safety"):
        assert asked("SELECT fact_named_on_shift()") == [centre.centre_id]
    with at("op_member_fire", "op_safety"):
        assert asked("SELECT fact_named_on_shift()") == []
    with centre.by("reception_manager") as actor:
        actions.call_off_shift(actor, centre.centre_id, shift_id=named.pk)
    with at("op_member_city", "op_safety") as actor:
        assert (asked("SELECT fact_named_on_shift()"), actions.own_shifts(actor)) == ([], [])


def test_a_driver_finds_the_door_and_nothing_behind_it(centre: Open, at: Any, cast: Any) -> None:
    now, driver = clock.now(), cast["op_member_city"].pk
    with centre.by("reception_manager") as actor:
        actions.set_up_shift(actor, centre.centre_id, driver, now, now + HOUR, "driver")
    with at("op_member_city", "op_safety"):
        assert asked("SELECT fact_same_centre()") == []


def test_without_a_context_every_table_is_empty(centre: Open) -> None:
    centre.arrived()
    assert (Centre.objects.count(), Presence.objects.count()) == (0, 0)


def write_stay(actor: Any, centre_id: UUID, person_id: UUID) -> None:
    now = clock.now()
    stay = Presence(
        controller_id=actor.agency,
        centre_id=centre_id,
        person_id=person_id,
        reference="P-222222",
        since=now,
        moved_at=now,
        recorded_by=actor.membership,
    )
    policy.PRESENCES.add(actor, stay)


def test_a_stay_at_another_centre_can_not_be_written_past_the_actions(centre: Open, other_centre: Open) -> None:
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        write_stay(actor, centre.centre_id, new_id())


def test_somebody_who_is_known_elsewhere_can_not_be_claimed_for_this_centre(centre: Open, other_centre: Open) -> None:
    """Writing a stay gives sight of a person, so it can't be written about somebody whom the centre never met."""
    person = centre.arrived()
    with centre.by() as actor:
        leaves(actor, person.pk, destination="refuge")
    with pytest.raises(ProgrammingError, match="known already"), other_centre.by("reception_worker_2") as actor:
        write_stay(actor, other_centre.centre_id, person.pk)


@pytest.mark.parametrize("table", ["movement", "stockchange", "given", "leaving", "check"])
def test_what_was_recorded_is_never_rewritten(centre: Open, table: str) -> None:
    with centre.by("reception_manager"):
        for sql in (f"UPDATE reception_{table} SET at = now()", f"DELETE FROM reception_{table}"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(sql)


def test_an_address_has_no_column_in_any_table_of_the_centre() -> None:
    """The directory of places is of the class that plans, and no centre's."""
    centres = [one for one in PROTECTED.values() if one.data_class != "operation"]
    ours = [one.model for one in centres if one.model._meta.app_label == "reception"]
    assert not {f.name for model in ours for f in model._meta.fields} & {"address", "place", "street", "postcode"}


def asked(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def test_whoever_the_person_blocked_sees_nothing_of_them(centre: Open, cast: Any) -> None:
    from wilberforce.agencies.models import SubjectBlock

    person = centre.arrived()
    SubjectBlock.objects.create(subject_id=person.pk, membership=cast["health_worker"])
    with centre.by("health_worker") as actor:
        assert policy.PRESENCES.many(actor) == []
        assert PEOPLE.many(actor) == []
