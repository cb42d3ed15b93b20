"""An agreement opens what two guardians signed, in one direction, for one purpose, inside its days."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.deadlines.policy import due_for
from wilberforce.operations import actions as operations
from wilberforce.operations import policy as of_operation
from wilberforce.operations.tests.factories import prepared
from wilberforce.sharing import actions
from wilberforce.sharing.models import Agreement

from .conftest import today

DAY = timedelta(days=1)
PARTNERS = {
    "op_member_city": ("guardian_city", "brief.city"),
    "op_member_fire": ("guardian_fire", "brief.fire"),
}


@pytest.fixture
def briefs(at, cast):
    day = prepared(at, cast)
    with day.planning() as actor:
        for code in ("derbyshire-fire", "derby-city", "derbyshire-police"):
            operations.write_brief(actor, day.operation, agency_id=day.agency(code), text=f"For {code}")
    return day


def read_by(at, part="op_member_city"):
    with at(part, "op_planning") as actor:
        projection = PARTNERS[part][1]
        return [brief["text"] for brief in of_operation.BRIEFS.many(actor, projection=projection)]


@pytest.mark.parametrize(("part", "code"), [("op_member_city", "derby-city"), ("op_member_fire", "derbyshire-fire")])
def test_each_partner_reads_its_own_brief_once_both_guardians_have_signed(briefs, agree, at, part, code):
    assert read_by(at, part) == []
    agree("guardian_police", PARTNERS[part][0])
    assert read_by(at, part) == [f"For {code}"]


def test_an_agreement_with_one_partner_opens_nothing_to_another(briefs, agree, at):
    agree("guardian_police", "guardian_fire")
    assert read_by(at) == []


@pytest.mark.parametrize("signed_by", [(), ("guardian_police",), ("guardian_city",)])
def test_one_signature_is_none(briefs, agree, at, signed_by):
    agree("guardian_police", "guardian_city", signed_by)
    assert read_by(at) == []


@pytest.mark.parametrize(
    ("terms", "live"),
    [
        ({"starts": today()}, True),
        ({"starts": today() - DAY, "ends": today()}, True),
        ({"starts": today() + DAY}, False),
        ({"starts": today() - 9 * DAY, "ends": today() - DAY}, False),
        ({"starts": today(), "purpose": "op_safety"}, False),
        ({"starts": today(), "data_class": "intel", "fields": ["all"]}, False),
        ({"starts": today(), "fields": ["site_hazard"]}, False),
        ({"starts": today(), "fields": ["all"]}, True),
    ],
)
def test_it_is_live_inside_its_days_for_its_class_purpose_and_fields(briefs, agree, at, terms, live):
    agree("guardian_police", "guardian_city", **terms)
    assert bool(read_by(at)) is live


def test_it_works_in_one_direction(briefs, agree, at):
    agree("guardian_city", "guardian_police")
    assert read_by(at) == []


def test_an_agreement_that_either_side_ends_is_over_at_the_next_read(briefs, agree, at):
    agreement = agree("guardian_police", "guardian_city")
    with at("guardian_city", "oversight") as actor:
        actions.end_agreement(actor, agreement.pk)
    assert read_by(at) == []


def test_inside_one_agency_none_is_needed(at, cast):
    with at("op_member_a", "op_planning"), connection.cursor() as cursor:
        cursor.execute("SELECT fact_agreement('operation', 'brief.police')")
        assert [row[0] for row in cursor.fetchall()] == [cast["op_member_a"].agency_id]


def test_only_a_guardian_proposes_and_signs(agree, at):
    agreement = agree("guardian_police", "guardian_city", ())
    for part, purpose in (("op_commander", "op_planning"), ("op_member_city", "op_planning")):
        with pytest.raises(NotAllowed), at(part, purpose) as actor:
            actions.sign_agreement(actor, agreement.pk)


def test_a_third_agencys_guardian_neither_sees_nor_signs_it(agree, at):
    agreement = agree("guardian_police", "guardian_city", ())
    with at("guardian_fire", "oversight") as actor:
        assert Agreement.objects.count() == 0
        with pytest.raises(NotAllowed):
            actions.sign_agreement(actor, agreement.pk)


def test_without_a_context_nobody_sees_an_agreement(agree):
    agree("guardian_police", "guardian_city")
    assert Agreement.objects.count() == 0


def test_a_side_signs_once(agree, at):
    agreement = agree("guardian_police", "guardian_city")
    with at("guardian_police", "oversight") as actor, pytest.raises(RuleBroken, match="signed this already"):
        actions.sign_agreement(actor, agreement.pk)


def test_both_sides_are_told_when_the_review_is_due(agree, at):
    agree("guardian_police", "guardian_city")
    for part in ("guardian_police", "guardian_city"):
        with at(part, "oversight") as actor:
            assert [due.kind.code for due in due_for(actor)] == ["agreement-review"]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"ends": today() - DAY}, "ends"),
        ({"fields": []}, "fields"),
        ({"fields": ["everything"]}, "fields"),
        ({"purpose": "immigration_enforcement"}, "purpose"),
        ({"basis": " "}, "basis"),
    ],
)
def test_terms_without_sense_are_refused_beside_their_field(agree, terms, field):
    with pytest.raises(RuleBroken) as broken:
        agree("guardian_police", "guardian_city", **terms)
    assert broken.value.field == field


def test_terms_are_never_changed_after_they_were_written(agree, at):
    agree("guardian_police", "guardian_city")
    with at("guardian_police", "oversight"), pytest.raises(ProgrammingError, match="denied"), transaction.atomic():
        connection.cursor().execute("UPDATE sharing_agreement SET purpose = 'reception'")


def test_guardians_sign_on_their_page(agree, signed_in):
    agreement = agree("guardian_police", "guardian_city", ("guardian_police",))
    client = signed_in("guardian_city")
    assert "Derbyshire Constabulary to Derby City Council" in client.get("/oversight/").content.decode()
    address = f"/oversight/agreements/{agreement.pk}/"
    assert "Sign for your agency" in client.get(address).content.decode()
    assert client.post(address, {"purpose": "oversight"}).status_code == 302
    page = client.get(address).content.decode()
    assert "Sign for your agency" not in page
    assert "live" in page
    first, every = (client.get(where).content.decode() for where in ("/oversight/", "/oversight/agreements/"))
    assert [address in one for one in (first, every)] == [False, True]


def test_an_agreement_of_others_is_absent(agree, signed_in):
    agreement = agree("guardian_police", "guardian_city")
    client = signed_in("guardian_fire")
    guessed, absent = client.get(f"/oversight/agreements/{agreement.pk}/"), client.get("/oversight/nothing/")
    assert (guessed.status_code, guessed.content) == (404, absent.content)
    assert "no agreement with another yet" in client.get("/oversight/agreements/").content.decode()
