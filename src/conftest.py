"""Tests run as the application's own database role, each run on its own clone of one migrated database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import TransactionTestCase

from wilberforce.base import postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take long")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]


def _fresh_clone(name: str) -> None:
    for connection in connections.all():
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    postgres.find().clone_database(os.environ["WB_TEST_TEMPLATE"], name)
    for connection in connections.all():
        connection.settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    if "WB_TEST_TEMPLATE" not in os.environ:
        pytest.exit("Tests need their database: run them with ./wb test [pytest's arguments]", returncode=2)
    name = f"wb_test_{os.getpid()}"
    with django_db_blocker.unblock():
        _fresh_clone(name)
    yield
    with django_db_blocker.unblock():
        for connection in connections.all():
            connection.close()
        postgres.find().drop_database(name)


def _clone_again(case: TransactionTestCase) -> None:
    """After a test with real commits: a new clone, because the application's role may not truncate."""
    _fresh_clone(connections["default"].settings_dict["NAME"])


TransactionTestCase._fixture_teardown = _clone_again  # type: ignore[attr-defined]
