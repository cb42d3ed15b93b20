"""Tests run as the app role, on a database of their own, cloned from a migrated template."""

import os
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Clone the template that ``./wb test`` made; drop the clone afterwards."""
    from django.conf import settings
    from django.db import connections

    from wilberforce.base import postgres

    template = os.environ.get("WB_TEST_TEMPLATE")
    if not template:
        pytest.fail("run the tests with ./wb test, which prepares their database")
    name = f"wb_test_{os.getpid()}"
    server = postgres.find(os.environ.get("WB_PG_KIND", ""))
    server.clone_database(template, name)
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    server.drop_database(name)
