"""Public pages speak the reader's language as far as they are translated, and say which words are English."""

import datetime as dt
import re
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

from wilberforce.base.templatetags.kit import when

pytestmark = pytest.mark.django_db
CATALOGUES = sorted((Path(settings.CHECKOUT) / "src/wilberforce/web/locale").glob("*/LC_MESSAGES/django.po"))
DANGER = {"cy": "Os oes rhywun mewn perygl nawr, ffoniwch 999.", "ar": "إذا كان شخص ما في خطر الآن، فاتصل بالرقم 999."}
OFFICER = "If somebody is forced to work, is paid little or nothing"


@pytest.mark.parametrize("code", ["ar", "cy"])
def test_the_front_page_is_in_the_language_that_the_browser_asks_for(client, code):
    page = client.get("/", headers={"accept-language": code})
    text = page.content.decode()
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}"' in text
    assert DANGER[code] in text
    assert page.headers["Content-Language"] == code
    assert {"Accept-Language", "Cookie"} <= {one.strip() for one in page.headers["Vary"].split(",")}


def test_what_is_not_translated_is_marked_as_english(client):
    text = client.get("/", headers={"accept-language": "ar"}).content.decode()
    assert f'<span lang="en-GB" dir="ltr">{OFFICER}' in text
    assert f'<span lang="en-GB" dir="ltr">{OFFICER}' not in client.get("/").content.decode()


class Outside(HTMLParser):
    """Words in Latin letters that nothing marks as another language than the page's."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        inside = [lang for _, lang in self.open if lang]
        tags = {tag for tag, _ in self.open}
        if inside[-1:] == ["ar"] and not tags & {"title", "script"} and re.search("[A-Za-z]{2}", data):
            self.found.append(data.strip())


@pytest.mark.parametrize("address", ["/", "/report/", "/report/again/", "/news/", "/news/updates/"])
def test_no_english_stands_unmarked_among_arabic(client, address):
    reading = Outside()
    reading.feed(client.get(address, headers={"accept-language": "ar"}).content.decode())
    assert [words for words in reading.found if words != "Wilberforce"] == []


def test_a_day_is_marked_as_english_among_arabic():
    day = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
    assert 'lang="en-GB"' not in when(day)
    with translation.override("ar"):
        assert 'lang="en-GB" dir="ltr">24 November 2026' in when(day)


def test_a_choice_lasts_for_the_browsers_session_and_not_longer(client):
    kept = client.get("/?lang=cy").cookies["language"]
    assert (kept["max-age"], kept["expires"], kept["httponly"]) == ("", "", True)
    assert DANGER["cy"] in client.get("/report/").content.decode()


@pytest.mark.parametrize("wanted", ["xx", "../../etc", "ar\r\nSet-Cookie: x=1", ""])
def test_a_language_that_is_not_offered_changes_nothing(client, wanted):
    page = client.get("/", {"lang": wanted})
    assert '<html lang="en-gb"' in page.content.decode()
    assert "language" not in page.cookies


def test_a_mistake_keeps_what_was_typed_in_the_readers_language(client):
    client.get("/report/?lang=ar")
    text = client.post("/report/", {"body": "", "where": "شارع لا مكان"}).content.decode()
    assert "هناك مشكلة" in text
    assert "شارع لا مكان" in text


def test_staff_pages_stay_english_whatever_the_browser_asks_for(signed_in):
    page = signed_in("report_desk").get("/triage/", headers={"accept-language": "ar"})
    assert '<html lang="en-gb" dir="ltr"' in page.content.decode()
    assert "Content-Language" not in page.headers


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_every_sentence_of_a_catalogue_stands_on_some_page(path):
    root = Path(settings.CHECKOUT) / "src/wilberforce"
    pages = "".join(one.read_text() for one in [*root.glob("*/templates/**/*.html"), *root.glob("*/*.py")])
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue if entry.msgid not in pages] == []
    assert catalogue.percent_translated() == 100


def test_the_catalogues_hold_the_same_sentences():
    assert len({frozenset(entry.msgid for entry in polib.pofile(str(path))) for path in CATALOGUES}) == 1
