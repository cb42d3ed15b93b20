from datetime import date
from typing import Any

from wilberforce.agencies.cast import FAIR_WORK_AGENCY_BEGINS, cast_already_here, found_cast
from wilberforce.agencies.models import Area, Membership, User


def test_the_cast_can_be_founded_twice(cast: Any) -> None:
    before = (User.objects.count(), Membership.objects.count())
    again = found_cast()
    assert (User.objects.count(), Membership.objects.count()) == before
    assert again["op_commander"] == cast["op_commander"]


def test_labour_abuse_is_answered_for_by_the_agency_of_the_day(cast: Any) -> None:
    assert cast["op_member_labour"].agency.name == "Fair Work Agency"
    then = cast_already_here(on=date(2018, 4, 17))
    assert then["op_member_labour"].agency.name == "Gangmasters and Labour Abuse Authority"
    glaa = then.agencies["glaa"]
    assert glaa.acting_on(FAIR_WORK_AGENCY_BEGINS) == then.agencies["fwa"]


def test_duty_follows_place(cast: Any) -> None:
    derby, burton = Area.objects.get(place="Derby"), Area.objects.get(place="Burton upon Trent")
    assert (derby.police.name, derby.council.kind) == ("Derbyshire Constabulary", "city")
    assert (burton.police.name, burton.council.kind) == ("Staffordshire Police", "county")


def test_everybody_of_the_cast_is_reachable_only_at_example_addresses(cast: Any) -> None:
    assert all(user.email.endswith(".example.org") for user in User.objects.all())
