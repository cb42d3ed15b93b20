"""Tests run as the application's own database role, each run on its own clone of one migrated database
in which the fictional cast already lives."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from wilberforce.base import postgres

# a slow machine is no reason to fail: what is drawn and what is shown stay the same
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

pytest_plugins = ["tests.evidence.plugin"]

PLAYED = f"wb_test_{os.getpid()}"
PEOPLED = f"{PLAYED}_cast"
At = Callable[..., AbstractContextManager[Any]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def _fresh_clone(template: str, name: str) -> None:
    for connection in connections.all():
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    postgres.find().clone_database(template, name)
    for connection in connections.all():
        connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session", autouse=True)
def refusals_at_once() -> None:
    """Thousands of refusals are asked for here, and one test asks how long they are kept back."""
    from django.conf import settings as of_django

    of_django.REFUSALS_EVERY = 0


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """One clone into which the cast moves, and from that one for each test that commits."""
    if "WB_TEST_TEMPLATE" not in os.environ:
        pytest.exit("Tests need their database: run them with ./wb test [pytest's arguments]", returncode=2)
    from wilberforce.agencies.cast import found_cast

    with django_db_blocker.unblock():
        _fresh_clone(os.environ["WB_TEST_TEMPLATE"], PEOPLED)
        found_cast()
        _fresh_clone(PEOPLED, PLAYED)
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        for name in (PLAYED, PEOPLED):
            postgres.find().drop_database(name)


def _clone_again(case: TransactionTestCase) -> None:
    """After a test with real commits: a new clone, because the application's role may not truncate."""
    _fresh_clone(PEOPLED, PLAYED)


TransactionTestCase._fixture_teardown = _clone_again  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def lasting_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A clone that the tests of one module share and fill with real commits; the next module gets a new one."""
    with django_db_blocker.unblock():
        connections.close_all()  # one that a browser's loop kept apart may have been ended with the clone before
        yield
        _fresh_clone(PEOPLED, PLAYED)


@pytest.fixture(scope="module")
def empty_db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Only migrated: no agency, no cast; as an operator finds it."""
    with django_db_blocker.unblock():
        _fresh_clone(os.environ["WB_TEST_TEMPLATE"], PLAYED)
        yield
        _fresh_clone(PEOPLED, PLAYED)


@pytest.fixture(scope="module")
def played_day(lasting_db: None, tmp_path_factory: Any) -> Any:
    """The story of the demonstration's day, played once for the tests of a module, which only read."""
    from django.test import override_settings

    from wilberforce.web.demo.play import play_story

    mail = "django.core.mail.backends.filebased.EmailBackend"
    with override_settings(DEMO=True, EMAIL_BACKEND=mail, EMAIL_FILE_PATH=tmp_path_factory.mktemp("mail")):
        return play_story()


@pytest.fixture(scope="module")
def busy_day(played_day: Any) -> Any:
    """The same with something left waiting on every page."""
    from django.test import override_settings

    from wilberforce.web.demo.afterwards import everything_waits

    with override_settings(DEMO=True):
        everything_waits(played_day)
    return played_day


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[list[str]]]:
    """``with statements() as sent:`` what PostgreSQL receives meanwhile."""
    from wilberforce.web.bench.walk import statements as counted

    return counted


@pytest.fixture
def cast(db: None) -> Any:
    """The fictional people and agencies: ``cast["reception_manager"]`` is a membership."""
    from wilberforce.agencies.cast import cast_already_here

    return cast_already_here()


@pytest.fixture
def at(cast: Any) -> At:
    """``with at("reception_manager", "reception") as actor:`` opens the door as somebody of the cast."""
    from wilberforce.agencies.demo import seat_without_browser
    from wilberforce.ledger.doors import at_work

    sessions: dict[str, bytes] = {}

    def opened(part: str, purpose: str, cells: list[str] | None = None) -> Any:
        if part not in sessions:
            sessions[part] = seat_without_browser(cast[part])
        return at_work(sessions[part], purpose, cells)

    return opened


@pytest.fixture
def also(cast: Any) -> Callable[[str, str, str], Callable[[str], AbstractContextManager[Any]]]:
    """``also("op_commander", "reception_manager", "data_guardian")``: the same person, with a role elsewhere too."""
    from wilberforce.agencies.demo import seat_without_browser
    from wilberforce.agencies.models import Membership, RoleHeld
    from wilberforce.ledger.doors import at_work

    def seated(part: str, colleague: str, role: str) -> Callable[[str], AbstractContextManager[Any]]:
        first = cast[part]
        seat = Membership.objects.create(user=first.user, agency=cast[colleague].agency, starts=first.starts)
        RoleHeld.objects.create(membership=seat, role=role, starts=first.starts)
        session = seat_without_browser(seat)
        return lambda purpose: at_work(session, purpose)

    return seated


@pytest.fixture
def signed_in(cast: Any) -> Callable[[str], Any]:
    """``client = signed_in("reception_manager")``: a browser of somebody who has just proved who they are."""
    from django.test import Client

    from wilberforce.agencies.demo import client_of

    def opened(part: str) -> Client:
        return client_of(cast[part], Client())

    return opened
