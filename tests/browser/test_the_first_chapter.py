"""The handbook's first chapter, followed word by word from an empty database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright import sync_api

from .chapter import Reader, sentences
from .conftest import served
from .people import Everybody

pytestmark = pytest.mark.browser
CHAPTER = Path(__file__).parents[2] / "docs" / "handbook" / "first-day.md"


@pytest.fixture(scope="module")
def mail(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mail")


@pytest.fixture(scope="module")
def address(empty_db: None, mail: Path) -> Iterator[str]:
    """As ``./wb run`` serves it: no demonstration, and mail written into a folder."""
    with served() as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
        patch.setattr(settings, "EMAIL_FILE_PATH", mail)
        patch.setattr(settings, "SITE_ADDRESS", address)
        yield address


@pytest.fixture
def everybody(browser: sync_api.Browser, address: str) -> Iterator[Any]:
    present = Everybody(browser, address)
    yield present
    present.go_home()


def test_the_first_chapter_ends_with_a_person_cared_for(everybody: Everybody, mail: Path) -> None:
    Reader(everybody, mail, CHAPTER.read_text()).reads()


def test_no_part_of_a_step_is_passed_over() -> None:
    said = ['You see "Founded."', "Write `a.b` into **What is it?**.", 'You see "One".', "Press **They left.**."]
    assert sentences(" ".join(said)) == said
