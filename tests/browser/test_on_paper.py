"""What somebody prints: the handling marking on every sheet, and nothing to press."""

import io

import pytest
from pypdf import PdfReader

from .people import Everybody

pytestmark = pytest.mark.browser
MARKING = "OFFICIAL-SENSITIVE"


def sheets(person, path):
    printed = person.opens(path).page.pdf(format="A4", prefer_css_page_size=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages]


def test_every_sheet_of_a_staff_page_carries_its_marking(played_day: object, everybody: Everybody):
    commander = everybody.sits_down("op_commander")
    operation = commander.opens("/op-planning/").follows("OP-").path
    found = sheets(commander, operation)
    assert len(found) > 1
    assert [sheet.count(MARKING) >= 2 for sheet in found] == [True] * len(found)


def test_a_public_page_carries_none(played_day: object, everybody: Everybody):
    assert not any(MARKING in sheet for sheet in sheets(everybody.comes_in(), "/report/"))


def test_what_can_be_done_to_a_line_is_not_printed(played_day: object, everybody: Everybody):
    commander = everybody.sits_down("op_commander")
    order = commander.opens("/op-planning/").follows("OP-").path + "order/"
    assert commander.opens(order).here.get_by_role("link", name="Take out").count()
    printed = "".join(sheets(commander, order))
    assert "Humanitarian issues" in printed
    assert [one for one in ("Take out", "Add a part", "Your account") if one in printed] == []


def test_nothing_to_press_is_printed(played_day: object, everybody: Everybody):
    printed = "".join(sheets(everybody.sits_down("op_commander"), "/op-planning/new/"))
    page = everybody.present[-1].pages[0]
    words = [one for one in page.locator("main form button").all_inner_texts() if one]
    assert words
    assert [one for one in words if one in printed] == []
