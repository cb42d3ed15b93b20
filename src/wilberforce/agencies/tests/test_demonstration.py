from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from wilberforce.agencies import sittings
from wilberforce.agencies.models import Device, SignedIn
from wilberforce.base import clock

from .conftest import holds

Browsers = Callable[[str], Client]


def key_of(client: Client) -> bytes:
    return sittings.hash_of(str(client.session.session_key))


@pytest.fixture
def on_show(settings: Any) -> None:
    settings.DEMO = True


def test_outside_the_demonstration_its_door_does_not_exist(cast: Any, settings: Any) -> None:
    settings.DEMO = False
    client = Client()
    nowhere = client.get("/no-such-place/")
    for answer in (client.get("/demo/"), client.post(f"/demo/{cast['op_commander'].pk}/"), client.post("/demo/renew/")):
        assert (answer.status_code, answer.content) == (404, nowhere.content)
    assert not SignedIn.objects.filter(user=cast["op_commander"].user).exists()


def test_the_cast_is_listed_by_agency(client: Client, cast: Any, on_show: None) -> None:
    page = client.get("/demo/").content.decode()
    assert "British Red Cross" in page
    assert "Josephine Lanternjack" in page
    assert "Gangmasters" not in page


def test_one_click_signs_in_with_an_ordinary_device_and_proof(cast: Any, on_show: None) -> None:
    client = Client()
    client.post(f"/demo/{cast['report_desk'].pk}/")
    assert client.get("/my-work/").status_code == 200
    assert holds(key_of(client), "triage", "managed_device")
    assert holds(key_of(client), "triage", "step_up")


def test_looking_at_the_link_signs_nobody_in(cast: Any, on_show: None) -> None:
    client = Client()
    assert client.get(f"/demo/{cast['report_desk'].pk}/").status_code == 405
    assert "_auth_user_id" not in client.session


def test_device_and_proof_run_out_as_in_life_and_a_button_renews_them(cast: Any, on_show: None) -> None:
    client = Client()
    client.post(f"/demo/{cast['report_desk'].pk}/")
    SignedIn.objects.update(stepped_up_at=clock.now().replace(year=2020))
    Device.objects.update(posture_at=clock.now().replace(year=2020))
    assert not holds(key_of(client), "triage", "step_up")
    assert not holds(key_of(client), "triage", "managed_device")
    client.post("/demo/renew/")
    assert holds(key_of(client), "triage", "step_up")
    assert holds(key_of(client), "triage", "managed_device")


def test_the_next_person_takes_the_browser_over_completely(cast: Any, on_show: None) -> None:
    client = Client()
    client.post(f"/demo/{cast['report_desk'].pk}/")
    before = key_of(client)
    client.post(f"/demo/{cast['reception_manager'].pk}/")
    assert key_of(client) != before
    assert SignedIn.objects.get(session_key_hash=before).ended_at is not None
    assert SignedIn.objects.get(session_key_hash=key_of(client)).membership == cast["reception_manager"]
