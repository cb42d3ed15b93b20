"""An item is graded once, reveals nobody, and can be developed; suspicion can say what is not known."""

from datetime import timedelta
from uuid import uuid4

import pytest

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.concerns import actions as concerns
from wilberforce.deadlines.policy import due_for
from wilberforce.intelligence import actions
from wilberforce.intelligence.models import Item
from wilberforce.intelligence.policy import ITEMS, SUSPECTS
from wilberforce.ledger.policy import LEAVES

from .conftest import WOMEN


@pytest.fixture
def taken(at, tell):
    """A report with a contact, in the hands of the desk."""
    told, _ = tell(identity_choice="confidential", contact="Wilhelmina Thornbush, mina@example.org, after work")
    with at("report_desk", "triage", ["report_raw:R:queue"]) as actor:
        concerns.claim(actor, told.pk)
    return told


def test_the_desk_turns_the_report_it_holds_into_an_item(at, taken):
    with at("report_desk", "triage") as actor:
        actions.write_item(actor, report_id=taken.pk, text=WOMEN, source_grade=2, assessment="B")
    with at("intel_officer", "intelligence") as actor:
        (kept,) = ITEMS.many(actor)
    assert (kept["text"], kept["source_grade"], kept["assessment"], kept["handling"]) == (WOMEN, 2, "B", "P")


@pytest.mark.parametrize("cells", [["report_raw:R", "intel:W"], None])
def test_nobody_writes_from_a_report_that_they_do_not_hold(at, tell, cells):
    told, _ = tell()
    with pytest.raises(NotAllowed), at("report_desk", "triage", cells) as actor:
        actions.write_item(actor, report_id=told.pk, text=WOMEN, source_grade=2, assessment="B")


@pytest.mark.parametrize(
    "text",
    ["Ring 01632 960123 about the house", "Write to anybody@example.org", "Our source said that a van comes",
     "WILHELMINA saw the van", "Thornbush saw the van", "Somebody called mina saw the van"],
)  # fmt: skip
def test_an_item_that_leads_back_to_the_source_is_refused_and_the_refusal_is_a_leaf(at, taken, text):
    with at("report_desk", "triage") as actor:
        with pytest.raises(RuleBroken, match="Take out") as refused:
            actions.write_item(actor, report_id=taken.pk, text=text, source_grade=2, assessment="B")
        assert refused.value.field == "text"
    with at("guardian_police", "oversight") as actor:
        leaves = LEAVES.many(actor, projection="own_agency_entries", limit=100)
    assert [leaf["rule"] for leaf in leaves if not leaf["allowed"]] == ["sanitised"]


def test_everyday_words_of_a_contact_do_not_stand_in_the_way(at, taken):
    with at("report_desk", "triage") as actor:
        actions.write_item(actor, report_id=taken.pk, text="They work after dark", source_grade=1, assessment="A")


def test_conditions_are_spelled_out_under_c_and_only_there(item):
    with pytest.raises(RuleBroken) as refused:
        item(handling="C")
    assert refused.value.field == "conditions"
    with pytest.raises(RuleBroken):
        item(handling="P", conditions="Ask the originator first")
    assert item(handling="C", conditions="Ask the originator first").handling == "C"


def test_there_is_no_fourth_grade_of_a_source(item):
    with pytest.raises(RuleBroken):
        item(source_grade=4)


def test_an_item_is_developed_and_the_second_writer_sees_the_first(at, item):
    kept = item()
    better = {"text": "Six women live there", "source_grade": 1, "assessment": "A", "handling": "P"}
    with at("intel_officer", "intelligence") as actor:
        assert actions.develop(actor, kept.pk, **better, version=1).version == 2
        with pytest.raises(Conflict) as overtaken:
            actions.develop(actor, kept.pk, **{**better, "text": "Four"}, version=1)
    assert overtaken.value.theirs["text"] == "Six women live there"


def test_an_operation_adopts_an_item_and_a_suspicion(at, item):
    kept, operation = item(), uuid4()
    with at("intel_officer", "intelligence") as actor:
        man = actions.note_suspect(actor, description="Collects the money")
        actions.adopt(actor, kept.pk, operation)
        actions.adopt_suspect(actor, man.pk, operation)
        assert ITEMS.one(actor, kept.pk)["operation_id"] == operation
        assert SUSPECTS.one(actor, man.pk)["operation_id"] == operation


def test_two_ages_are_known_and_not_which_man_is_which(at):
    with at("intel_officer", "intelligence") as actor:
        men = [actions.note_suspect(actor, description=f"Man {n}", ages_known=[32, 27]) for n in (1, 2)]
        kept = [SUSPECTS.one(actor, man.pk) for man in men]
    assert [one["ages_known"] for one in kept] == [[27, 32], [27, 32]]
    assert {one["name"] for one in kept} == {"unknown person"}


@pytest.mark.parametrize("age", [9, 200])
def test_an_impossible_age_is_refused(at, age):
    with at("intel_officer", "intelligence") as actor, pytest.raises(RuleBroken) as refused:
        actions.note_suspect(actor, description="A man", ages_known=[age])
    assert refused.value.field == "ages_known"


def test_a_name_in_tigrinya_is_kept_as_it_is_written(at):
    with at("intel_officer", "intelligence") as actor:
        entry = actions.note_suspect(actor, description="Drives", name="ኣብርሃለይ ብርሃነ")
        assert SUSPECTS.one(actor, entry.pk)["name"] == "ኣብርሃለይ ብርሃነ"


def test_a_tie_is_as_closely_held_as_the_item_it_rests_on(at, item):
    kept = item(handling="C", conditions="Ask first", handling_level=2)
    with at("intel_officer", "intelligence") as actor:
        man = actions.note_suspect(actor, description="Drives a grey van")
        tie = actions.link(actor, man.pk, kept.pk, kind="suspected", on=clock.now().date())
        assert (tie.handling, tie.handling_level) == ("C", 2)
        with pytest.raises(RuleBroken, match="still to come"):
            actions.link(actor, man.pk, kept.pk, kind="seen", on=clock.now().date() + timedelta(days=2))


def test_every_item_is_reviewed_after_ten_years(at, item):
    kept = item()
    with at("intel_officer", "intelligence") as actor:
        (due,) = due_for(actor)
    assert (due.subject_id, due.kind.code) == (kept.pk, "record-review")
    assert due.due_at.year - kept.recorded_at.year == 10


def test_text_stands_sealed_in_the_database(at, item):
    kept = item()
    with at("intel_officer", "intelligence"):
        assert str(Item.objects.get(pk=kept.pk).text) == "<sealed>"
