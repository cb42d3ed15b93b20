"""What crosses: named fields, under an agreement, let go by a second person, recalled at the next read."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import Q

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.ledger.policy import LEAVES
from wilberforce.sharing import actions, policy
from wilberforce.sharing.models import Disclosure
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import LEGAL_BASES, PEOPLE

from .conftest import NEED, version_on


@pytest.fixture
def begin(person, at, cast):
    def begun(**given):
        with at("reception_manager", "support") as actor:
            said = {
                "to_agency": cast["housing_officer"].agency_id, "data_class": "person_ref", "fields": NEED,
                "basis": "adult-safeguarding", "projection": "housing_need",
            }  # fmt: skip
            return actions.begin(actor, person, **(said | given))

    return begun


def answered(at, disclosure, verb=actions.approve, part="guardian_redcross"):
    with at(part, "oversight") as actor:
        return verb(actor, disclosure.pk)


refuse = partial(actions.refuse, reason="too much")


def housing_reads(at):
    with at("housing_officer", "support") as actor:
        return PEOPLE.many(actor, projection="housing_need")


def test_what_a_guardian_let_go_is_read_by_the_named_recipient(begin, housing, at, person):
    disclosure = begin()
    assert housing_reads(at) == []
    assert answered(at, disclosure).completed_at
    assert [row["id"] for row in housing_reads(at)] == [person]


def test_it_opens_exactly_that_projection_to_exactly_that_agency(begin, housing, at):
    answered(at, begin())
    with at("safeguarding_lead", "support") as actor:
        assert PEOPLE.many(actor) == []
    with at("housing_officer", "support"), connection.cursor() as cursor:
        for asked in (("person_ref", ""), ("identity", "housing_need"), ("person_ref", "safeguarding_alert")):
            cursor.execute("SELECT count(fact_disclosed) FROM fact_disclosed(%s, %s)", asked)
            assert cursor.fetchone() == (0,)


def test_a_recall_stops_the_next_read(begin, housing, at):
    disclosure = answered(at, begin())
    answered(at, disclosure, actions.recall)
    assert housing_reads(at) == []


def test_it_ends_with_its_time(begin, housing, at, person):
    soon = clock.now() + timedelta(seconds=2)
    answered(at, begin(expires_at=soon))
    assert len(housing_reads(at)) == 1
    while clock.now() <= soon:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
    assert housing_reads(at) == []


def test_without_a_live_agreement_nothing_is_begun(begin):
    with pytest.raises(RuleBroken, match="no live agreement") as broken:
        begin()
    assert broken.value.field == "to_agency"


def test_without_a_law_or_consent_nothing_is_begun(begin, housing, agree, at):
    agree("guardian_redcross", "guardian_city", data_class="support", purpose="support", fields=["all"])
    with pytest.raises(NotAllowed):
        begin(data_class="support", projection="")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"fields": []}, "fields"),
        ({"basis": "because"}, "basis"),
        ({"expires_at": clock.now() - timedelta(days=1)}, "expires_at"),
    ],
)
def test_a_disclosure_without_sense_is_refused_beside_its_field(begin, housing, given, field):
    with pytest.raises(RuleBroken) as broken:
        begin(**given)
    assert broken.value.field == field


def test_whoever_asks_never_approves(begin, housing, at, cast):
    disclosure = begin()
    with at("reception_manager", "support") as actor, pytest.raises(RuleBroken, match="cannot approve"):
        actions.approve(actor, disclosure.pk)
    with at("guardian_redcross", "oversight"), pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=disclosure.pk).update(approved_by=cast["reception_manager"].pk)


@pytest.mark.parametrize("part", ["guardian_city", "guardian_police"])
def test_another_agencys_guardian_lets_nothing_go(begin, housing, at, part):
    disclosure = begin()
    with pytest.raises(NotAllowed):
        answered(at, disclosure, part=part)


def test_what_is_refused_stays(begin, housing, at):
    disclosure = begin()
    answered(at, disclosure, refuse)
    assert housing_reads(at) == []
    with pytest.raises(RuleBroken, match="answered"):
        answered(at, disclosure)


def test_nothing_goes_once_the_agreement_ended_that_it_was_begun_under(begin, housing, at):
    disclosure = begin()
    with at("guardian_city", "oversight") as actor:
        actions.end_agreement(actor, housing.pk)
    with pytest.raises(RuleBroken, match="agreement"):
        answered(at, disclosure)
    with at("guardian_redcross", "oversight") as actor:
        said = {"approved_by": actor.me, "approved_at": clock.now(), "completed_at": clock.now()}
        with pytest.raises(ProgrammingError), transaction.atomic():
            Disclosure.objects.filter(pk=disclosure.pk).update(**said)
    assert housing_reads(at) == []


def test_nothing_goes_once_the_law_ended_that_it_was_begun_on(begin, housing, at, person):
    disclosure = begin()
    with at("reception_manager", "support") as actor:
        law = LEGAL_BASES.many(actor, Q(person_id=person))[0]
        survivors.end_legal_basis(actor, person, law["id"], why="It was another law")
    with pytest.raises(RuleBroken, match="law"):
        answered(at, disclosure)
    assert housing_reads(at) == []


def test_an_answer_takes_it_off_the_list(begin, housing, at):
    disclosure = begin()
    with at("guardian_redcross", "oversight") as actor:
        assert [one.pk for one in policy.waiting_for(actor)] == [disclosure.pk]
    answered(at, disclosure)
    with at("guardian_redcross", "oversight") as actor:
        assert list(policy.waiting_for(actor)) == []


def test_a_disclosure_is_in_the_ledger_with_its_recipient(begin, housing, at, cast):
    begin()
    with at("guardian_redcross", "oversight") as actor:
        leaves = LEAVES.many(actor, projection="own_agency_entries", limit=100)
    told = [leaf for leaf in leaves if leaf["op"] == "disclosure"]
    assert [(leaf["subject_class"], leaf["projection"]) for leaf in told] == [("person_ref", "housing_need")]


def test_nobody_outside_both_agencies_sees_that_it_exists(begin, housing, at):
    begin()
    assert Disclosure.objects.count() == 0
    with at("guardian_police", "oversight"):
        assert Disclosure.objects.count() == 0


def raised(at, cast, person, to="emergency_duty"):
    with at("reception_manager", "support") as actor:
        return actions.alert(actor, person, to_agency=cast[to].agency_id, basis="adult-safeguarding")


def duty_reads(at):
    with at("emergency_duty", "support") as actor:
        return PEOPLE.many(actor, projection="safeguarding_alert")


def test_an_alert_goes_at_once_and_is_reviewed_afterwards(person, at, cast):
    sent = raised(at, cast, person)
    assert {one.data_class for one in sent} == {"person_ref", "identity"}
    assert [row["id"] for row in duty_reads(at)] == [person]
    for one in sent:
        answered(at, one)
    assert len(duty_reads(at)) == 1


def test_an_alert_that_the_guardian_refuses_is_called_back(person, at, cast):
    for one in raised(at, cast, person):
        answered(at, one, refuse)
    assert duty_reads(at) == []


def test_an_alert_goes_to_a_council(person, at, cast):
    with pytest.raises(RuleBroken, match="Choose the council"):
        raised(at, cast, person, "op_commander")


def test_a_guardian_is_told_that_more_waits_than_the_page_shows(begin, housing, signed_in, monkeypatch):
    monkeypatch.setattr("wilberforce.base.paging.PER_PAGE", 1)
    first, second = begin(), begin()
    client = signed_in("guardian_redcross")
    page, after = (client.get(f"/oversight/?page={number}").content.decode() for number in (1, 2))
    assert "More wait" in page
    assert (str(first.pk) in page, str(second.pk) in page) == (True, False)
    assert "More wait" not in after
    assert (str(first.pk) in after, str(second.pk) in after) == (False, True)
    assert client.get(f"/oversight/waiting/{second.pk}/").status_code == 200


def test_the_guardian_sees_what_would_leave_and_answers_on_the_page(begin, housing, signed_in, at):
    disclosure = begin()
    client = signed_in("guardian_redcross")
    assert "Person to Derby City Council" in client.get("/oversight/").content.decode()
    address = f"/oversight/waiting/{disclosure.pk}/"
    page = client.get(address).content.decode()
    assert "household size" in page
    assert client.post(address, {"purpose": "oversight", "version": version_on(page)}).status_code == 302
    assert len(housing_reads(at)) == 1
    assert client.get(address).status_code == 404


def test_the_guardian_may_refuse_on_the_page(begin, housing, signed_in, at):
    disclosure = begin()
    address = f"/oversight/waiting/{disclosure.pk}/refused/"
    assert signed_in("guardian_redcross").post(address, {"purpose": "oversight", "reason": "unsafe"}).status_code == 302
    assert housing_reads(at) == []


def test_the_recipients_guardian_guesses_in_vain(begin, housing, signed_in):
    disclosure = begin()
    assert signed_in("guardian_city").get(f"/oversight/waiting/{disclosure.pk}/").status_code == 404
