"""A record of somebody who does not exist: whoever opens it is heard of at once, and it looks like any other."""

from typing import Any

import pytest
from django.db import connection
from django.db.utils import ProgrammingError
from django.utils.html import strip_tags

from wilberforce.agencies import canaries
from wilberforce.agencies.models import Canary, RoleHeld
from wilberforce.base.errors import RuleBroken
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.survivors import actions, policy

ADDRESS = "/oversight/canaries/"


def words(response: Any) -> str:
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.fixture
def invented(register: Any, at: Any, cast: Any) -> Any:
    """Somebody who does not exist, planted by two guardians of the charity."""
    RoleHeld.objects.create(membership=cast["reception_worker_2"], role="data_guardian")
    person = register()
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, person.pk, cast["reception_worker"].pk)
    with at("guardian_redcross", "oversight") as first:
        planted = canaries.plant(first, person.reference)
    with at("reception_worker_2", "oversight") as second:
        canaries.let_live(second, planted.pk)
    return person


def heard(at: Any, part: str = "guardian_redcross") -> list[str]:
    with at(part, "oversight") as guardian:
        return [str(alarm["who"]) for alarm in canaries.alarms(guardian)]


def waiting(at: Any, part: str) -> int:
    with at(part, "oversight") as guardian:
        return Deadline.objects.filter(OPEN, rule=canaries.RULE, agency_id=guardian.home).count()


def test_planting_it_alarms_nobody(invented: Any, at: Any) -> None:
    assert heard(at) == []
    assert waiting(at, "guardian_redcross") == 0


def test_whoever_opens_the_reference_is_named_to_their_guardian_at_once(invented: Any, at: Any, cast: Any) -> None:
    with at("reception_worker", "support") as actor:
        policy.PEOPLE.one(actor, invented.pk)
    assert heard(at) == [str(cast["reception_worker"])]
    assert waiting(at, "guardian_redcross") == 1


def test_so_is_whoever_opens_the_name_though_its_record_has_another_id(invented: Any, at: Any, cast: Any) -> None:
    with at("reception_worker", "support") as actor:
        actions.record_identity(actor, invented.pk, given_names="Nobody")
    before = len(heard(at))
    with at("reception_worker", "reception") as actor:
        policy.IDENTITIES.many(actor)
    assert len(heard(at)) == before + 1


def test_another_person_of_the_same_centre_alarms_nobody(invented: Any, register: Any, at: Any, cast: Any) -> None:
    other = register()
    with at("reception_manager", "reception") as actor:
        actions.assign(actor, other.pk, cast["health_worker"].pk)
    already = len(heard(at))
    with at("health_worker", "support") as actor:
        policy.PEOPLE.one(actor, other.pk)
    assert len(heard(at)) == already


def test_one_guardian_alone_plants_nothing(register: Any, at: Any) -> None:
    person = register()
    with at("guardian_redcross", "oversight") as first:
        planted = canaries.plant(first, person.reference)
    with at("guardian_redcross", "oversight") as first, pytest.raises(RuleBroken, match="Another guardian"):
        canaries.let_live(first, planted.pk)
    with at("guardian_city", "oversight") as stranger, pytest.raises(RuleBroken, match="Another guardian"):
        canaries.let_live(stranger, planted.pk)
    with at("reception_manager", "reception") as actor:
        policy.PEOPLE.one(actor, person.pk)
    assert heard(at) == []


def test_the_answer_is_the_same_for_a_reference_that_is_none(at: Any, signed_in: Any) -> None:
    client = signed_in("guardian_redcross")
    form = {"purpose": "oversight", "verb": "plant", "plant-reference": "P-YYYYYY"}
    assert client.post(ADDRESS, form).status_code == 302
    assert Canary.objects.count() == 1


def test_a_reader_sees_no_difference(invented: Any, register: Any, at: Any, statements: Any) -> None:
    other = register()
    shown = []
    for person in (invented, other):
        with statements() as sent, at("reception_manager", "reception") as actor:
            row = policy.PEOPLE.one(actor, person.pk)
        chance = {"id", "reference", "begun_at"}
        shown.append(({name: value for name, value in row.items() if name not in chance}, len(sent)))
    assert shown[0] == shown[1]


@pytest.mark.parametrize("table", ["agencies_canary_mark", "agencies_canary_alarm"])
@pytest.mark.django_db
def test_the_application_can_t_ask_which_records_are_invented(table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")


def test_the_guardian_says_that_they_have_asked(invented: Any, at: Any, signed_in: Any) -> None:
    with at("reception_worker", "support") as actor:
        policy.PEOPLE.one(actor, invented.pk)
    client = signed_in("guardian_redcross")
    assert "opened an invented record of British Red Cross" in words(client.get(ADDRESS))
    assert client.post(ADDRESS, {"purpose": "oversight", "verb": "asked"}).status_code == 302
    assert "I have asked about all of these" not in words(client.get(ADDRESS))
    assert waiting(at, "guardian_redcross") == 0
