"""The desk's server side: whatever a tablet sends is kept, taken in under its author's own grants, or waits."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from wilberforce.agencies import seats
from wilberforce.agencies.models import Membership, RoleHeld, Shift
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.reception import actions, board, policy
from wilberforce.reception.desk import boxes, imitated, roster, rules, sync, tablets, waiting
from wilberforce.reception.desk.boxes import Row
from wilberforce.reception.desk.imitated import Desk, signed
from wilberforce.reception.models import Envelope, Standing
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .tablet import desk_of
from .test_pages import sent_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(centre: Any, at: Any) -> Desk:
    return desk_of(at, centre.centre_id)


@pytest.fixture
def other_desk(centre: Any, at: Any, desk: Desk) -> Desk:
    return desk_of(at, centre.centre_id, "health_worker", "Tablet 2")


def statuses(acks: list[sync.Ack]) -> list[str]:
    return [ack.reason or ack.status for ack in acks]


def here(centre: Any) -> dict[str, board.Here]:
    with centre.by() as actor:
        return {one.reference: one for one in board.people_here(actor, centre.centre_id)}


def test_three_facts_from_a_tablet_put_somebody_on_the_board(desk, centre):
    desk.meets("P-7K3MQX", "child", ("sq",))
    assert statuses(desk.sends()) == ["accepted"]
    assert (here(centre)["P-7K3MQX"].age, here(centre)["P-7K3MQX"].languages) == ("child", "Albanian")


def test_what_is_given_and_where_they_are_follow(desk, centre):
    person = desk.meets("P-7K3MQX")
    desk.writes("gave", {"thing": "blanket", "quantity": 2, "detail": "Warm one"}, entity=person)
    desk.writes("moved", {"to": "rest"}, entity=person)
    desk.writes("noted", {"text": "Asked for a charger"}, entity=person)
    assert statuses(desk.sends()) == ["accepted"] * 4
    assert here(centre)["P-7K3MQX"].where == "rest"
    with centre.by() as actor:
        given = policy.GIVEN.many(actor, Q(person_id=person), projection="given", order_by=("id",))
        assert [(row["thing"], row["quantity"], row["detail"]) for row in given] == [
            ("blanket", 2, "Warm one"), ("note", 1, "Asked for a charger"),
        ]  # fmt: skip
        assert ("Blanket", "Count again: 2 more given than counted in") in board.stock(actor, centre.centre_id)


def test_whatever_a_tablet_can_say_has_words_where_it_waits():
    assert waiting.KINDS.keys() == rules.CLASS_OF.keys()


def test_a_mistake_at_the_tablet_is_taken_back_once_and_only_after_it_arrived(desk, centre, signed_in):
    person, another = desk.meets("P-7K3MQX"), desk.meets("P-AAAAAB")
    wrong = desk.writes("gave", {"thing": "blanket", "quantity": 2}, entity=person)
    kept = desk.writes("gave", {"thing": "meal", "quantity": 1}, entity=person)
    back = desk.writes("took-back", {"event": str(wrong)}, entity=person)
    for one, of in ((wrong, person), (kept, another), (back, person)):
        desk.writes("took-back", {"event": str(one)}, entity=of)
    desk.writes("took-back", {"event": "the blanket"}, entity=person)
    assert statuses(desk.sends()) == ["accepted"] * 8 + ["sense"]
    with centre.by() as actor:
        given = policy.GIVEN.many(actor, Q(centre_id=centre.centre_id), projection="given", order_by=("id",))
        assert [(row["id"], row["stands"], row["corrects"]) for row in given] == [
            (wrong, False, None), (kept, True, None), (back, True, wrong),
        ]  # fmt: skip
        stock = dict(board.stock(actor, centre.centre_id))
    assert (stock["Blanket"], stock["Meal"]) == (0, "Count again: 1 more given than counted in")
    waits = signed_in("reception_manager").get(reverse("reception:parked", args=[centre.centre_id]))
    assert "What was given is taken back" in waits.content.decode()


def test_what_is_given_is_taken_from_the_stock_thing_by_thing_between_what_the_office_counts_in(desk, centre):
    person = desk.meets("P-7K3MQX")
    for rounds in (1, 2):
        with centre.by() as actor:
            actions.restock(actor, centre.centre_id, thing="blanket", change=10)
            actions.restock(actor, centre.centre_id, thing="towel", change=5)
        for thing, quantity in (("blanket", 1), ("towel", 1), ("blanket", 2)):
            desk.writes("gave", {"thing": thing, "quantity": quantity}, entity=person)
        desk.sends()
        with centre.by() as actor:
            left = dict(board.stock(actor, centre.centre_id))
            assert (left["Blanket"], left["Towel"]) == (7 * rounds, 4 * rounds)


def test_the_same_batch_twice_changes_nothing(desk, centre):
    person = desk.meets("P-7K3MQX")
    desk.writes("gave", {"thing": "meal", "quantity": 1}, entity=person)
    desk.sends()
    assert statuses(desk.sends()) == ["duplicate"] * 2
    with centre.by() as actor:
        assert policy.GIVEN.many(actor, Q(person_id=person), projection="given").__len__() == 1
    assert Envelope.objects.count() == 2


def test_a_number_used_twice_waits_and_holds_up_nothing(desk, centre):
    desk.meets("P-AAAAAA")
    desk.sends()
    copied = replace(desk, outbox=[])
    copied.meets("P-BBBBBB")
    desk.meets("P-CCCCCC")
    assert statuses(desk.sends([*copied.outbox, desk.outbox[1]])) == ["sequence", "accepted"]
    assert set(here(centre)) == {"P-AAAAAA", "P-CCCCCC"}


def test_an_event_that_came_with_other_content_waits(desk):
    desk.meets("P-AAAAAA")
    desk.sends()
    first = desk.outbox[0]
    assert statuses(desk.sends([replace(first, box=first.box[:-1] + bytes([first.box[-1] ^ 1]))])) == ["tamper"]


def test_a_row_that_does_not_follow_from_the_one_before_waits(desk):
    desk.meets("P-AAAAAA")
    desk.meets("P-BBBBBB")
    second = desk.outbox[1]
    assert statuses(desk.sends([desk.outbox[0], replace(second, prev=b"x" * 32)])) == ["accepted", "chain"]


def test_a_row_that_the_tablet_did_not_sign_waits(desk):
    desk.meets("P-AAAAAA")
    assert statuses(desk.sends([replace(desk.outbox[0], sig=bytes(64))])) == ["signature"]


def test_a_box_that_does_not_open_waits(desk):
    desk.meets("P-AAAAAA")
    first = desk.outbox[0]
    broken = replace(first, box=first.box[:-1] + bytes([first.box[-1] ^ 1]))
    assert statuses(desk.sends([signed(broken, desk.key)])) == ["seal"]


@pytest.mark.parametrize(
    ("kind", "body", "more", "reason"),
    [
        ("gave", {"thing": "gold", "quantity": 1}, {"ref": "P-AAAAAA"}, "sense"),
        ("gave", {"thing": "meal", "quantity": 999}, {"ref": "P-AAAAAA"}, "sense"),
        ("gave", {"thing": "meal", "quantity": 1}, {"ref": "P-ZZZZZZ"}, "reference"),
        ("moved", {"to": "rest"}, {"ref": "P-AAAAAA", "schema": 4}, "newer"),
        ("noted", {"text": "x" * 201}, {"ref": "P-AAAAAA"}, "sense"),
        ("danced", {}, {"ref": "P-AAAAAA"}, "sense"),
        ("moved", {"to": "rest"}, {"ref": "P-AAAAAA", "hlc": "0\x00"}, "sense"),
        ("moved", {"to": "rest"}, {"ref": "P-AAA\x00AA"}, "sense"),
        ("noted", {"text": "half \ud83d"}, {"ref": "P-AAAAAA"}, "sense"),
    ],
)
def test_what_makes_no_sense_waits_for_a_person(desk, kind, body, more, reason):
    desk.meets("P-AAAAAA")
    desk.writes(kind, body, **more)
    assert statuses(desk.sends()) == ["accepted", reason]


def test_answers_name_the_order_in_which_a_batch_was_taken_in(desk):
    for number in range(30):
        desk.meets(f"P-{number:06}")
    acks = desk.sends()
    assert statuses(acks) == ["accepted"] * 30
    assert [ack.seq for ack in acks] == list(Envelope.objects.order_by("dseq").values_list("seq", flat=True))
    assert [ack.seq for ack in acks] == list(range(acks[0].seq, acks[0].seq + 30))


@pytest.mark.parametrize(
    ("schema", "body"),
    [(1, {"thing": "meal"}), (2, {"thing": "meal", "quantity": 1}), (3, {"thing": "meal", "quantity": 1})],
)
def test_the_two_schemas_before_this_one_are_read(desk, schema, body):
    desk.meets("P-AAAAAA")
    desk.writes("gave", body, ref="P-AAAAAA", schema=schema)
    assert statuses(desk.sends()) == ["accepted"] * 2


def test_somebody_registered_by_an_older_tablet_keeps_their_language(desk, centre):
    desk.writes("registered", {"age": "adult", "language": "vi"}, entity=new_id(), ref="P-AAAAAA", schema=1)
    desk.sends()
    assert here(centre)["P-AAAAAA"].languages == "Vietnamese"


def test_a_wrong_pin_offline_waits_until_somebody_says_whose_it_is(desk):
    desk.proof = b"another PIN"
    desk.meets("P-AAAAAA")
    assert statuses(desk.sends()) == ["proof"]


def test_whoever_is_no_longer_on_shift_is_taken_in_by_the_manager(desk, centre, cast, at):
    desk.meets("P-AAAAAA")
    ended = clock.now() - timedelta(hours=3)
    Shift.objects.filter(membership=cast["reception_worker"]).update(
        starts=ended - timedelta(hours=8), signed_in_at=ended - timedelta(hours=8), ends=ended
    )
    (ack,) = desk.sends()
    assert ack.reason == "shift"
    with centre.by("reception_manager") as actor:
        (letter,) = waiting.at_centre(actor, centre.centre_id)
        assert ("Reference", "P-AAAAAA") in [(name.capitalize(), value) for name, value in letter.said]
        waiting.settle(actor, centre.centre_id, seq=ack.seq, taken_in="yes")
        assert waiting.at_centre(actor, centre.centre_id) == []
    assert set(here_as_manager(centre)) == {"P-AAAAAA"}


def here_as_manager(centre: Any) -> set[str]:
    with centre.by("reception_manager") as actor:
        return {one.reference for one in board.people_here(actor, centre.centre_id)}


def test_a_parked_event_is_mended_by_naming_the_card(desk, centre):
    desk.meets("P-AAAAAA")
    desk.writes("gave", {"thing": "meal", "quantity": 1}, ref="P-AAAAAB")
    seq = desk.sends()[1].seq
    with centre.by("reception_manager") as actor:
        waiting.settle(actor, centre.centre_id, seq=seq, taken_in="yes", reference="p-aaaaaa")
        given = policy.GIVEN.many(actor, projection="given")
    assert [row["thing"] for row in given] == ["meal"]


def test_a_parked_registration_with_nearly_anothers_card_is_asked_about(desk, centre, signed_in):
    centre.arrived(reference="P-7K3MQX")
    desk.proof = b"another PIN"
    desk.meets("P-7K3MQY")
    (ack,) = desk.sends()
    client, take_it = signed_in("reception_manager"), {"seq": ack.seq, "taken_in": "yes"}
    asked = sent_form(client, "parked", centre.centre_id, **take_it).content.decode()
    assert "Perhaps they are here already" in asked
    assert "I looked: this is somebody else" in asked
    assert set(here_as_manager(centre)) == {"P-7K3MQX"}
    assert sent_form(client, "parked", centre.centre_id, somebody_else="yes", **take_it).status_code == 302
    assert set(here_as_manager(centre)) == {"P-7K3MQX", "P-7K3MQY"}


def test_a_parked_registration_of_somebody_who_is_here_goes_to_them(desk, centre, signed_in):
    centre.arrived(reference="P-7K3MQX")
    desk.proof = b"another PIN"
    desk.meets("P-7K3MQY")
    (ack,) = desk.sends()
    meant = {"seq": ack.seq, "taken_in": "yes", "reference": "P-7K3MQX"}
    client = signed_in("reception_manager")
    assert sent_form(client, "parked", centre.centre_id, **meant).status_code == 302
    assert set(here_as_manager(centre)) == {"P-7K3MQX"}


def test_a_wrong_card_is_told_beside_the_field_and_what_was_typed_stays(desk, centre, signed_in):
    desk.writes("gave", {"thing": "hot-drink", "quantity": 1}, ref="P-AAAAAB")
    desk.writes("gave", {"thing": "meal", "quantity": 1}, ref="P-AAAAAC")
    seq = desk.sends()[0].seq
    client = signed_in("reception_manager")
    board = client.get(reverse("reception:centre", args=[centre.centre_id])).content.decode()
    assert "2 entries from tablets could not be taken in" in board
    assert reverse("reception:parked", args=[centre.centre_id]) in board
    slipped = sent_form(client, "parked", centre.centre_id, seq=seq, taken_in="yes", reference="P-YYYY0Y")
    assert "0 stands on no card" in slipped.content.decode()
    page = sent_form(client, "parked", centre.centre_id, seq=seq, taken_in="yes", reference="P-YYYYYY")
    said = page.content.decode()
    assert "Hot drink" in said
    assert said.count('value="P-YYYYYY"') == 1
    assert 'href="#id_reference"' in said
    assert said.count('id="id_reference"') == 1


def test_setting_aside_needs_a_reason(desk, centre):
    desk.writes("gave", {"thing": "meal", "quantity": 1}, ref="P-AAAAAB")
    seq = desk.sends()[0].seq
    with centre.by("reception_manager") as actor:
        with pytest.raises(RuleBroken):
            waiting.settle(actor, centre.centre_id, seq=seq, taken_in="no")
        waiting.settle(actor, centre.centre_id, seq=seq, taken_in="no", why="Written twice")
        assert waiting.at_centre(actor, centre.centre_id) == []


def test_two_tablets_that_met_one_card_show_both_and_treat_them_as_a_child(desk, other_desk, centre):
    desk.meets("P-AAAAAA", "adult")
    other_desk.meets("P-AAAAAA", "child")
    desk.sends()
    other_desk.sends()
    assert here(centre)["P-AAAAAA"].age == "child"
    with centre.by() as actor:
        (person,) = roster.of_centre(actor, centre.centre_id)
    assert {one["value"] for one in person["clash"]["age"]} == {"adult", "child"}
    assert {one["on"] for one in person["clash"]["age"]} == {"Tablet 1", "Tablet 2"}
    assert all(one["by"] and one["at"] for one in person["clash"]["age"])


def test_a_choice_that_knows_both_ends_the_clash(desk, other_desk, centre):
    desk.meets("P-AAAAAA", "adult")
    met = other_desk.meets("P-AAAAAA", "child")
    desk.sends()
    other_desk.sends()
    with centre.by() as actor:
        heads = roster.of_centre(actor, centre.centre_id)[0]["heads"]["age"]
    other_desk.writes("corrected", {"field": "age", "value": "adult"}, entity=met, base=heads)
    assert statuses(other_desk.sends()) == ["duplicate", "accepted"]
    assert here(centre)["P-AAAAAA"].age == "adult"
    assert not Standing.objects.filter(clash=True).exists()


def test_a_later_save_does_not_silently_win(desk, other_desk, centre):
    person = desk.meets("P-AAAAAA")
    desk.sends()
    desk.writes("moved", {"to": "out"}, entity=person)
    desk.sends()
    other_desk.writes("moved", {"to": "rest"}, ref="P-AAAAAA")
    other_desk.sends()
    assert here(centre)["P-AAAAAA"].where == "out"
    assert Standing.objects.get(field="where").clash


def test_a_clock_three_hours_wrong_is_put_right_and_said(desk, centre):
    desk.clock_off_ms = 3 * 3600 * 1000
    person = desk.meets("P-AAAAAA")
    desk.sends()
    with centre.by() as actor:
        (event,) = policy.PRESENCES.many(actor, Q(person_id=person))
    assert abs(event["since"] - clock.now()) < timedelta(minutes=1)
    assert rules.words_for_offset(Envelope.objects.get().offset_ms) == "tablet clock 3 h 0 min slow"


def test_five_wrong_pins_destroy_the_share(desk):
    for _ in range(4):
        with transaction.atomic():
            assert seats.unlock(desk.kept, desk.seat.pk, b"wrong") is None
    with transaction.atomic():
        assert seats.unlock(desk.kept, desk.seat.pk, desk.proof) is not None
    for _ in range(5):
        seats.unlock(desk.kept, desk.seat.pk, b"wrong")
    assert seats.unlock(desk.kept, desk.seat.pk, desk.proof) is None
    desk.seat.refresh_from_db()
    assert desk.seat.share is None


@pytest.mark.parametrize("ended", ["membership", "role"])
def test_whoever_has_left_opens_no_tablet_with_their_pin(desk, client, cast, ended):
    client.cookies[tablets.COOKIE] = desk.secret
    asked = {"seat": str(desk.seat.pk), "proof": boxes.text64(desk.proof)}
    assert client.post("/desk/v1/unlock", asked, content_type="application/json").status_code == 200
    kept, where = (Membership, "pk") if ended == "membership" else (RoleHeld, "membership")
    kept.objects.filter(**{where: desk.seat.membership_id}).update(ends=clock.now())
    assert client.post("/desk/v1/unlock", asked, content_type="application/json").status_code == 403
    desk.seat.refresh_from_db()
    assert desk.seat.share is None


def test_a_lost_tablet_has_no_share_left(desk, centre):
    with centre.by("reception_manager") as actor:
        tablets.lose(actor, centre.centre_id, desk.kept.pk)
    desk.kept.refresh_from_db()
    assert seats.unlock(desk.kept, desk.seat.pk, desk.proof) is None


def test_a_worker_does_not_manage_tablets(desk, centre):
    with pytest.raises(NotAllowed), centre.by() as actor:
        tablets.lose(actor, centre.centre_id, desk.kept.pk)


def test_a_tablet_is_enrolled_again_by_the_manager_alone_and_keeps_its_key(desk, centre):
    with pytest.raises(NotAllowed), centre.by() as actor:
        tablets.enrol_again(actor, centre.centre_id, desk.kept.pk)
    with centre.by("reception_manager") as actor:
        again = tablets.enrol_again(actor, centre.centre_id, desk.kept.pk)
    assert tablets.of_cookie(desk.secret) is None
    found = tablets.of_cookie(again.secret)
    assert found == desk.kept
    point = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    with pytest.raises(RuleBroken):
        seats.greet(found, ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(*point))


def test_what_a_lost_tablet_still_held_waits_for_a_person_once_it_is_found(desk, centre, at, cast):
    desk.meets("P-AAAAAA")
    with centre.by("reception_manager") as actor:
        tablets.lose(actor, centre.centre_id, desk.kept.pk)
        tablets.enrol_again(actor, centre.centre_id, desk.kept.pk)
    assert statuses(desk.sends()) == ["lost"]
    with at("reception_worker", "reception") as actor:
        desk.seat = imitated.seated(actor, desk.kept)
    desk.meets("P-BBBBBB")
    assert statuses(desk.sends()) == ["lost", "accepted"]
    with centre.by("reception_manager") as actor:
        (letter,) = waiting.at_centre(actor, centre.centre_id)
        waiting.settle(actor, centre.centre_id, seq=letter.envelope.seq, taken_in="yes")
    assert set(here(centre)) == {"P-AAAAAA", "P-BBBBBB"}


def test_a_browser_that_is_a_tablet_does_not_become_another_over_what_it_holds(desk, centre, client):
    client.cookies[tablets.COOKIE] = desk.secret
    with pytest.raises(RuleBroken) as broken, centre.by("reception_manager") as actor:
        tablets.enrol(actor, centre.centre_id, label="Tablet 2", held=desk.kept)
    assert "Tablet 1" in str(broken.value)
    told = {"events": [], "device_ms": 0, "unsent": 0, "epoch": "", "device": str(new_id())}
    answer = client.post("/desk/v1/sync", told, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown")


def test_close_down_wipes_only_when_everything_is_here(desk):
    desk.meets("P-AAAAAA")
    desk.meets("P-BBBBBB")
    desk.sends(desk.outbox[:1])
    assert tablets.close_down(desk.kept, 2, desk.head) == [(2, 2)]
    desk.sends()
    assert tablets.close_down(desk.kept, 2, b"x" * 32) is not None
    assert tablets.close_down(desk.kept, 2, desk.head) is None
    assert tablets.of_cookie(desk.secret) is None


def test_a_gap_is_named(desk):
    for reference in ("P-AAAAAA", "P-BBBBBB", "P-CCCCCC"):
        desk.meets(reference)
    desk.sends([desk.outbox[0], desk.outbox[2]])
    held = sync.heard(desk.kept, unsent=1, offset_ms=0, app_version="1")
    assert (held.count, held.highest, held.missing) == (2, 3, [(2, 2)])


def _state() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, field, events, clash FROM reception_standing ORDER BY person_id, field")
        return list(cursor.fetchall())


def _board(centre: Any) -> list[tuple[Any, ...]]:
    with centre.by() as actor:
        people = PEOPLE.many(actor, order_by=("id",), limit=200)
        stays = policy.PRESENCES.many(actor, order_by=("id",), limit=200)
        given = policy.GIVEN.many(actor, projection="given", order_by=("id",), limit=500)
    return [
        *[(p["id"], p["age"], p["languages"], p["needs"]) for p in people],
        *[(s["person_id"], s["where"], s["since"], s["moved_at"]) for s in stays],
        *[(g["id"], g["thing"], g["quantity"]) for g in given],
    ]


def _office_changes(centre: Any, drawn: random.Random, card: str) -> None:
    with centre.by() as actor:
        person = PEOPLE.many(actor, Q(reference=card))[0]
        changes = {"age": drawn.choice(["adult", "child"]), "needs": drawn.choice([[], ["mobility"]])}
        survivors.correct_person(actor, person["id"], changes, version=person["version"])


@pytest.mark.parametrize(
    "seed", [1807, pytest.param(1833, marks=pytest.mark.long), pytest.param(2015, marks=pytest.mark.long)]
)
def test_a_projection_rebuilt_from_the_events_is_the_same(seed, desk, other_desk, centre):
    drawn = random.Random(seed)  # noqa: S311 - a sample
    cards = [f"P-AAAAA{letter}" for letter in "ABCDEF"]
    for reference in cards:
        desk.meets(reference, drawn.choice(["adult", "child", "not sure"]))
    desk.sends()
    for one in (desk, other_desk):
        for _ in range(30):
            card = drawn.choice(cards)
            if drawn.random() < 0.2:
                _office_changes(centre, drawn, card)
            kind, body = drawn.choice(
                [
                    ("moved", {"to": drawn.choice(["room", "rest", "out", "health"])}),
                    ("gave", {"thing": drawn.choice(["meal", "shower"]), "quantity": 1}),
                    ("corrected", {"field": "age", "value": drawn.choice(["adult", "child"])}),
                    ("corrected", {"field": "need:mobility", "value": drawn.choice(["yes", "no"])}),
                    ("corrected", {"field": "language", "value": [drawn.choice(["sq", "ro", "vi"])]}),
                ]
            )
            base = [] if drawn.random() < 0.5 else [row.id for row in one.outbox]
            one.writes(kind, body, ref=card, base=base)
    for one in (desk, other_desk):
        assert set(statuses(one.sends())) <= {"accepted", "duplicate"}
    before = _state(), _board(centre)
    assert len(before[0]) > 6
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_rebuild(%s)", [centre.centre_id])
        assert cursor.fetchone() == (0,)
    assert (_state(), _board(centre)) == before


def test_one_registration_by_sync_costs_at_most_fifteen_statements(desk, client, statements):
    client.cookies[tablets.COOKIE] = desk.secret
    desk.meets("P-AAAAAA")
    epoch = str(sync.current_epoch())
    with statements() as sent:
        answer = offered(client, desk.outbox, epoch=epoch)
    assert [ack["status"] for ack in answer.json()["acks"]] == ["accepted"]
    assert len(sent) <= 15, "\n".join(sent)


def offered(client: Any, rows: list[Row], **more: Any) -> Any:
    text = boxes.text64
    events = [
        {"id": str(r.id), "dseq": r.dseq, "prev": text(r.prev), "kid": r.kid, "box": text(r.box), "sig": text(r.sig)}
        for r in rows
    ]
    said = {
        "events": events, "device_ms": round(clock.now().timestamp() * 1000), "unsent": len(events),
        "epoch": more.get("epoch") or str(sync.current_epoch()),
    } | more  # fmt: skip
    return client.post("/desk/v1/sync", said, content_type="application/json")


def test_a_tablet_with_nothing_to_send_says_that_it_is_there_and_how_much_it_holds(desk, client):
    client.cookies[tablets.COOKIE] = desk.secret
    before = clock.now()
    assert offered(client, [], unsent=7).status_code == 200
    desk.kept.refresh_from_db()
    assert (desk.kept.unsent, desk.kept.seen_at >= before) == (7, True)


def test_another_epoch_is_said_and_what_came_is_kept(desk, client):
    client.cookies[tablets.COOKIE] = desk.secret
    desk.meets("P-AAAAAA")
    answer = offered(client, desk.outbox, epoch="another")
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch")
    assert Envelope.objects.count() == 1


def test_no_answer_counts_on_with_what_other_centres_send(desk, client):
    """A number out of the table that all tablets share would tell one centre how busy every other one is."""
    client.cookies[tablets.COOKIE] = desk.secret
    desk.meets("P-AAAAAA")
    (verdict,) = offered(client, desk.outbox).json()["acks"]
    assert set(verdict) == {"id", "dseq", "status", "reason"}


@pytest.mark.parametrize("said", ["{}", "[]", '{"events": 7}', '{"events": [{}], "device_ms": 1, "unsent": 0}', "\x00"])
def test_nonsense_from_a_tablet_breaks_nothing(desk, client, said):
    client.cookies[tablets.COOKIE] = desk.secret
    assert client.post("/desk/v1/sync", said, content_type="application/json").status_code == 400


def test_a_stranger_is_told_nothing(client, db):
    assert client.post("/desk/v1/people", "{}", content_type="application/json").status_code == 401


def test_the_roster_needs_the_pin(desk, client):
    client.cookies[tablets.COOKIE] = desk.secret
    desk.meets("P-AAAAAA")
    desk.sends()
    asked = {"seat": str(desk.seat.pk), "proof": boxes.text64(desk.proof)}
    answer = client.post("/desk/v1/people", asked, content_type="application/json")
    assert [person["ref"] for person in answer.json()["people"]] == ["P-AAAAAA"]
    wrong = asked | {"proof": boxes.text64(b"wrong")}
    assert client.post("/desk/v1/people", wrong, content_type="application/json").status_code == 403
