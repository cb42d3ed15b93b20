"""The papers that must exist before real data, and the register of breaches."""

from datetime import timedelta

import pytest

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.deadlines.models import Deadline
from wilberforce.reception import actions as reception
from wilberforce.reception.tests.conftest import on_shift
from wilberforce.stewardship import actions, papers, policy, rules
from wilberforce.stewardship.models import Breach, Paper

GUARDIAN = "guardian_redcross"


def sign(actor, kind, **said):
    return actions.sign_paper(
        actor,
        kind=kind,
        **{"text": "Signed, and kept in the safe.", "review_on": policy.today() + timedelta(90)} | said,
    )


def wanting(cast):
    """The titles that the doctor names for the guardian's agency."""
    own = [sentence for sentence in papers.wanting() if sentence.startswith(f"{cast[GUARDIAN].agency.name} lacks")]
    return own[0].partition("papers: ")[2].split(". A data")[0].split("; ") if own else []


def test_the_doctor_names_what_is_missing_until_it_is_signed(at, cast):
    assert len(wanting(cast)) == 5
    with at(GUARDIAN, "oversight") as actor:
        sign(actor, "dpia")
    assert len(wanting(cast)) == 4
    assert "Data protection impact assessment" not in wanting(cast)


def test_an_agency_with_all_its_papers_is_not_named(at, cast):
    with at(GUARDIAN, "oversight") as actor:
        for kind in rules.Paper:
            sign(actor, kind)
    assert wanting(cast) == []


def test_a_paper_that_was_not_looked_at_again_is_named_too(at, cast, monkeypatch):
    tomorrow = policy.today() + timedelta(days=1)
    with at(GUARDIAN, "oversight") as actor:
        sign(actor, "dpia", review_on=tomorrow)
    monkeypatch.setattr(policy, "today", lambda: tomorrow + timedelta(days=1))
    assert f"Data protection impact assessment (to be looked at again since {tomorrow})" in wanting(cast)


def test_a_privacy_notice_is_needed_in_each_language_that_the_agencys_people_speak(at, cast):
    with at("reception_manager", "reception") as actor:
        centre = reception.open_centre(actor, name="Kingfisher", capacity=20).pk
    on_shift(at, cast, centre, "reception_manager")
    with at("reception_manager", "reception") as actor:
        reception.arrive(actor, centre, age="adult", languages=["ti"])
    assert {"Privacy notice (en)", "Privacy notice (ti)"} <= set(wanting(cast))


def test_a_newer_version_stands_beside_the_earlier_one(at):
    with at(GUARDIAN, "oversight") as actor:
        first, second = sign(actor, "dpia"), sign(actor, "dpia", text="Again.")
        assert {one.pk for one in Paper.objects.all()} == {first.pk, second.pk}
        assert not Deadline.objects.get(subject_id=first.pk).is_open
        assert Deadline.objects.get(subject_id=second.pk).is_open


@pytest.mark.parametrize("days", [0, 400])
def test_a_paper_is_looked_at_again_within_a_year(at, days):
    with at(GUARDIAN, "oversight") as actor, pytest.raises(RuleBroken, match="day after today"):
        sign(actor, "dpia", review_on=policy.today() + timedelta(days=days))


def test_a_breach_starts_the_commissioners_clock_and_telling_stops_it(at):
    found = clock.now() - timedelta(hours=2)
    with at(GUARDIAN, "oversight") as actor:
        breach = actions.record_breach(actor, found_at=found, what="A tablet was lost.", people=3, high_risk=False)
        due = Deadline.objects.get(subject_id=breach.pk)
        assert due.due_at == found + timedelta(hours=72)
        actions.commissioner_told(actor, breach.pk)
        due.refresh_from_db()
        assert not due.is_open


def test_a_breach_can_not_be_found_in_the_future(at):
    with at(GUARDIAN, "oversight") as actor, pytest.raises(RuleBroken, match="not come yet"):
        actions.record_breach(
            actor, found_at=clock.now() + timedelta(hours=1), what="Lost", people=1, high_risk=False
        )  # fmt: skip


def test_another_agency_and_another_role_see_no_paper_and_no_breach(at):
    with at(GUARDIAN, "oversight") as actor:
        paper = sign(actor, "dpia")
        actions.record_breach(actor, found_at=clock.now(), what="A tablet was lost.", people=3, high_risk=False)
    with at("guardian_police", "oversight") as actor:
        assert not Paper.objects.exists()
        assert not Breach.objects.exists()
        with pytest.raises(NotAllowed):
            actions.own_paper(actor, paper.pk)
    with at("reception_worker", "support"):
        assert not Paper.objects.exists()


@pytest.mark.parametrize("address", ["retention/", "retention/hold/", "papers/", "breaches/"])
def test_the_guardians_pages_open_and_stay_small(signed_in, address):
    answer = signed_in(GUARDIAN).get(f"/oversight/{address}")
    assert answer.status_code == 200
    assert len(answer.content) < 30_000


def test_each_paper_and_each_hold_names_its_owner_and_the_day_of_its_review(at, cast, signed_in):
    day = policy.today() + timedelta(days=90)
    with at(GUARDIAN, "oversight") as actor:
        sign(actor, "dpia", review_on=day)
        actions.place_hold(actor, new_id(), basis="complaint", reference="C-12", review_on=day)
    for address in ("papers/", "retention/"):
        page = signed_in(GUARDIAN).get(f"/oversight/{address}").content.decode()
        table = page[page.index("<caption") :]
        assert (str(cast[GUARDIAN]) in table, f"{day.day} {day:%B %Y}" in table) == (True, True), address
