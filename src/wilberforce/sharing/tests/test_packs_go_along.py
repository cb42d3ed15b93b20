"""What waits for its recipient stands under the epoch of today, and is still what the second person saw."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command

from wilberforce.base import clock, keyring
from wilberforce.base.sealed import epoch_of
from wilberforce.sharing import outside
from wilberforce.sharing.models import Pack
from wilberforce.web.tests.rotating import killed_in

from .test_outside import SIGNED, approved, begun, key, ready, said_yes, solicitor  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("own_secrets")


@pytest.fixture
def ring(settings: Any, tmp_path: Any) -> Any:
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    keyring.make(settings.KEYRING_FILE, live=True)
    return settings.KEYRING_FILE


def epochs_of_packs(at: Any) -> list[str]:
    with at("guardian_redcross", "oversight"):
        return [epoch_of(bytes(pack.payload)) for pack in Pack.objects.exclude(payload=b"")]


@SIGNED
def test_packs_that_wait_go_along_when_the_keys_rotate_though_the_rotation_was_killed_half_way(
    ring: Any, at: Any, person: UUID, request: pytest.FixtureRequest
) -> None:
    to, _ = (request.getfixturevalue(name) for name in ("ready", "said_yes"))
    waiting = [begun(at, person, to, until=clock.now() + timedelta(days=days)) for days in (7, 8, 9)]
    over = begun(at, person, to)
    with at("reception_manager", "support") as actor:
        outside.recall(actor, over.pk)
        seen = [outside.preview(actor, one) for one in waiting]
    killed_in("sharing_pack", ring, batch=1)
    half_way = epochs_of_packs(at)
    assert sorted(half_way.count(epoch) for epoch in set(half_way)) == [1, 2]
    call_command("keys", "rotate")
    assert epochs_of_packs(at) == 3 * list(keyring.read(ring).epochs)
    assert [approved(at, one) for one in waiting] == seen
