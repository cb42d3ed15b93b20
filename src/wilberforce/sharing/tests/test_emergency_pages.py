"""The emergency in a browser: asked, answered, seen with the time that is left, reviewed."""

import re
from uuid import uuid4

import pytest

from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

AT_MOST, BYTES_AT_MOST = 14, 30_000


@pytest.fixture
def reference(person, at):
    with at("reception_manager", "reception") as actor:
        survivors.record_next_place(actor, person, kind="victim-care", address="1 Nowhere Lane")
        return PEOPLE.one(actor, person)["reference"]


@pytest.fixture
def opened(signed_in):
    """A page as it was shown, with the hidden fields that an answer carries."""
    browsers = {}

    def shown(part, url, **answers):
        browser = browsers[part] = browsers.get(part) or signed_in(part)
        page = browser.get(url)
        if not answers:
            return page
        hidden = dict(re.findall(r'name="(purpose|version|once)" value="([^"]*)"', page.content.decode()))
        return browser.post(answers.pop("to", url), hidden | answers, follow=True)

    return shown


@pytest.fixture
def asked(opened, reference):
    def breaks(**said):
        words = {"reference": reference, "reason": "threat", "threat_reference": "TTL/0142"} | said
        return opened("op_commander", "/op-safety/emergency/", **words)

    return breaks


def test_a_commander_asks_the_centre_says_yes_and_the_address_opens_with_the_time_left(opened, asked):
    first = asked().content.decode()
    assert "Nothing is open to you under this reference" in first
    calls = opened("reception_manager", "/support/calls/").content.decode()
    (to,) = re.findall(r'action="(/support/calls/[^"]*/yes/)"', calls)
    assert "TTL/0142" in calls
    opened("reception_manager", "/support/calls/", to=to, said="")
    pk = to.split("/")[3]
    page = opened("op_commander", f"/op-safety/emergency/{pk}/").content.decode()
    assert "1 Nowhere Lane" in page
    assert re.search(r"It shuts at .*, in 3 h 5\d min", page)


def test_the_page_is_the_same_whether_or_not_anybody_has_this_reference(asked, reference):
    pages = []
    for given in (reference, "P-YYYYYY"):
        text = asked(reference=given).content.decode().replace(given, "REFERENCE")
        text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", text)
        text = re.sub(r"<time .*?</time>|\d h \d\d min", "TIME", text, flags=re.DOTALL)
        pages.append(re.sub(r'(nonce|value)="[^"]*"', "", text))
    assert "REFERENCE" in pages[0]
    assert pages[0] == pages[1]


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(asked, reference):
    page = asked(threat_reference="").content.decode()
    assert "threat to life" in page
    assert f'value="{reference}"' in page
    assert 'class="govuk-error-message"' in page


def test_the_guardians_of_both_agencies_review_it_on_their_page(opened, asked):
    asked()
    for part in ("guardian_police", "guardian_redcross"):
        listed = opened(part, "/oversight/emergencies/").content.decode()
        (url,) = re.findall(r'href="(/oversight/emergencies/[^"]+/)"', listed)
        assert "Review it" in listed
        done = opened(part, url, verdict="right").content.decode()
        assert "Reviewed" in done
    assert opened("guardian_city", url).status_code == 404


def test_a_role_that_no_rule_serves_in_an_emergency_is_told_whom_to_ask(opened, person):
    page = opened("housing_officer", "/support/emergency/").content.decode()
    assert "Your role opens no record in an emergency" in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]


def test_somebody_elses_emergency_looks_like_none(opened, asked):
    asked()
    own = opened("op_commander", "/op-safety/emergency/").content.decode()
    pk = re.findall(r"/emergency/([0-9a-f-]{36})/", own)[0]
    seen, absent = (opened("safeguarding_lead", f"/support/emergency/{one}/") for one in (pk, uuid4()))
    assert seen.status_code == 404
    assert seen.content == absent.content


@pytest.mark.parametrize(
    ("part", "url"),
    [
        ("op_commander", "/op-safety/emergency/"),
        ("reception_manager", "/support/calls/"),
        ("review_officer", "/custody/calls/"),
        ("guardian_redcross", "/oversight/emergencies/"),
    ],
)
def test_every_page_keeps_its_budgets(opened, asked, statements, part, url):
    asked()
    opened(part, url)
    with statements() as sent:
        page = opened(part, url)
    assert page.status_code == 200
    assert len(sent) <= AT_MOST
    assert len(page.content) <= BYTES_AT_MOST
