"""A centre ends: records have receipts, times are counted, and what people thought leads to nobody."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.utils import ProgrammingError
from django.urls import reverse
from pypdf import PdfReader

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed, RuleBroken
from wilberforce.base.ids import new_id
from wilberforce.ledger.tests.test_sequencer import settled as settled  # noqa: PLC0414
from wilberforce.reception import actions, lists, policy
from wilberforce.reception.actions.belongings import bags_of
from wilberforce.reception.actions.records import feedback_of, ran_out, still_to_hand_over, to_hand_over, waited
from wilberforce.reception.board import stock
from wilberforce.reception.desk import tablets
from wilberforce.reception.jobs import count_large_centres
from wilberforce.reception.models import Presence

from .conftest import Open, leaves, ready_to_close

YES = dict.fromkeys(lists.FEEDBACK, "yes")


def test_a_centre_closes_only_when_every_class_has_a_receipt(centre: Open) -> None:
    person = centre.arrived().pk
    with centre.by("reception_manager") as actor:
        actions.give(actor, person, kind="refreshments", thing="hot-drink")
        leaves(actor, person, destination="refuge")
        left = still_to_hand_over(actor, centre.centre_id)
    assert {one.data_class for one in left} == {"person_ref", "support"}
    with pytest.raises(RuleBroken, match="Records were not handed over"), centre.by("reception_manager") as actor:
        actions.close_centre(actor, centre.centre_id)
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
        assert still_to_hand_over(actor, centre.centre_id) == []
        actions.close_centre(actor, centre.centre_id, keeper_id=actor.me)


def test_the_page_says_what_is_still_open_before_it_is_pressed(centre: Open, signed_in: Any) -> None:
    person = centre.arrived(reference="P-7K3MQX").pk
    client, address = signed_in("reception_manager"), reverse("reception:close", args=[centre.centre_id])
    with centre.by("reception_manager") as actor:
        for bag in ("3", "4"):
            actions.take_in(actor, person, bag=bag, what="A blue coat")
    page = client.get(address).content.decode()
    for matter in ("accounted for: P-7K3MQX", "bags 3, 4", "references and needs", "Before it closes"):
        assert matter in page
    with centre.by("reception_manager") as actor:
        for held in bags_of(actor, person):
            actions.give_back(actor, person, held["id"], receipt=held["receipt"])
        leaves(actor, person, destination="refuge")
        ready_to_close(actor, centre.centre_id)
    page = client.get(address).content.decode()
    assert "What is still open" not in page
    assert "Who asks after those who left?" in page


def test_a_centre_closes_when_its_tablets_are_wiped_or_lost(centre: Open) -> None:
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
        kept = tablets.enrol(actor, centre.centre_id, label="Tablet 7").tablet
    with pytest.raises(RuleBroken, match="Not wiped: Tablet 7"), centre.by("reception_manager") as actor:
        actions.close_centre(actor, centre.centre_id)
    with centre.by("reception_manager") as actor:
        tablets.lose(actor, centre.centre_id, kept.pk)
        assert actions.close_centre(actor, centre.centre_id).state == "closed"


def test_what_is_written_after_the_receipt_waits_for_another(centre: Open) -> None:
    person = centre.arrived().pk
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
        actions.give(actor, person, kind="refreshments", thing="meal")
        assert {one.data_class for one in still_to_hand_over(actor, centre.centre_id)} == {"support"}


def test_times_from_arriving_are_counted_together(centre: Open) -> None:
    first, _ = centre.arrived().pk, centre.arrived().pk
    with centre.by() as actor:
        actions.give(actor, first, kind="refreshments", thing="hot-drink")
        actions.rest_recorded(actor, first)
    with centre.by("reception_manager"):
        steps = {one.step: (one.people, one.had, one.usual) for one in waited(centre.centre_id)}
    assert steps["drink"] == (2, 1, 0)
    assert steps["rest"] == (2, 1, 0)
    assert steps["decision"] == (2, 0, None)


def test_a_large_centre_is_counted_at_night_and_anew_when_records_are_handed_over(centre: Open, signed_in: Any) -> None:
    person = centre.arrived().pk
    assert count_large_centres() == 0
    with centre.by("reception_manager") as actor:
        policy.PRESENCES.add_many(actor, [passed_through(actor, centre, n) for n in range(200)])
    assert count_large_centres() == 1
    with centre.by("reception_manager") as actor:
        actions.give(actor, person, kind="refreshments", thing="meal")
        last_night = still_to_hand_over(actor, centre.centre_id, now=False)
        assert {one.data_class for one in last_night if one.counted_at} == {"person_ref"}
        assert {one.data_class for one in still_to_hand_over(actor, centre.centre_id)} == {"person_ref", "support"}
        assert {(one.people, one.counted_at is None) for one in waited(centre.centre_id)} == {(201, False)}
    for name in ("debrief", "records"):
        page = signed_in("reception_manager").get(reverse(f"reception:{name}", args=[centre.centre_id]))
        assert "Many people have been here" in page.content.decode()


def passed_through(actor: Actor, centre: Open, n: int) -> Presence:
    now = clock.now()
    return Presence(
        controller_id=actor.home, centre_id=centre.centre_id, person_id=new_id(), reference=f"Q{n}", since=now,
        until=now, moved_at=now, recorded_by=actor.me,
    )  # fmt: skip


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM reception_counted", "SELECT * FROM reception_records_of_now(gen_random_uuid())"]
)
def test_the_counts_of_a_centre_are_asked_only_as_whoever_runs_it(centre: Open, sql: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), centre.by(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_nobody_else_counts_a_centre(centre: Open, at: Any) -> None:
    centre.arrived()
    with at("op_commander", "op_safety"), connection.cursor() as cursor:
        cursor.execute("SELECT reception_count_at_night()")
        assert cursor.fetchone() == (0,)
        assert (to_hand_over(centre.centre_id), waited(centre.centre_id)) == ([], [])


def test_a_thing_runs_out_once_and_only_if_it_was_counted(centre: Open) -> None:
    person = centre.arrived().pk
    with centre.by("reception_manager") as actor:
        actions.restock(actor, centre.centre_id, thing="towel", change=2)
        for kind, thing in [("practical help", "towel")] * 3 + [("clothing", "blanket")] * 2:
            actions.give(actor, person, kind=kind, thing=thing)
        assert [row["thing"] for row in ran_out(actor, centre.centre_id)] == ["towel"]
        assert dict(stock(actor, centre.centre_id))["Blanket"] == "Count again: 2 more given than counted in"


def thought(centre: Open, times: int) -> None:
    for _ in range(times):
        with centre.by() as actor:
            actions.give_feedback(actor, centre.centre_id, answers=YES)


def closed(centre: Open) -> None:
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
        actions.close_centre(actor, centre.centre_id)


@pytest.mark.parametrize(("times", "shown"), [(4, {}), (5, {("kind", "yes"): 5})])
def test_what_people_thought_is_shown_after_closing_and_of_five_or_more(centre: Open, times: int, shown: Any) -> None:
    thought(centre, times)
    with centre.by("reception_manager"):
        assert feedback_of(centre.centre_id) == {}
    closed(centre)
    with centre.by("reception_manager"):
        found = feedback_of(centre.centre_id)
    assert {key: said for key, said in found.items() if key[0] == "kind"} == shown


def test_no_row_of_what_somebody_thought_is_kept(centre: Open) -> None:
    """Counts alone: the table knows no person, no time and no worker, and the application can't read it."""
    thought(centre, 2)
    with centre.by(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'reception_feedback'"
            " UNION SELECT attname FROM pg_attribute WHERE attrelid = 'reception_feedback'::regclass AND attnum > 0"
        )
        assert {name for (name,) in cursor.fetchall()} == {"centre_id", "question", "answer", "said"}
    with pytest.raises(ProgrammingError, match="permission denied"), centre.by(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reception_feedback")


def test_the_sheet_to_tick_is_nobodys(centre: Open, signed_in: Any) -> None:
    sheet = reverse("reception:feedback_sheet", args=[centre.centre_id, "ro"])
    printed = signed_in("reception_worker").get(sheet)
    theirs, english = (page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages)
    assert lists.POINTED["ro"].kind in theirs
    assert lists.POINTED["en"].kind in english
    assert "No name and no number" in english
    assert "P-" not in theirs + english
    assert signed_in("op_commander").get(sheet).status_code == 404


def test_a_question_that_stays_open_is_not_counted(centre: Open) -> None:
    with pytest.raises(RuleBroken), centre.by() as actor:
        actions.give_feedback(actor, centre.centre_id, answers=dict.fromkeys(lists.FEEDBACK, ""))


def test_another_centres_worker_counts_nothing_here(centre: Open, other_centre: Open) -> None:
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        actions.give_feedback(actor, centre.centre_id, answers=YES)


@pytest.mark.parametrize("code", list(lists.POINTED))
def test_people_are_welcomed_in_their_language_with_pictures(centre: Open, signed_in: Any, code: str) -> None:
    client = signed_in("reception_worker")
    page = client.get(reverse("reception:welcome", args=[centre.centre_id, code])).content.decode()
    words = lists.POINTED[code]
    assert page.count("<svg viewBox") == len(lists.PICTURES)
    for text in (lists.WELCOME[code].free, words.red_cross, words.stop):
        assert str(text).replace("'", "&#x27;") in page
    assert f'dir="{"rtl" if words.rtl else "ltr"}"' in page
    assert lists.WELCOME["en"].free in page
    assert "no native speaker has read these lines yet" in page
    assert f"{len(lists.SPOKEN)} of {len(lists.SPOKEN)} are not recorded" in page


def test_a_recording_is_kept_replaced_and_played(centre: Open, signed_in: Any) -> None:
    client, stranger = signed_in("reception_manager"), signed_in("op_commander")
    page = reverse("reception:recordings", args=[centre.centre_id, "ti"])
    assert "Nobody has recorded it yet" in client.get(page).content.decode()
    for sound in (b"OggS first", b"OggS second"):
        given = {"purpose": "reception", "sentence": "free", "sound": SimpleUploadedFile("a.ogg", sound)}
        assert client.post(page, given).status_code == 302
    shown = signed_in("reception_worker").get(reverse("reception:welcome", args=[centre.centre_id, "ti"]))
    address = shown.content.decode().split('<audio controls preload="none" src="')[1].split('"')[0]
    played = client.get(address)
    assert (played.content, played.headers["Content-Type"]) == (b"OggS second", "audio/ogg")
    assert stranger.get(address).status_code == 404


def test_what_is_no_recording_is_refused(centre: Open) -> None:
    with pytest.raises(RuleBroken, match="no recording"), centre.by("reception_manager") as actor:
        actions.record_sentence(actor, centre.centre_id, sentence="free", language="ti", sound=b"<script>")


def test_the_pages_of_the_end(centre: Open, signed_in: Any) -> None:
    centre.arrived()
    client = signed_in("reception_manager")
    for name in ("debrief", "records"):
        assert client.get(reverse(f"reception:{name}", args=[centre.centre_id])).status_code == 200
    asked = client.post(
        reverse("reception:feedback", args=[centre.centre_id, "ar"]), {"purpose": "reception", "kind": "yes"}
    )
    assert asked.status_code == 302
    with centre.by("reception_manager") as actor:
        left = still_to_hand_over(actor, centre.centre_id)[0]
    handed = {"purpose": "reception", "what": f"{left.data_class}|{left.controller_id}", "way": "sealed"}
    page = reverse("reception:records", args=[centre.centre_id])
    assert client.post(page, handed | {"taken_by": "The office"}).status_code == 302
    assert "Receipt" in client.get(page).content.decode()
