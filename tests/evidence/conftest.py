"""The day played once for a module, with every row that it left behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db.models.signals import post_save

from wilberforce.agencies.cast import cast_already_here
from wilberforce.operations.tests.conftest import day  # noqa: F401 - a fixture
from wilberforce.reception.tests.conftest import centre  # noqa: F401 - a fixture
from wilberforce.web import readiness

from .worlds import World, heard_by_outsiders


@pytest.fixture(scope="module")
def empty(lasting_db: None) -> Iterator[World]:
    """Before anything was told. The machine's disk, which the operator sees, stays as full as it is."""
    full = readiness.disk_used()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readiness, "disk_used", lambda: full)
        yield World(cast_already_here(), {})


@pytest.fixture(scope="module")
def lived(empty: World, request: pytest.FixtureRequest) -> World:
    begun: dict[str, list[UUID]] = defaultdict(list)

    def noted(sender: Any, instance: Any, created: bool, **_: Any) -> None:
        if created and isinstance(instance.pk, UUID):
            begun[sender._meta.db_table].append(instance.pk)

    post_save.connect(noted)
    story = request.getfixturevalue("played_day")
    post_save.disconnect(noted)
    return replace(empty, cast=story.cast, records=dict(begun))


@pytest.fixture(scope="module")
def world(empty: World, long: bool, request: pytest.FixtureRequest) -> World:
    before = heard_by_outsiders(empty, long)
    return replace(request.getfixturevalue("lived"), before=before)
