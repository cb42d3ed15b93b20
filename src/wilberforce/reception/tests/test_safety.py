"""Who waits for what; who is looked for; what has its time; and a worry that is not kept at the centre."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.deadlines.models import Deadline
from wilberforce.operations.tests.factories import ago
from wilberforce.reception import actions, policy
from wilberforce.reception.actions import safety, sense
from wilberforce.survivors import actions as survivors

from .conftest import Open, leaves
from .test_actions import broken
from .test_pages import NOW, sent_form, words

WATCH = timedelta(hours=72)


def watched(person_id: Any) -> list[Any]:
    return list(Deadline.objects.filter(subject_id=person_id, rule="missing-child", met_at=None))


@pytest.mark.parametrize(
    ("age", "at_risk"), [("child", "no"), ("not sure", "no"), ("adult", "yes"), ("adult", "not sure")]
)
def test_a_child_or_an_adult_at_risk_who_is_missing_starts_the_clock(centre: Open, age: str, at_risk: str) -> None:
    person = centre.arrived(age=age)
    with centre.by() as actor:
        moved = actions.move(actor, person.pk, to="absent", at_risk=at_risk)
    (due,) = watched(person.pk)
    assert due.due_at == moved.moved_at + WATCH
    with centre.by() as actor:
        actions.come_back(actor, person.pk)
    assert watched(person.pk) == []


def test_an_adult_who_is_not_at_risk_is_free_to_be_away(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.move(actor, person.pk, to="absent", at_risk="no")
    assert watched(person.pk) == []


def test_the_search_is_recorded_step_by_step(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(age="child"), signed_in("reception_worker")
    with centre.by() as actor:
        actions.move(actor, person.pk, to="absent")
    assert "what to do" in words(client.get(reverse("reception:here", args=[person.pk])))
    sent_form(client, "missing", person.pk, thing="missing-police")
    page = words(client.get(reverse("reception:missing", args=[person.pk])))
    assert 'value="missing-police"' not in page
    assert 'value="missing-council"' in page
    assert "They are watched for until" in page


def test_whoever_is_looked_for_again_is_searched_for_again(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(age="child"), signed_in("reception_worker")
    with centre.by() as actor:
        actions.move(actor, person.pk, to="absent")
    sent_form(client, "missing", person.pk, thing="missing-police")
    with centre.by() as actor:
        actions.come_back(actor, person.pk)
        actions.move(actor, person.pk, to="absent")
    assert 'value="missing-police"' in words(client.get(reverse("reception:missing", args=[person.pk])))
    sent_form(client, "missing", person.pk, thing="missing-police")
    assert 'value="missing-police"' not in words(client.get(reverse("reception:missing", args=[person.pk])))


MISSING = (("child", "no"), ("adult", "yes"), ("adult", "no"))


@pytest.mark.parametrize(("age", "at_risk"), MISSING)
def test_whoever_is_looked_for_has_not_left(centre: Open, age: str, at_risk: str) -> None:
    person = centre.arrived(age=age).pk
    with centre.by() as actor:
        actions.move(actor, person, to="absent", at_risk=at_risk)
    clock_runs = watched(person)
    assert "They are looked for" in broken(centre, leaves, person, destination="friends").sentence
    assert watched(person) == clock_runs
    with centre.by() as actor:
        actions.end_search(actor, person, outcome="search-police", told="Sergeant Hill, reference 0142")
        leaves(actor, person, destination="council")
    assert watched(person) == []


@pytest.mark.parametrize(
    ("age", "outcome", "says"),
    [
        ("child", "search-safe", "somebody who answers for them"),
        ("not sure", "search-safe", "somebody who answers for them"),
        ("child", "search-not-found", "watched for until"),
        ("adult", "search-not-found", "watched for until"),
        ("adult", "search-safe", ""),
        ("child", "search-hospital", ""),
    ],
)
def test_how_a_search_may_end(centre: Open, age: str, outcome: str, says: str) -> None:
    person = centre.arrived(age=age).pk
    with centre.by() as actor:
        actions.move(actor, person, to="absent")
    if says:
        refused = broken(centre, actions.end_search, person, outcome=outcome, told="Somebody rang")
        assert says in refused.sentence
        assert len(watched(person)) == 1
        return
    assert broken(centre, actions.end_search, person, outcome=outcome, told=" ").field == "told"
    with centre.by() as actor:
        actions.end_search(actor, person, outcome=outcome, told="Somebody rang")
    assert watched(person) == []


def test_nobody_ends_a_search_that_nobody_began(centre: Open) -> None:
    person = centre.arrived().pk
    assert "not looked for" in broken(centre, actions.end_search, person, outcome="search-other", told="x").sentence


def test_a_search_that_is_begun_again_keeps_its_first_clock(centre: Open) -> None:
    person = centre.arrived(age="child").pk
    with centre.by() as actor:
        actions.move(actor, person, to="absent", at=ago(minutes=0))
    (first,) = watched(person)
    with centre.by() as actor:
        safety.looked_for(actor, sense.presence_of(actor, person), clock.now() + timedelta(hours=5), "yes")
    assert [one.due_at for one in watched(person)] == [first.due_at]


def test_the_pages_of_a_search_lead_to_its_end(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(age="child").pk, signed_in("reception_worker")
    with centre.by() as actor:
        moved = actions.move(actor, person, to="absent")
    ended = reverse("reception:search_ended", args=[person])
    for name in ("leave", "missing"):
        assert ended in words(client.get(reverse(f"reception:{name}", args=[person])))
    given = {"outcome": "search-council", "told": "The duty social worker, by telephone"}
    sent = sent_form(client, "search_ended", person, version=moved.version, **given, **NOW)
    assert sent.headers["Location"] == reverse("reception:leave", args=[person])
    assert "They leave" in words(client.get(sent.headers["Location"]))


def test_an_examination_is_offered_before_a_shower_or_clean_clothes(centre: Open) -> None:
    person = centre.arrived()
    for thing in ("shower", "clothes"):
        assert "examination first" in broken(centre, actions.give, person.pk, kind="", thing=thing).sentence
    with centre.by() as actor:
        actions.give(actor, person.pk, kind="clothing", thing="blanket")
        actions.give(actor, person.pk, kind="health", thing="examination-offered")
        actions.give(actor, person.pk, kind="practical help", thing="shower")


def test_one_tap_gives_and_the_queue_says_who_waits(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(reference="P-7K3MQX"), signed_in("reception_worker")
    before = words(client.get(reverse("reception:queue", args=[centre.centre_id])))
    assert "Rest: <strong>1</strong> waiting" in before
    assert "Waits for health, interpreter, rest, information, decision" in before
    sent_form(client, "tap", person.pk, thing="rested")
    after = words(client.get(reverse("reception:queue", args=[centre.centre_id])))
    assert "Rest: <strong>0</strong> waiting" in after
    assert "Waits for health, interpreter, information, decision" in after
    assert "Slept or rested" in words(client.get(reverse("reception:tap", args=[person.pk])))


def test_food_drink_hygiene_and_calls_have_no_limit(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        for thing in ("hot-drink", "meal", "hygiene-pack", "safe-call") * 15:
            actions.give(actor, person.pk, kind="", thing=thing)
        given = policy.GIVEN.many(actor, Q(person_id=person.pk), projection="given", limit=100)
    assert len(given) == 60


def test_a_worry_goes_to_the_police_and_nothing_of_it_stays(sent: Open, signed_in: Any, at: Any) -> None:
    client = signed_in("reception_worker")
    told = "One of them answers for all the others."
    assert sent_form(client, "worry", sent.centre_id, text=told).status_code == 302
    assert told not in words(client.get(reverse("reception:worry", args=[sent.centre_id])))


def test_a_worry_is_due_to_the_commander_at_once_and_its_teller_learns_when_it_was_read(
    sent: Open, signed_in: Any, cast: Any
) -> None:
    teller, commander = signed_in("reception_worker"), signed_in("op_commander")
    page = reverse("reception:worry", args=[sent.centre_id])
    sent_form(teller, "worry", sent.centre_id, text="One of them answers for all the others.")
    (due,) = Deadline.objects.filter(rule="safety-worry", met_at=None)
    assert (due.role, due.agency_id) == ("op_commander", cast["op_commander"].agency_id)
    assert due.due_at <= clock.now() + timedelta(minutes=15)
    assert "Not yet read" in words(teller.get(page))
    assert "What you told" not in words(signed_in("reception_manager").get(page))
    way = reverse("op_safety:worry", args=[due.subject_id])
    (operation,) = safety.operations_of(sent.centre_id)
    board = reverse("op_safety:day", args=[operation])
    assert "1 worry about safety for you to read now" in words(commander.get(board))
    assert "about safety for you" not in words(signed_in("op_member_b").get(board))
    assert way in words(commander.get("/my-work/"))
    assert "answers for all the others" in words(commander.get(way))
    assert commander.post(way, {"purpose": "op_safety"}).status_code == 302
    assert "Not yet read" not in words(teller.get(page))
    assert way not in words(commander.get("/my-work/"))
    assert "Read" in words(commander.get(way))
    assert teller.get(way).status_code == 404


def test_a_centre_that_works_for_no_operation_is_told_to_ring(centre: Open) -> None:
    assert "999" in broken(centre, actions.pass_worry, centre.centre_id, text="Somebody waits outside.").sentence


@pytest.fixture
def treated(centre: Open, cast: Any) -> Any:
    person = centre.arrived(reference="P-7K3MQX")
    with centre.by("reception_manager") as actor:
        survivors.assign(actor, person.pk, cast["health_worker"].pk)
    return person


def test_the_shift_sees_when_medicine_is_due_and_no_clinical_clock(centre: Open, treated: Any, signed_in: Any) -> None:
    soon = clock.now() + timedelta(hours=3)
    with centre.by("health_worker") as actor:
        reminder = actions.remind(actor, treated.pk, kind="medicine", due_at=soon, detail="Two tablets with food")
        actions.set_clock(actor, treated.pk, kind="hiv-prophylaxis", due_at=soon)
        actions.remind(actor, treated.pk, kind="midwife", due_at=soon + timedelta(hours=12))
    client = signed_in("reception_worker")
    times = words(client.get(reverse("reception:reminders", args=[centre.centre_id])))
    board = words(client.get(reverse("reception:centre", args=[centre.centre_id])))
    for page in (times, board):
        assert "Medicine is due" in page
        assert "Two tablets with food" in page
        assert "prophylaxis" not in page
    assert ("midwife" in times, "midwife" in board) == (True, False)
    with centre.by() as actor:
        assert policy.REMINDERS.many(actor, Q(pk=reminder.pk)) == []
        assert policy.CLOCKS.many(actor, Q(person_id=treated.pk)) == []
    assert Deadline.objects.filter(rule="care-time", met_at=None, due_at=soon).count() == 2


def test_only_a_clinician_sets_a_time_and_says_that_it_is_done(centre: Open, treated: Any) -> None:
    soon = clock.now() + timedelta(hours=3)
    with pytest.raises(NotAllowed), centre.by() as actor:
        actions.remind(actor, treated.pk, kind="medicine", due_at=soon)
    past: dict[str, Any] = {"kind": "medicine", "due_at": clock.now(), "part": "health_worker"}
    assert broken(centre, actions.remind, treated.pk, **past).field == "due_at"


def test_the_clinicians_page_sets_times_and_ends_them(centre: Open, treated: Any, signed_in: Any) -> None:
    client = signed_in("health_worker")
    local = clock.in_london(clock.now() + timedelta(days=1))
    when = {f"due_at_{n}": str(part) for n, part in enumerate((local.day, local.month, local.year, "10:00"))}
    assert sent_form(client, "timed", treated.pk, kind="samples", **when).status_code == 302
    assert "Clinicians alone see it" in words(client.get(reverse("reception:timed", args=[treated.pk])))
    with centre.by("health_worker") as actor:
        (kept,) = policy.CLOCKS.many(actor, Q(person_id=treated.pk))
    no_reason = sent_form(client, "time_kept", treated.pk, kept["id"], version=1, ended="not needed")
    assert "Write why it is no longer needed" in words(no_reason)
    said = {"ended": "not needed", "why": "They chose another way."}
    assert sent_form(client, "time_kept", treated.pk, kept["id"], version=1, **said).status_code == 302
    page = words(client.get(reverse("reception:timed", args=[treated.pk])))
    assert "Nothing has its time" in page
    assert "They chose another way." in page


@pytest.mark.parametrize(
    ("ended", "says"), [("done", "Done"), ("not needed", "No longer needed"), ("mistake", "Entered by mistake")]
)
def test_a_wrong_time_does_not_read_as_done(centre: Open, treated: Any, signed_in: Any, ended: str, says: str) -> None:
    with centre.by("health_worker") as actor:
        set_for = actions.remind(actor, treated.pk, kind="medicine", due_at=clock.now() + timedelta(hours=3))
        actions.time_kept(actor, treated.pk, set_for.pk, of_shift=True, ended=ended, why="As they said", version=1)
    page = words(signed_in("health_worker").get(reverse("reception:timed", args=[treated.pk])))
    over = page.partition("Over")[2]
    assert says in over
    assert ("Done" in over) is (ended == "done")
    assert not Deadline.objects.filter(subject_id=set_for.pk, met_at=None)


def test_kept_apart_by_the_page_and_no_longer(centre: Open, signed_in: Any) -> None:
    first, client = centre.arrived(), signed_in("reception_worker")
    centre.arrived(reference="P-222222")
    assert "O stands on no card" in words(sent_form(client, "apart", first.pk, reference="P-O22222"))
    sent_form(client, "apart", first.pk, reference="222 222")
    for page in ("apart", "here"):
        assert "P-222222" in words(client.get(reverse(f"reception:{page}", args=[first.pk])))
    with centre.by() as actor:
        (kept,) = policy.APARTS.many(actor, projection="given")
    sent_form(client, "no_longer_apart", first.pk, kept["id"], version=1)
    assert "Nobody." in words(client.get(reverse("reception:apart", args=[first.pk])))
