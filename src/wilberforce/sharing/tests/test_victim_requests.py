"""Police ask for records about a victim: nothing opens but the chosen records, for that case, after every step."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pyrage
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import random_id
from wilberforce.deadlines.policy import due_for
from wilberforce.operations import actions as operations
from wilberforce.operations.models import CaseMember
from wilberforce.operations.tests.factories import planned
from wilberforce.reception import actions as reception
from wilberforce.sharing import actions, outside, victim_requests
from wilberforce.sharing.models import Disclosure, VictimRequest
from wilberforce.sharing.rules import material
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import NOTES, PEOPLE

from .conftest import today

PURPOSE = "criminal_investigation"
CASE = material.Case(
    line="Who drove them to the car wash",
    necessary="Nobody else saw the driver",
    proportionate="Two days only",
    alternatives="Cameras were asked for; none worked",
    notice="Police ask to see notes of two days about who drove you. Only the case team reads them.",
)
NOT_NOW = {"notice_form": "none", "ground": "interfere", "ground_why": "Whoever drove them reads their messages"}


@pytest.fixture
def case(at: Any, cast: Any, person: UUID, agree: Any) -> Any:
    """Lavinia works on the case of the operation in which this person was found; three notes are kept about them."""
    day = planned(at, cast)
    with day.planning() as actor:
        operations.case_team(actor, day.operation, cast["investigator"].pk)
    for data_class in ("support", "health"):
        agree(
            "guardian_redcross",
            "guardian_police",
            data_class=data_class,
            purpose=PURPOSE,
            fields=["requested_material"],
        )
    with at("reception_manager", "reception") as actor:
        reference = PEOPLE.change(actor, person, {"operation_id": day.operation}).reference
        notes = [
            survivors.note_support(actor, person, text, counselling).pk
            for text, counselling in (("A blue van", False), ("Sleeps badly", False), ("What hurts most", True))
        ]
    return World(at, cast, person, day.operation, reference, notes)


class World:
    def __init__(self, at: Any, cast: Any, person: UUID, operation: UUID, reference: str, notes: list[UUID]) -> None:
        self.at, self.cast, self.person = at, cast, person
        self.operation, self.reference, self.notes = operation, reference, notes

    def ask(self, **changed: Any) -> VictimRequest:
        case = material.Case(**{**vars_of(CASE), **{k: changed.pop(k) for k in list(changed) if k in vars_of(CASE)}})
        asked = {
            "reference": self.reference, "operation_id": self.operation, "data_class": "support",
            "to_agency": self.cast["reception_manager"].agency_id, "covers_from": today(), "covers_to": today(),
            "case": case,
        }  # fmt: skip
        with self.at("investigator", PURPOSE) as actor:
            return victim_requests.ask(actor, **(asked | changed))

    def told(self, one: VictimRequest, view: str = "agrees", given: material.Given = material.TO_THEM) -> None:
        with self.at("reception_manager", "support") as actor:
            victim_requests.told(actor, one.pk, language="ro", view=view, said="I want it to stop", given=given)

    def senior_agrees(self, one: VictimRequest) -> None:
        with self.at("review_officer", "custody") as actor:
            victim_requests.senior_says(actor, one.pk, agrees=True)

    def excuses(self, one: VictimRequest) -> None:
        with self.at("reception_manager", "support") as actor:
            victim_requests.excuse(actor, one.pk)

    def may_go(self, one: VictimRequest) -> None:
        with self.at("investigator", PURPOSE) as actor:
            victim_requests.notice_may_go(actor, one.pk)

    def chooses(self, one: VictimRequest, records: list[UUID], until: Any = None) -> None:
        with self.at("reception_manager", "support") as actor:
            victim_requests.choose(actor, one.pk, records=records, until=until or clock.now() + timedelta(days=7))

    def sends(self, one: VictimRequest) -> Any:
        with self.at("reception_manager", PURPOSE) as actor:
            return victim_requests.send(actor, one.pk)

    def lets_go(self, sent: Any) -> None:
        with self.at("guardian_redcross", "oversight") as actor:
            actions.approve(actor, sent.pk)

    def read(self, part: str = "investigator") -> list[str]:
        with self.at(part, PURPOSE) as actor:
            return sorted(row["text"] for row in NOTES.many(actor, projection="requested_material"))

    def open(self, one: VictimRequest, records: list[UUID]) -> Any:
        self.told(one)
        self.chooses(one, records)
        sent = self.sends(one)
        self.lets_go(sent)
        return sent


def vars_of(case: material.Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in material.Case.__slots__}


def test_after_every_step_the_case_team_reads_exactly_the_chosen_records(case: Any) -> None:
    one = case.ask()
    assert case.read() == []
    case.told(one, "objects")
    case.chooses(one, case.notes[:1])
    sent = case.sends(one)
    assert case.read() == []
    case.lets_go(sent)
    assert case.read() == ["A blue van"]
    with case.at("investigator", PURPOSE):
        kept = VictimRequest.objects.get(pk=one.pk)
    assert (kept.view, kept.words()["said"], kept.narrowed, sent.fields) == (
        "objects", "I want it to stop", True, ["text", "counselling"],
    )  # fmt: skip


@pytest.mark.parametrize("question", ["line", "necessary", "proportionate", "alternatives", "notice"])
def test_each_question_of_the_act_is_answered_before_anybody_is_asked(case: Any, question: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        case.ask(**{question: " "})
    assert broken.value.field == question


def test_counselling_is_presumed_out_of_reach(case: Any, at: Any) -> None:
    with pytest.raises(RuleBroken, match="presumed not needed"):
        case.ask(counselling=True)
    one = case.ask(counselling=True, probative="The only account of who gave the orders")
    with at("reception_manager", "support"):
        assert VictimRequest.objects.count() == 0
    case.senior_agrees(one)
    case.open(one, [case.notes[2]])
    assert case.read() == ["What hurts most"]


def test_a_request_that_was_not_for_counselling_never_opens_it(case: Any) -> None:
    one = case.ask()
    case.told(one)
    with pytest.raises(RuleBroken, match="Choose the records"):
        case.chooses(one, [case.notes[2]])


def test_whoever_asks_is_not_their_own_senior_officer(case: Any, at: Any) -> None:
    one = case.ask(counselling=True, probative="The only account")
    with at("investigator", PURPOSE) as actor, pytest.raises(NotAllowed):
        victim_requests.senior_says(actor, one.pk, agrees=True)


def test_nothing_is_chosen_before_the_person_has_the_notice(case: Any) -> None:
    with pytest.raises(RuleBroken, match="notice first"):
        case.chooses(case.ask(), case.notes[:1])


def test_it_shuts_with_its_time(case: Any) -> None:
    one, soon = case.ask(), clock.now() + timedelta(seconds=2)
    case.told(one)
    case.chooses(one, case.notes[:2], soon)
    case.lets_go(case.sends(one))
    assert case.read() == ["A blue van", "Sleeps badly"]
    while clock.now() <= soon:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
    assert case.read() == []


def test_an_officer_outside_the_case_reads_and_asks_nothing(case: Any, at: Any, cast: Any) -> None:
    case.open(case.ask(), case.notes[:1])
    with case.at("op_commander", "op_planning"):
        CaseMember.objects.filter(membership_id=cast["investigator"].pk).update(until=clock.now())
    assert case.read() == []
    with pytest.raises(NotAllowed):
        case.ask()


def test_a_reference_that_nobody_has_is_answered_with_the_same_bytes(case: Any) -> None:
    one, other = case.ask(), case.ask(reference="P-ZZZZZZ")
    assert {"reference", "person_id", "id", "asked_at"} >= {
        name for name in vars(one) if name != "_state" and getattr(one, name) != getattr(other, name)
    }


def test_the_police_write_none_of_the_keepers_steps(case: Any, at: Any) -> None:
    one = case.ask()
    for fresh in ({"noticed_at": clock.now()}, {"records": case.notes}, {"disclosure_id": one.pk}):
        with at("investigator", PURPOSE), pytest.raises(ProgrammingError), transaction.atomic():
            VictimRequest.objects.filter(pk=one.pk).update(**fresh)


def test_without_the_notice_it_goes_on_only_on_a_ground_that_a_senior_officer_and_the_keeper_have_read(
    case: Any, at: Any
) -> None:
    for left_out in ("ground", "ground_why"):
        with pytest.raises(RuleBroken) as broken:
            case.ask(**NOT_NOW | {left_out: ""})
        assert broken.value.field == left_out
    one = case.ask(**NOT_NOW)
    with at("reception_manager", "support"):
        assert VictimRequest.objects.count() == 0
    case.senior_agrees(one)
    with pytest.raises(RuleBroken, match="notice first"):
        case.chooses(one, case.notes[:1])
    with pytest.raises(RuleBroken, match="must not be given yet"):
        case.told(one)
    case.excuses(one)
    case.chooses(one, case.notes[:1])
    case.lets_go(case.sends(one))
    assert case.read() == ["A blue van"]
    with at("investigator", PURPOSE) as actor:
        assert [due.kind.code for due in due_for(actor) if due.subject_id == one.pk] == ["victim-notice"]
    case.may_go(one)
    case.told(one, "objects")
    with at("investigator", PURPOSE) as actor:
        assert [due for due in due_for(actor) if due.subject_id == one.pk] == []


def test_nobody_gives_the_notice_in_the_place_of_a_keeper_who_signs_in(case: Any, at: Any, surgery: Any) -> None:
    one = case.ask()
    given = {field.attname: getattr(one, field.attname) for field in VictimRequest._meta.concrete_fields}
    with at("investigator", PURPOSE):
        for changed in ({"outside": True}, {"to_agency_id": surgery[0]}):
            forged = VictimRequest(**given | {"id": random_id()} | changed)
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                forged.save(force_insert=True)


def test_a_child_has_the_notice_through_somebody_who_cares_for_them(case: Any, at: Any) -> None:
    with at("reception_manager", "reception") as actor:
        PEOPLE.change(actor, case.person, {"age": "child"})
    one = case.ask()
    with pytest.raises(RuleBroken, match="A child has the notice through"):
        case.told(one)
    for given in (material.Given("carer"), material.Given("carer", "child")):
        with pytest.raises(RuleBroken, match=r"Say (why|what)"):
            case.told(one, given=given)
    with at("reception_manager", "support") as actor, pytest.raises(ProgrammingError), transaction.atomic():
        VictimRequest.objects.filter(pk=one.pk).update(
            given_to="person", noticed_at=clock.now(), noticed_by=actor.me, language="ro", view="agrees"
        )
    case.told(one, given=material.Given("carer", "child", "Their social worker; their parents are not here"))
    with at("investigator", PURPOSE):
        kept = VictimRequest.objects.get(pk=one.pk)
    assert (kept.given_to, kept.words()["given_who"]) == ("carer", "Their social worker; their parents are not here")


def test_what_was_typed_stands_nowhere_in_its_row(case: Any, at: Any) -> None:
    one = case.ask(**NOT_NOW, counselling=True, probative="The only account")
    case.senior_agrees(one)
    case.may_go(one)
    case.told(one, given=material.Given("adult", "capacity", "Their advocate"))
    with at("investigator", PURPOSE), connection.cursor() as cursor:
        cursor.execute("SELECT encode(convert_to(v::text, 'UTF8'), 'escape') FROM sharing_victimrequest v")
        row = str(cursor.fetchone())
        words = VictimRequest.objects.get(pk=one.pk).words()
    assert [text for text in words.values() if text in row or text.encode().hex() in row] == []
    assert "" not in words.values()


@pytest.mark.parametrize(
    ("part", "purpose", "fresh"),
    [
        ("investigator", PURPOSE, {"excused_at": clock.now}),
        ("investigator", PURPOSE, {"given_to": lambda: "person", "noticed_at": clock.now}),
        ("investigator", PURPOSE, {"said": lambda: b"They agree"}),
        ("reception_manager", "support", {"notice_may_at": clock.now}),
        ("reception_manager", "support", {"noticed_at": clock.now, "given_to": lambda: "person"}),
        ("reception_manager", "support", {"said": lambda: b"They agree"}),
        ("data_guardian", "oversight", {"excused_at": clock.now}),
    ],
)
def test_nobody_takes_a_step_of_the_notice_that_is_not_theirs(
    case: Any, at: Any, part: str, purpose: str, fresh: dict[str, Any]
) -> None:
    one = case.ask(**NOT_NOW)
    case.senior_agrees(one)
    part = "guardian_redcross" if part == "data_guardian" else part
    with at(part, purpose), pytest.raises(ProgrammingError), transaction.atomic():
        VictimRequest.objects.filter(pk=one.pk).update(**{name: value() for name, value in fresh.items()})


def of_somebody_else(case: Any) -> UUID:
    """A note about another person at the same centre."""
    with case.at("reception_manager", "reception") as actor:
        centre = PEOPLE.one(actor, case.person)["centre_id"]
        other = reception.arrive(actor, centre, age="adult", languages=["vi"])
        return survivors.note_support(actor, other.pk, "A red van").pk


@pytest.mark.parametrize(
    "fresh",
    [
        lambda case, _: {"records": [of_somebody_else(case)]},
        lambda case, _: {"records": [case.notes[0], case.notes[2]]},
        lambda case, _: {"records": [random_id()]},
        lambda case, _: {"expires_at": clock.now() + timedelta(days=400)},
        lambda case, let_go: {"disclosure_id": let_go.pk, "sent_at": clock.now()},
    ],
    ids=["of another", "counselling", "of nobody", "for ever", "let go before"],
)
def test_a_keeper_with_sql_of_their_own_opens_nothing_that_was_not_asked_for(case: Any, fresh: Any) -> None:
    let_go = case.open(case.ask(), [case.notes[1]])
    one = case.ask()
    case.told(one)
    case.chooses(one, [case.notes[0]])
    given = fresh(case, let_go)
    with case.at("reception_manager", PURPOSE), pytest.raises(ProgrammingError, match="not what was asked for"):
        VictimRequest.objects.filter(pk=one.pk).update(chosen_by=case.cast["reception_manager"].pk, **given)


class Steps(RuleBasedStateMachine):
    """Any order of steps, by anybody: what can be read is what the Act's steps have opened, and nothing else."""

    world: Any
    sent: Any = None

    @initialize(counselling=st.booleans(), excepted=st.booleans())
    def asked(self, counselling: bool, excepted: bool) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        exception = NOT_NOW if excepted else {}
        self.one = self.world.ask(
            counselling=counselling, probative="The only account" if counselling else "", **exception
        )
        self.counselling, self.excepted, self.done, self.over = counselling, excepted, set[str](), False
        self.records: list[UUID] = []

    def teardown(self) -> None:
        if hasattr(self, "outer"):
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)

    def tries(self, step: str, needs: set[str], act: Any, bars: frozenset[str] = frozenset()) -> Any:
        """Allowed exactly when all that it needs was done, nothing that bars it was, and nothing ended it."""
        may = needs <= self.done and not self.over and not self.done & {step, *bars}
        try:
            with transaction.atomic():
                result = act()
        except (RuleBroken, NotAllowed):
            assert not may, f"{step} was refused after {self.done}"
            return None
        assert may, f"{step} was taken after {self.done}"
        self.done.add(step)
        return result

    @property
    def reached(self) -> set[str]:
        return {"senior"} if self.counselling or self.excepted else set()

    @rule()
    def senior(self) -> None:
        if self.reached:
            self.tries("senior", set(), lambda: self.world.senior_agrees(self.one))

    @precondition(lambda self: self.excepted)
    @rule()
    def excused(self) -> None:
        barred = frozenset({"notice", "chosen", "may go"})
        self.tries("excused", self.reached, lambda: self.world.excuses(self.one), barred)

    @precondition(lambda self: self.excepted)
    @rule()
    def may_go(self) -> None:
        self.tries("may go", self.reached, lambda: self.world.may_go(self.one))

    @rule(view=st.sampled_from([code for code, _ in material.VIEWS]))
    def notice(self, view: str) -> None:
        first = {"may go"} if self.excepted else set()
        self.tries("notice", self.reached | first, lambda: self.world.told(self.one, view))

    @precondition(lambda self: "chosen" not in self.done)
    @rule(which=st.sets(st.sampled_from([0, 1, 2]), min_size=1))
    def chosen(self, which: set[int]) -> None:
        if 2 in which and not self.counselling:
            which = {0}
        records = [self.world.notes[place] for place in sorted(which)]
        by = "excused" if "excused" in self.done else "notice"
        self.tries("chosen", {*self.reached, by}, lambda: self.world.chooses(self.one, records))
        self.records = records if "chosen" in self.done else []

    @rule()
    def send(self) -> None:
        self.sent = self.tries("sent", {"chosen"}, lambda: self.world.sends(self.one)) or self.sent

    @precondition(lambda self: self.sent is not None and not self.done & {"let go", "refused"})
    @rule()
    def let_go(self) -> None:
        self.world.lets_go(self.sent)
        self.done.add("let go")

    @precondition(lambda self: "let go" in self.done and not self.over)
    @rule()
    def recalled(self) -> None:
        with self.world.at("guardian_redcross", "oversight") as actor:
            actions.recall(actor, self.sent.pk)
        self.over = True

    @rule()
    def taken_back(self) -> None:
        def act() -> None:
            with self.world.at("investigator", PURPOSE) as actor:
                victim_requests.take_back(actor, self.one.pk)

        self.tries("taken back", set(), act)
        self.over = self.over or "taken back" in self.done

    @rule()
    def refused(self) -> None:
        def act() -> None:
            with self.world.at("reception_manager", "support") as actor:
                victim_requests.refuse(actor, self.one.pk, reason="too wide")

        if "sent" not in self.done:
            self.tries("refused", self.reached, act)
            self.over = self.over or "refused" in self.done

    @invariant()
    def only_what_the_steps_opened_is_read(self) -> None:
        if hasattr(self, "one"):
            texts = dict(zip(self.world.notes, ("A blue van", "Sleeps badly", "What hurts most"), strict=True))
            opened = "let go" in self.done and not self.over
            assert self.world.read() == (sorted(texts[one] for one in self.records) if opened else [])


def drawn(examples: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
    )


def seated(case: Any) -> Any:
    """Everybody has sat down before anything is undone, so that undoing takes nobody's seat."""
    for part, purpose in (
        ("investigator", PURPOSE), ("review_officer", "custody"), ("reception_manager", "support"),
        ("guardian_redcross", "oversight"),
    ):  # fmt: skip
        with case.at(part, purpose):
            pass
    return case


def test_in_any_order_of_steps_nothing_is_read_that_they_did_not_open(case: Any) -> None:
    Steps.world = seated(case)
    run_state_machine_as_test(Steps, settings=drawn(4))


@pytest.mark.long
def test_in_many_orders_of_steps_nothing_is_read_that_they_did_not_open(case: Any) -> None:
    Steps.world = seated(case)
    run_state_machine_as_test(Steps, settings=drawn(200))


@pytest.fixture
def surgery(at: Any) -> Any:
    """A keeper without a sign-in: the force's guardian has heard its key."""
    key = pyrage.x25519.Identity.generate()
    with at("guardian_police", "oversight") as actor:
        made = outside.introduce(
            actor, code="nhs", name="Hill Lane Surgery", reached="01632 960 111", public_key=str(key.to_public())
        )
        outside.heard(actor, made.pk, number_from="published")
    return made.pk, key


def by_us(case: Any, act: Any, *given: Any, **more: Any) -> Any:
    with case.at("investigator", PURPOSE) as actor:
        return act(actor, *given, **more)


def stage(case: Any, one: VictimRequest) -> material.Stage:
    with case.at("investigator", PURPOSE):
        return victim_requests.stage_of(VictimRequest.objects.get(pk=one.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("own_secrets")
def test_a_keeper_without_a_sign_in_gets_a_letter_that_only_they_open(case: Any, surgery: Any, signed: Any) -> None:
    keeper, key = surgery
    one = case.ask(to_agency=keeper, data_class="health")
    letter = {"called": "Mira, born in 1999"}
    with pytest.raises(RuleBroken, match="notice first"):
        by_us(case, victim_requests.write_letter, one.pk, **letter)
    told = {"language": "ro", "view": "objects", "given": material.Given("carer", "child", "Their social worker")}
    by_us(case, victim_requests.told, one.pk, **told)
    sent = by_us(case, victim_requests.write_letter, one.pk, **letter).letter_id
    assert stage(case, one) is material.Stage.LETTER
    with case.at("guardian_police", "oversight") as actor:
        seen = outside.preview(actor, Disclosure.objects.get(pk=sent))
        actions.approve(actor, sent)
    assert "Mira, born in 1999" in seen
    assert case.person.hex not in seen.replace("-", "")
    signed()
    opened = json.loads(pyrage.decrypt(by_us(case, outside.sealed_pack, sent), [key]))
    assert opened["payload"] == seen
    with pytest.raises(RuleBroken, match="handed over"):
        by_us(case, victim_requests.answered, one.pk, answer="part")
    by_us(case, outside.handed_over, sent)
    assert stage(case, one) is material.Stage.ASKED
    by_us(case, victim_requests.answered, one.pk, answer="part")
    assert stage(case, one) is material.Stage.ANSWERED
    assert case.read() == []


def test_a_letter_is_nobodys_but_the_case_teams_and_stops_with_the_request(
    case: Any, surgery: Any, at: Any, cast: Any
) -> None:
    one = case.ask(to_agency=surgery[0], **NOT_NOW)
    case.senior_agrees(one)
    sent = by_us(case, victim_requests.write_letter, one.pk, called="Mira").letter_id
    for part, purpose in (("guardian_redcross", "oversight"), ("reception_manager", "support")):
        with at(part, purpose):
            assert not Disclosure.objects.filter(pk=sent).exists()
            assert not VictimRequest.objects.filter(pk=one.pk).exists()
    with at("guardian_police", "oversight") as actor:
        actions.approve(actor, sent)
    with case.at("op_commander", "op_planning"):
        CaseMember.objects.filter(membership_id=cast["investigator"].pk).update(until=clock.now())
    with pytest.raises(NotAllowed):
        by_us(case, outside.sealed_pack, sent)
    with case.at("op_commander", "op_planning"):
        CaseMember.objects.filter(membership_id=cast["investigator"].pk).update(until=None)
    by_us(case, victim_requests.take_back, one.pk)
    with pytest.raises((NotAllowed, RuleBroken)):
        by_us(case, outside.sealed_pack, sent)
