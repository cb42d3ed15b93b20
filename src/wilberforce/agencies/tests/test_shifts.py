"""On shift is whoever signed in, and only while it lasts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from wilberforce.agencies import shifts
from wilberforce.agencies.models import Shift
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.base.ids import new_id

from .conftest import holds, opened

Sessions = Callable[[str], bytes]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
CENTRE = new_id()


def worked(cast: Any, began: datetime, ended: datetime, out: datetime | None = None) -> None:
    member = cast["custody_officer"]
    Shift.objects.create(
        membership=member, place_id=CENTRE, starts=began, ends=ended, signed_in_at=began, signed_out_at=out
    )


def test_a_planned_shift_opens_nothing_until_somebody_signs_in(session: Sessions, cast: Any) -> None:
    mine, now = session("custody_officer"), clock.now()
    planned = shifts.plan(cast["custody_officer"].pk, CENTRE, now - HOUR, now + HOUR)
    assert not holds(mine, "custody", "on_shift")
    with opened(mine, "custody") as actor:
        assert shifts.sign_in(actor, CENTRE).pk == planned.pk
    assert holds(mine, "custody", "on_shift")


def test_a_second_sign_in_is_the_same_shift(session: Sessions) -> None:
    with opened(session("custody_officer"), "custody") as actor:
        assert shifts.sign_in(actor, CENTRE).pk == shifts.sign_in(actor, CENTRE).pk


def test_nobody_is_on_shift_in_two_places(session: Sessions) -> None:
    with opened(session("custody_officer"), "custody") as actor:
        shifts.sign_in(actor, CENTRE)
        with pytest.raises(RuleBroken, match="Sign out there first"):
            shifts.sign_in(actor, new_id())
        shifts.sign_out(actor)
        shifts.sign_in(actor, new_id())


@pytest.mark.parametrize(("ago", "counts"), [(2 * HOUR - MINUTE, True), (2 * HOUR + MINUTE, False)])
def test_a_shift_still_counts_for_two_hours_after_signing_out(
    session: Sessions, cast: Any, ago: timedelta, counts: bool
) -> None:
    now = clock.now()
    worked(cast, now - 5 * HOUR, now + HOUR, now - ago)
    assert holds(session("custody_officer"), "custody", "on_shift") is counts


def test_forgetting_to_sign_out_does_not_keep_a_shift_open(session: Sessions, cast: Any) -> None:
    now = clock.now()
    worked(cast, now - 11 * HOUR, now - 3 * HOUR)
    assert not holds(session("custody_officer"), "custody", "on_shift")
    with opened(session("custody_officer"), "custody") as actor:
        shifts.sign_in(actor, CENTRE)
        assert shifts.current(actor.membership) is not None
    assert Shift.objects.get(signed_out_at__isnull=False).signed_out_at == now - 3 * HOUR


def test_a_colleagues_shift_is_not_mine(session: Sessions, cast: Any) -> None:
    worked(cast, clock.now() - HOUR, clock.now() + HOUR)
    assert not holds(session("review_officer"), "custody", "on_shift")


def test_a_shift_of_two_days_is_refused(cast: Any) -> None:
    with pytest.raises(RuleBroken, match="at most 16 hours"):
        shifts.plan(cast["custody_officer"].pk, CENTRE, clock.now(), clock.now() + 48 * HOUR)
