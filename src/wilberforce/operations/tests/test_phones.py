"""What bronzes write on phones without a network: taken in under their own grants, once; conflicts are shown."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q

from wilberforce.agencies import seats
from wilberforce.base import clock, outbox
from wilberforce.base.errors import NotAllowed
from wilberforce.operations import actions, picture, policy
from wilberforce.operations.models import PhoneRow, Roster
from wilberforce.operations.phone import imitated, phones, waiting

from .factories import ago, refused
from .test_pages import send, to


def bronze(day, part="op_member_a", ref="B"):
    with day.on_site(part) as actor:
        return imitated.enrolled(actor, day.sites[ref], f"Phone of {part}")


@pytest.fixture
def phone(day):
    return bronze(day)


@pytest.fixture
def other(day):
    return bronze(day, "op_member_b")


def people(day):
    with day.on_site() as actor:
        return {row["reference"]: row for row in picture.day(actor, day.operation)["found"]}


def test_what_was_written_without_a_network_stands_on_the_board_once(day, phone):
    phone.writes("moved", {"state": "secured"})
    person = phone.finds("P-7K3MQX")
    phone.writes("counted", {"inside": 3, "text": "A dog in the yard"})
    phone.writes("logged", {"text": "Back door open."})
    phone.writes("handed", {"to": "hospital"}, entity=person, ref="P-7K3MQX")
    assert phone.sends() == [("accepted", "")] * 5
    assert phone.sends() == [("duplicate", "")] * 5
    assert people(day)["P-7K3MQX"]["offer"]["to_said"] == "In hospital"
    with day.on_site() as actor:
        shown = picture.day(actor, day.operation)
        (site,) = [one for one in shown["sites"] if one["ref"] == "B"]
        entries = policy.LOG.many(actor, Q(operation_id=day.operation), projection="day_log")
    assert (site["state"], site["people"]["found"], site["hazards"][0]["inside"]) == ("secured", 1, 3)
    assert [entry["text"] for entry in entries] == ["Back door open."]


def test_two_bronzes_who_claim_the_same_person_are_both_heard_and_nobody_is_doubled(day, phone, other, at):
    phone.finds("P-7K3MQX")
    second = other.finds("P-7K3MQX", age="not sure")
    other.writes("handed", {"to": "custody"}, entity=second, ref="P-7K3MQX")
    assert phone.sends() == [("accepted", "")]
    assert other.sends() == [("parked", "claimed")] * 2
    assert list(people(day)) == ["P-7K3MQX"]
    with day.commanding() as actor:
        found, handed = waiting.of_operation(actor, day.operation)
    assert "adult" in found.why
    assert dict(found.said)["age"] == "not sure"
    assert [way for way, _ in found.ways] == ["same", "other", "aside"]
    assert [way for way, _ in handed.ways] == ["again", "aside"]


@pytest.mark.parametrize(("settled", "count"), [("same", 1), ("other", 2), ("aside", 1)])
def test_somebody_says_whether_it_is_the_same_person(day, phone, other, settled, count):
    phone.finds("P-7K3MQX")
    second = other.finds("P-7K3MQX", age="not sure")
    for one in (phone, other):
        one.sends()
    with day.commanding() as actor:
        (row,) = waiting.of_operation(actor, day.operation)
        if settled == "aside":
            with refused("why"):
                waiting.settle(actor, day.operation, seq=row.kept.seq, settled=settled)
        waiting.settle(actor, day.operation, seq=row.kept.seq, settled=settled, why="Seen twice")
        assert waiting.of_operation(actor, day.operation) == []
        log = policy.LOG.many(actor, Q(operation_id=day.operation), projection="day_log")
        assert any("recorded twice" in entry["text"] for entry in log) == (settled == "same")
        if settled == "other":
            assert policy.FOUND.one(actor, second, projection="site_found")["age"] == "not sure"
    assert len(people(day)) == count


def test_two_bronzes_who_hand_over_the_same_person_leave_them_in_one_place(day, phone, other):
    person = phone.finds("P-7K3MQX")
    phone.sends()
    phone.writes("handed", {"to": "hospital"}, entity=person, ref="P-7K3MQX")
    other.writes("handed", {"to": "custody"}, entity=person, ref="P-7K3MQX")
    assert phone.sends(phone.rows[1:]) == [("accepted", "")]
    assert other.sends() == [("parked", "claimed")]
    assert people(day)["P-7K3MQX"]["offer"]["to_said"] == "In hospital"


def test_a_clock_that_is_an_hour_out_is_put_right_and_said(day, phone, signed_in):
    phone.clock_off_ms = -3_600_000
    phone.finds("P-7K3MQX")
    phone.writes("logged", {"text": "Nobody upstairs."})
    assert phone.sends() == [("accepted", "")] * 2
    assert clock.now() - people(day)["P-7K3MQX"]["found_at"] < timedelta(minutes=5)
    Phone = type(phone.kept)
    Phone.objects.filter(pk=phone.kept.pk).update(seen_at=clock.now(), offset_ms=-3_600_000)
    page = signed_in("op_commander").get(to("op_safety:phones", day.sites["B"])).content.decode()
    assert "phone clock 1 h 0 min fast" in page


def test_what_the_law_or_sense_refuses_waits_in_its_own_words_and_holds_up_nothing(day, at):
    phone = bronze(day, ref="A")
    phone.finds("P-7K3MQX")
    phone.writes("logged", {"text": "Nobody answers the door."})
    phone.writes("found", {"age": "eleven", "sex": "female", "injury": "none"}, entity=day.operation, ref="P-222222")
    assert phone.sends() == [("parked", "rule"), ("accepted", ""), ("parked", "rule")]
    with day.commanding() as actor:
        first, _ = waiting.of_operation(actor, day.operation)
        assert "has not been entered yet" in first.why
        with refused("settled", "not been entered"):
            waiting.settle(actor, day.operation, seq=first.kept.seq, settled="again")


def test_whoever_left_the_roster_has_it_taken_in_by_somebody_else(day, phone):
    phone.writes("logged", {"text": "Written before they left."})
    Roster.objects.filter(membership_id=day.cast["op_member_a"].pk).update(until=clock.now())
    assert phone.sends() == [("parked", "roster")]
    with day.commanding() as actor:
        (row,) = waiting.of_operation(actor, day.operation)
        waiting.settle(actor, day.operation, seq=row.kept.seq, settled="again")
        entries = policy.LOG.many(actor, Q(operation_id=day.operation), projection="day_log")
    assert [entry["text"] for entry in entries] == ["Written before they left."]


def test_rows_that_are_not_this_phones_own_wait(day, phone, other):
    phone.writes("logged", {"text": "One."})
    phone.writes("logged", {"text": "Two."}, proof=b"another PIN")
    foreign = [
        type(row)(row.id, other.kept.pk, row.dseq, row.prev, row.kid, row.box, row.sig) for row in phone.rows[:1]
    ]
    assert phone.sends() == [("accepted", ""), ("parked", "proof")]
    assert other.sends(foreign) == [("parked", "signature")]


def test_no_name_is_asked_of_a_phone_and_nothing_that_was_sent_lies_open(day, phone):
    phone.finds("P-7K3MQX")
    phone.writes("logged", {"text": "Back door open."})
    phone.sends()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(r)::text FROM operations_phonerow r")
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert "7K3MQX" not in kept
    assert "Back door" not in kept


def test_a_lost_phone_is_no_longer_heard_and_five_wrong_pins_end_a_seat(day, phone):
    for _ in range(5):
        assert seats.unlock(phone.kept, phone.seat.pk, b"wrong") is None
    phone.seat.refresh_from_db()
    assert phone.seat.share is None
    with day.on_site() as actor:
        assert phones.lose(actor, day.sites["B"], phone_id=phone.kept.pk).lost_at
    with pytest.raises(NotAllowed), day.on_site() as actor:
        phones.lose(actor, day.sites["A"], phone_id=phone.kept.pk)


def test_what_a_lost_phone_still_held_waits_for_a_person_once_it_is_found(day, phone, signed_in):
    phone.finds("P-7K3MQX")
    bronze_b, page = signed_in("op_member_a"), to("op_safety:phones", day.sites["B"])
    assert send(bronze_b, page, "op_safety", lost=str(phone.kept.pk)).status_code == 302
    assert "is found: it is this browser" in bronze_b.get(page).content.decode()
    bronze_b.cookies[phones.COOKIE] = phone.secret
    assert "Say above that it is found" in send(bronze_b, page, "op_safety", label="Another").content.decode()
    assert phones.of_cookie(phone.secret) is not None
    assert send(bronze_b, page, "op_safety", again=str(phone.kept.pk)).status_code == 302
    assert phones.of_cookie(phone.secret) is None
    assert phone.sends() == [("parked", "lost")]
    with day.on_site("op_member_a") as actor:
        phone.seat = imitated.seated(actor, phone.kept)
    phone.finds("P-9X6HR7")
    assert phone.sends() == [("duplicate", "lost"), ("accepted", "")]
    with day.on_site() as actor:
        (waits,) = waiting.of_operation(actor, day.operation)
        waiting.settle(actor, day.operation, seq=waits.kept.seq, settled="again")
    assert set(people(day)) == {"P-7K3MQX", "P-9X6HR7"}


def test_what_waits_is_seen_and_decided_on_its_page(day, phone, other, signed_in):
    phone.finds("P-7K3MQX")
    other.finds("P-7K3MQX")
    for one in (phone, other):
        one.sends()
    commander, page = signed_in("op_commander"), to("op_safety:waiting", day.operation)
    assert "1 entry from phones" in commander.get(to("op_safety:day", day.operation)).content.decode()
    assert "Two claim" in commander.get(page).content.decode() or "recorded P-7K3MQX already" in (
        commander.get(page).content.decode()
    )
    told = {"seq": str(PhoneRow.objects.get(taken_in=False).seq), "settled": "same"}
    assert send(commander, page, "op_safety", **told).status_code == 302
    assert "Nothing waits" in commander.get(page).content.decode()
    assert signed_in("op_member_fire").get(page).status_code == 404


def saved(phone, **more):
    """The file that its page saves."""
    rows = [
        {"id": str(row.id), "dseq": row.dseq, "prev": outbox.text64(row.prev), "kid": row.kid}
        | {"box": outbox.text64(row.box), "sig": outbox.text64(row.sig)}
        for row in phone.rows
    ]
    return json.dumps({"v": 1, "tablet": str(phone.kept.pk), "rows": rows, "chunks": []} | more).encode()


def test_the_file_of_a_phone_that_never_reaches_the_network_is_taken_in_once(day, phone, tmp_path, capsys):
    phone.finds("P-7K3MQX")
    phone.sends()
    phone.writes("logged", {"text": "Back door open."})
    phone.writes("logged", {"text": "Written under a wrong PIN."}, proof=b"another PIN")
    file = tmp_path / "site-outbox.json"
    file.write_bytes(saved(phone))
    for told in ("1 accepted, 1 duplicate, 1 parked", "3 duplicate"):
        call_command("phones", "import", str(file))
        assert told in capsys.readouterr().out
    assert list(people(day)) == ["P-7K3MQX"]
    with day.on_site() as actor:
        entries = policy.LOG.many(actor, Q(operation_id=day.operation), projection="day_log")
    assert [entry["text"] for entry in entries] == ["Back door open."]


@pytest.mark.parametrize(
    ("more", "told"), [({"tablet": str(UUID(int=7))}, "never enrolled"), ({"rows": 7}, "not the file")]
)
def test_what_is_no_file_of_a_phone_of_ours_is_refused_with_a_sentence(phone, tmp_path, more, told):
    file = tmp_path / "other.json"
    file.write_bytes(saved(phone, **more))
    with pytest.raises(CommandError, match=told):
        call_command("phones", "import", str(file))


def test_a_browser_that_still_is_a_phone_of_another_site_is_closed_down_there_first(day, phone, signed_in):
    browser, here = signed_in("op_commander"), to("op_safety:phones", day.sites["A"])
    browser.cookies[phones.COOKIE] = phone.secret
    said = send(browser, here, "op_safety", label="Bronze A").content.decode()
    assert "a phone of another site" in said
    assert phones.close_down(phone.kept, 0, b"") is None
    assert send(browser, here, "op_safety", label="Bronze A").status_code == 302


def test_a_stranger_enrols_no_phone_and_a_phone_has_a_name(day, at):
    with pytest.raises(NotAllowed), at("op_member_fire", "op_safety") as actor:
        phones.enrol(actor, day.sites["B"], label="Fire")
    with day.commanding() as actor, refused("label"):
        phones.enrol(actor, day.sites["B"], label=" ")
    with day.commanding() as actor:
        assert actions.log(actor, day.operation, text="-", at=ago(minutes=1))
