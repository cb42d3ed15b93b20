"""A page that declares no cell still shows lists of its workspace: at a device that nobody vouches for, only where
something in that workspace may be seen there at all."""

from datetime import timedelta

import pytest

from wilberforce.access.asking import opens_on_any_device
from wilberforce.agencies.models import Device
from wilberforce.base import clock


@pytest.fixture
def on_a_device_not_checked_since_last_week(signed_in, cast):
    def opened(part):
        browser = signed_in(part)
        Device.objects.filter(membership=cast[part]).update(posture_at=clock.now() - timedelta(days=7))
        return browser

    return opened


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ("emergency_duty", "/support/alarms/"),
        ("safeguarding_lead", "/support/calls/"),
        ("op_commander", "/op-safety/calls/"),
        ("custody_officer", "/custody/victim-requests/"),
    ],
)
def test_the_lists_of_a_grave_workspace_ask_for_a_device_of_the_agency(
    on_a_device_not_checked_since_last_week, part, path
):
    answer = on_a_device_not_checked_since_last_week(part).get(path)
    assert (answer.status_code, "a device that your agency has enrolled" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    ("kind", "role", "purpose", "opens"),
    [
        ("police", "custody_officer", "custody", False),
        ("city", "emergency_duty", "support", False),
        ("city", "housing_officer", "support", True),
        ("police", "comms_officer", "public_info", False),
    ],
)
def test_a_workspace_opens_anywhere_only_where_it_holds_something_that_is_not_grave(kind, role, purpose, opens):
    assert opens_on_any_device(kind, (role,), purpose) is opens
