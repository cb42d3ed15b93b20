"""Every address says what it touches; one that says nothing does not exist."""

import re
from collections import Counter

import pytest
from django.http import HttpResponse
from django.urls import include, path

from wilberforce.access.addresses import addresses
from wilberforce.access.asking import matrix
from wilberforce.access.context import expand
from wilberforce.agencies.cast import PARTS
from wilberforce.web import urls, words
from wilberforce.web.middleware import navigation

WORKSPACE = re.compile(r'font-weight-bold" href="(/[a-z-]+/)"')
NAVIGATION = re.compile(r'<li><a class="govuk-link" href="(/[^"]+)"')


def test_every_address_declares_what_it_touches():
    assert [address.route for address in addresses() if address.declaration is None] == []


def test_every_declared_cell_is_granted_to_somebody_for_the_purpose_of_its_address():
    """A cell that no rule grants is a page that nobody can open."""
    dead = []
    for address in addresses():
        for cell in expand(address.declaration.cells):
            data_class, action, projection = cell.split(":")
            purpose = address.arguments.get("purpose")
            if not any(
                data_class in rule.classes
                and action in rule.actions
                and purpose in rule.purposes
                and rule.fields in (None, projection, projection.split(".")[0] + ".{agency}")
                for rule in matrix().rules
            ):
                dead.append((address.route, cell, purpose))
    assert dead == []


def test_every_staff_address_stands_under_its_purpose():
    for address in addresses():
        if address.declaration.who == "staff":
            prefix = address.route.split("/")[0].replace("-", "_")
            assert address.arguments["purpose"] == prefix, address.route


class Undeclared:
    urlpatterns = [path("forgotten/", lambda request: HttpResponse("secret")), path("", include(urls.urlpatterns))]


def test_an_undeclared_address_is_absent(client, settings, db):
    settings.ROOT_URLCONF = Undeclared
    forgotten, absent = client.get("/forgotten/"), client.get("/nothing/")
    assert (forgotten.status_code, forgotten.content) == (404, absent.content)


def test_a_guessed_address_sends_a_stranger_to_sign_in(client, db):
    assert client.get("/oversight/ledger/").status_code == 302


@pytest.mark.parametrize("part", ["reception_worker", "op_commander", "comms_officer"])
def test_whoever_holds_no_role_for_the_purpose_finds_nothing_there(signed_in, part):
    refused, absent = signed_in(part).get("/oversight/ledger/"), signed_in(part).get("/oversight/nothing/")
    assert (refused.status_code, refused.content) == (404, absent.content)


def test_a_guardian_sees_the_ledger_of_their_agency(signed_in):
    client = signed_in("guardian_police")
    client.get("/oversight/ledger/")
    assert "Who saw what in your agency" in client.get("/oversight/ledger/").content.decode()


def test_the_own_page_offers_only_the_workspaces_of_the_roles_held(signed_in):
    page = signed_in("op_commander").get("/my-work/").content.decode()
    assert "/op-planning/" in page
    assert "/nrm/" not in page


def test_nobody_is_offered_a_page_that_is_not_there_for_them(signed_in):
    for part in PARTS:
        client = signed_in(part.key)
        workspaces = WORKSPACE.findall(client.get("/my-work/").content.decode())
        lists = [way for url in workspaces for way in NAVIGATION.findall(client.get(url).content.decode())]
        assert [way for way in {*workspaces, *lists} if client.get(way).status_code == 404] == [], part.key


@pytest.mark.parametrize("purpose", words.GROUPS)
def test_a_workspace_in_groups_puts_each_list_in_exactly_one(purpose):
    grouped = [name for names in words.GROUPS[purpose].values() for name in names]
    assert sorted(grouped) == sorted(name for _, name in navigation()[purpose])


def test_the_guardian_finds_the_lists_of_oversight_under_three_words(signed_in):
    page = signed_in("guardian_police").get("/oversight/").content.decode()
    found = re.findall(r'wb-workspace__group"><span>([^<]+)</span>(.*?)</ul>', page, re.DOTALL)
    assert {group: len(NAVIGATION.findall(lists)) for group, lists in found} == {"Shared": 4, "Looked at": 5, "Kept": 5}


def test_whoever_keeps_the_machine_running_finds_its_jobs(signed_in):
    assert (
        '<li><a class="govuk-link" href="/platform-ops/jobs/"'
        in signed_in("sysadmin").get("/platform-ops/").content.decode()
    )


def test_no_two_addresses_of_a_workspace_have_one_name():
    staff = [address for address in addresses() if address.declaration.who == "staff"]
    named = Counter((address.arguments["purpose"], address.name) for address in staff)
    assert [name for name, count in named.items() if count > 1] == []


def test_whose_sitting_is_over_is_sent_to_sign_in_wherever_they_were(signed_in):
    client = signed_in("guardian_police")
    client.session.flush()
    answers = [client.get(address) for address in ("/oversight/ledger/", "/my-work/")]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all("/sign-in/" in answer["Location"] for answer in answers)
