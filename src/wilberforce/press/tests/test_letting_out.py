"""From the commander's cut to the public page; and what stops on the way."""

import re
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.press import actions, policy
from wilberforce.press.jobs import ask_to_confirm, send_digest
from wilberforce.press.models import Subscriber

TEXT = (
    "Two men, aged 32 and 27, were arrested. Five women were taken to a reception centre run by the British Red Cross."
)


@pytest.fixture
def operation(at):
    from wilberforce.operations.actions import plan

    with at("op_commander", "op_planning") as actor:
        from wilberforce.base.clock import now

        return plan(actor, name="A plan", objectives="Find them", strand="pursue", planned_for=now()).pk


@pytest.fixture
def sheet(at, operation):
    with at("op_commander", "public_info") as actor:
        return actions.cut_fact_sheet(
            actor,
            operation,
            facts=TEXT,
            places=["Derby", "Burton"],
            counts={"man": [1, 2], "woman": [5]},
            arrested_ages=[32, 27],
            doors_in=True,
            never={"names": ["Selam Example"], "streets": ["Invented Road"], "centre": ["St Nowhere"]},
        ).pk


@pytest.fixture
def sent(at, sheet):
    with at("comms_officer", "public_info") as actor:
        made = actions.draft(actor, sheet, title="Police act in Derby", text=TEXT)
        return actions.submit(actor, made.pk, version=1).pk


def say_yes(at, part, bulletin):
    with at(part, "public_info") as actor:
        actions.answer(actor, bulletin, yes=True)


def public_page(client, bulletin):
    from wilberforce.ledger.doors import at_public_door

    with at_public_door("public_info") as actor:
        found = policy.BULLETINS.many(actor, projection="published")
    return [client.get(f"/news/{one['address']}/").content.decode() for one in found if one["id"] == bulletin]


def test_two_approvers_of_two_agencies_let_a_bulletin_out(at, client, sent):
    say_yes(at, "guardian_police", sent)
    assert public_page(client, sent) == []
    say_yes(at, "reception_manager", sent)
    assert "Five women were taken" in public_page(client, sent)[0]


def test_two_approvers_of_one_agency_do_not(at, client, sent, cast):
    say_yes(at, "guardian_redcross", sent)
    say_yes(at, "reception_manager", sent)
    assert public_page(client, sent) == []


def test_a_guardian_of_another_force_is_not_asked(at, sent):
    with at("guardian_host", "public_info") as actor:
        assert policy.BULLETINS.many(actor) == []
    with pytest.raises(NotAllowed):
        say_yes(at, "guardian_host", sent)


def test_whoever_cut_the_facts_never_approves_them(at, sent):
    with pytest.raises(NotAllowed), at("op_commander", "public_info") as actor:
        actions.answer(actor, sent, yes=True)


@pytest.mark.parametrize(("part", "own"), [("op_commander", ""), ("guardian_police", "guardian_police")])
def test_nor_does_one_person_who_works_for_both_agencies(at, client, sent, also, part, own):
    """Whoever cut the facts, and whoever has said yes for the police."""
    elsewhere = also(part, "reception_manager", "reception_manager")
    if own:
        say_yes(at, own, sent)
    with pytest.raises(NotAllowed), elsewhere("public_info") as actor:
        actions.answer(actor, sent, yes=True)
    assert public_page(client, sent) == []


def test_a_yes_to_a_text_that_changed_meanwhile_is_no_yes(at, client, sent, signed_in):
    approver, form = signed_in("guardian_police"), {"purpose": "public_info", "yes": "yes"}
    with at("comms_officer", "public_info") as actor:
        read = policy.BULLETINS.one(actor, sent, projection="draft")["version"]
        changed = actions.redraft(actor, sent, title="Police act", text=TEXT, version=read)
        actions.submit(actor, sent, version=changed.version)
    say_yes(at, "reception_manager", sent)
    told = approver.post(f"/public-info/bulletins/{sent}/answer/", form | {"version": str(read), "once": str(uuid4())})
    assert (told.status_code, "Police act" in told.content.decode()) == (409, True)
    assert public_page(client, sent) == []


def test_one_no_holds_it_back_and_tells_the_writer_why(at, client, sent, signed_in):
    with pytest.raises(RuleBroken), at("guardian_police", "public_info") as actor:
        actions.answer(actor, sent, yes=False)
    with at("guardian_police", "public_info") as actor:
        actions.answer(actor, sent, yes=False, reason="Her brother would know her by the number.")
    say_yes(at, "reception_manager", sent)
    assert public_page(client, sent) == []
    writer = signed_in("comms_officer")
    assert "1 bulletin that an approver said no to" in writer.get("/my-work/").content.decode()
    assert "An approver said no" in writer.get("/public-info/").content.decode()
    assert "Her brother would know her by the number." in writer.get(f"/public-info/bulletins/{sent}/").content.decode()


def test_the_writer_reads_what_an_approver_of_another_agency_said_and_another_force_reads_nothing(at, sent):
    with at("reception_manager", "public_info") as actor:
        actions.answer(actor, sent, yes=False, reason="The car gives the house away.")
    with at("comms_officer", "public_info") as actor:
        assert [one["reason"] for one in policy.APPROVALS.many(actor, projection="draft")] == [
            "The car gives the house away."
        ]
    with at("guardian_host", "public_info") as actor:
        assert policy.APPROVALS.many(actor) == []


def test_a_changed_text_needs_its_approvals_anew(at, client, sent):
    say_yes(at, "guardian_police", sent)
    with at("comms_officer", "public_info") as actor:
        version = policy.BULLETINS.one(actor, sent, projection="draft")["version"]
        changed = actions.redraft(actor, sent, title="Police act", text=TEXT, version=version)
        actions.submit(actor, sent, version=changed.version)
    say_yes(at, "reception_manager", sent)
    assert public_page(client, sent) == []


def test_the_writer_cannot_publish_by_hand(at, sent):
    with at("comms_officer", "public_info"), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE press_bulletin SET released_at = now()")


def test_the_writer_withdraws_a_published_bulletin_from_its_page(at, client, signed_in, sent):
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, sent)
    assert public_page(client, sent) != []
    writer = signed_in("comms_officer")
    page = writer.get(f"/public-info/bulletins/{sent}/").content.decode()
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    form = {"purpose": "public_info", "version": version, "once": str(uuid4()), "why": "The street could be told"}
    assert writer.post(f"/public-info/bulletins/{sent}/withdraw/", form).status_code == 302
    assert public_page(client, sent) == []
    page = writer.get(f"/public-info/bulletins/{sent}/").content.decode()
    assert "Withdrawn" in page
    assert "Why: The street could be told" in page


def test_facts_that_were_taken_back_take_what_was_not_out_with_them(at, client, signed_in, sheet, sent):
    commander, page = signed_in("op_commander"), f"/public-info/fact-sheets/{sheet}/"
    form = {"purpose": "public_info", "once": str(uuid4())}
    with at("comms_officer", "public_info") as actor:
        out = actions.draft(actor, sheet, title="Out already", text=TEXT)
        actions.submit(actor, out.pk, version=1)
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, out.pk)
    assert page in commander.get("/public-info/").content.decode()
    assert "Write why" not in commander.get(page).content.decode()
    assert commander.post(page, form | {"why": " "}).status_code == 200
    assert commander.post(page, form | {"why": "The figure is wrong"}).status_code == 302
    writer = signed_in("comms_officer")
    assert "The figure is wrong" in writer.get("/public-info/").content.decode()
    assert "Take it back" not in writer.get(page).content.decode()
    assert "Withdrawn" in writer.get(f"/public-info/bulletins/{sent}/").content.decode()
    assert len(public_page(client, out.pk)) == 1
    assert "It stays published until you" in writer.get(f"/public-info/bulletins/{out.pk}/").content.decode()
    assert "bulletin whose facts were taken back" in writer.get("/my-work/").content.decode()
    with pytest.raises(RuleBroken, match="took these facts back"), at("comms_officer", "public_info") as actor:
        actions.draft(actor, sheet, title="Again", text=TEXT)
    with pytest.raises(RuleBroken, match="is withdrawn"), at("comms_officer", "public_info") as actor:
        actions.submit(actor, sent, version=2)
    with pytest.raises(RuleBroken), at("op_commander", "public_info") as actor:
        actions.take_back_facts(actor, sheet, why="Again")
    again = pytest.raises(DatabaseError, match="taken back")
    with at("op_commander", "public_info"), again, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE press_factsheet SET ended_at = NULL")


def test_what_was_written_before_the_last_door_is_sent_once_the_commander_says_so(at, signed_in, operation):
    with at("op_commander", "public_info") as actor:
        cut = {"facts": TEXT, "places": ["Derby"], "counts": {"man": [2], "woman": [5]}, "never": {}}
        sheet = actions.cut_fact_sheet(actor, operation, arrested_ages=[32, 27], doors_in=False, **cut).pk
    with at("comms_officer", "public_info") as actor:
        made = actions.draft(actor, sheet, title="Police act in Derby", text=TEXT).pk
        with pytest.raises(RuleBroken, match="not been entered"):
            actions.submit(actor, made, version=1)
    doors = {"purpose": "public_info", "once": str(uuid4())}
    assert signed_in("comms_officer").post(f"/public-info/fact-sheets/{sheet}/doors/", doors).status_code == 404
    assert signed_in("op_commander").post(f"/public-info/fact-sheets/{sheet}/doors/", doors).status_code == 302
    with at("comms_officer", "public_info") as actor:
        assert actions.submit(actor, made, version=1).submitted_at


def let_out(at, bulletin):
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, bulletin)


def filled(page, **answers):
    version = re.search(r'name="version" value="(\d*)"', page.content.decode())[1]
    return {"purpose": "public_info", "version": version, "once": str(uuid4()), **answers}


def test_a_correction_takes_the_place_of_what_was_wrong_and_its_readers_hear_of_it(at, client, signed_in, sent):
    let_out(at, sent)
    writer = signed_in("comms_officer")
    page = writer.get(f"/public-info/bulletins/{sent}/correct/")
    told = {
        "title": "Police act in Derby",
        "text": f"{TEXT} Nobody was hurt.",
        "correction": "It did not say who was hurt.",
    }
    made = writer.post(page.wsgi_request.path, filled(page, **told))["Location"]
    again = writer.post(page.wsgi_request.path, filled(page, **told)).content.decode()
    assert "There is a correction of it already" in again
    page = writer.get(made)
    writer.post(f"{made}send/", filled(page))
    correction = UUID(made.split("/")[-2])
    address = re.search(r'href="/news/([0-9a-f-]{36}/)"', client.get("/news/").content.decode())[1]
    assert "Nobody was hurt" not in client.get(f"/news/{address}").content.decode()
    let_out(at, correction)
    shown = client.get(f"/news/{address}").content.decode()
    assert all(words in shown for words in ("Nobody was hurt", "It did not say who was hurt.", "First published"))
    feed = client.get("/news/feed/").content.decode()
    assert feed.count("<entry>") == 1
    assert "Corrected: Police act in Derby" in feed
    assert f"urn:uuid:{address.strip('/')}" in feed
    assert "a correction</a> of it" in writer.get(f"/public-info/bulletins/{sent}/").content.decode()


@pytest.mark.parametrize("column", ["address = gen_random_uuid()", "first_released_at = now()", "corrects = id"])
def test_no_writer_takes_a_published_address_by_hand(at, sent, column):
    with at("comms_officer", "public_info"), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(f"UPDATE press_bulletin SET {column}")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Selam Example was found in Derby.", "named"),
        ("Officers went to Invented Road.", "street"),
        ("The women are at St Nowhere.", "centre"),
        ("A woman aged 24 was found.", "age"),
    ],
)
def test_what_would_give_somebody_away_is_refused_with_the_reason(at, sheet, words, kind):
    with pytest.raises(RuleBroken) as refused, at("comms_officer", "public_info") as actor:
        actions.draft(actor, sheet, title="Police act in Derby", text=words)
    assert refused.value.field == "text"
    assert kind in refused.value.sentence.lower()


def test_the_writer_sees_the_fact_sheet_and_nothing_of_the_words_that_must_not_appear(signed_in, sheet):
    page = signed_in("comms_officer").get(f"/public-info/fact-sheets/{sheet}/draft/").content.decode()
    assert "Two men" in page
    assert "Invented Road" not in page


@pytest.mark.parametrize("part", ["reception_worker", "investigator", "intel_officer"])
def test_others_see_neither_sheet_nor_draft(at, sheet, sent, part):
    with pytest.raises(NotAllowed), at(part, "public_info") as actor:
        policy.BULLETINS.one(actor, sent, projection="draft")


def test_an_old_version_is_a_conflict_that_shows_the_newer_text(at, sent):
    with pytest.raises(Conflict) as conflict, at("comms_officer", "public_info") as actor:
        actions.redraft(actor, sent, title="Mine", text=TEXT, version=1)
    assert conflict.value.theirs["title"] == "Police act in Derby"


def test_a_second_writer_sees_the_firsts_change_and_loses_nothing(signed_in, sent):
    client = signed_in("comms_officer")
    typed = {"purpose": "public_info", "version": "1", "title": "What I typed", "text": TEXT}
    page = client.post(f"/public-info/bulletins/{sent}/", typed)
    assert page.status_code == 409
    assert "What I typed" in page.content.decode()
    assert "Police act in Derby" in page.content.decode()


def test_a_form_of_another_workspace_is_refused_and_kept(signed_in, sent):
    typed = {"purpose": "reception", "version": "2", "title": "What I typed", "text": TEXT}
    page = signed_in("comms_officer").post(f"/public-info/bulletins/{sent}/", typed)
    assert (page.status_code, "What I typed" in page.content.decode()) == (409, True)


def test_a_double_click_writes_one_draft(signed_in, sheet, at):
    client, typed = signed_in("comms_officer"), {"purpose": "public_info", "title": "Once", "text": TEXT}
    first = client.post(f"/public-info/fact-sheets/{sheet}/draft/", typed | {"once": str(uuid4())})
    token = {"once": str(uuid4())}
    again = [client.post(f"/public-info/fact-sheets/{sheet}/draft/", typed | token) for _ in range(2)]
    assert again[0]["Location"] == again[1]["Location"] != first["Location"]
    with at("comms_officer", "public_info") as actor:
        assert len(policy.BULLETINS.many(actor, projection="draft")) == 2


# Updates by e-mail


def ask(client, address):
    return client.post("/news/updates/", {"address": address}).content.decode()


@pytest.mark.parametrize(
    "address", ["not an address", "a@b", "me@example.org\nBcc: all@example.org", "", "x" * 300 + "@example.org"]
)
def test_an_invalid_address_is_refused_beside_the_field_and_kept(client, db, address):
    page = ask(client, address)
    assert "Nearly subscribed" not in page
    assert "govuk-error-message" in page
    assert Subscriber.objects.count() == 0


def subscriber_ids():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'subscriber' FROM procrastinate_jobs WHERE task_name LIKE '%%ask_to_confirm' ORDER BY id"
        )
        return [row[0] for row in cursor.fetchall()]


def test_asking_twice_gets_the_same_answer_and_one_message(client, db):
    pages = [re.sub(r'value="[^"]*"', "", ask(client, "reader@example.org")) for _ in range(2)]
    assert pages[0] == pages[1]
    for subscriber in subscriber_ids():
        ask_to_confirm(subscriber=subscriber)
    assert [message.to for message in mail.outbox] == [["reader@example.org"]]


def test_only_who_confirms_gets_the_news_and_one_click_ends_it(client, at, sent):
    ask(client, "reader@example.org")
    subscriber = subscriber_ids()[0]
    ask_to_confirm(subscriber=subscriber)
    code = re.search(r"/news/updates/([\w-]+)/", mail.outbox[0].body)[1]
    assert "Subscribed" in client.post(f"/news/updates/{code}/", {}).content.decode()
    for part in ("guardian_police", "reception_manager"):
        say_yes(at, part, sent)
    send_digest(subscriber=subscriber)
    leave = mail.outbox[1].extra_headers["List-Unsubscribe"].strip("<>").split("8000")[1]
    assert "Police act in Derby" in mail.outbox[1].body
    assert client.post(leave, {"List-Unsubscribe": "One-Click"}).status_code == 200
    send_digest(subscriber=subscriber)
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("how", ["flooded", "no job"])
def test_what_can_not_be_done_now_says_so_and_keeps_nothing(client, db, monkeypatch, how):
    def refuse(**_):
        raise DatabaseError

    if how == "flooded":
        monkeypatch.setattr(actions, "too_many", lambda network: True)
    else:
        monkeypatch.setattr(ask_to_confirm, "defer", refuse)
    page = client.post("/news/updates/", {"address": "reader@example.org"})
    status = 429 if how == "flooded" else 503
    assert (page.status_code, "Could not subscribe" in page.content.decode()) == (status, True)
    assert "reader@example.org" in page.content.decode()
    assert subscriber_ids() == []


def test_a_guessed_code_finds_nothing(client, db):
    answers = [client.get(f"/news/updates/{code}/") for code in ("guessed", "other")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content.replace(b"guessed", b"other") == answers[1].content
    assert b"This link does not work" in answers[0].content


def test_nobody_at_work_can_read_a_subscribers_address(at, client):
    ask(client, "reader@example.org")
    with at("comms_officer", "public_info"):
        assert Subscriber.objects.count() == 0


def test_whoever_is_asked_reads_what_the_bulletin_said_before(at, sent, signed_in):
    with at("comms_officer", "public_info") as actor:
        read = policy.BULLETINS.one(actor, sent, projection="draft")
        changed = actions.redraft(actor, sent, title="Police act", text=TEXT, version=read["version"], why="Too long")
        actions.submit(actor, sent, version=changed.version)
    for part, page in (("comms_officer", ""), ("guardian_police", "answer/")):
        shown = signed_in(part).get(f"/public-info/bulletins/{sent}/{page}").content.decode()
        assert f"Title was: {read['title']}" in shown
        assert "Why: Too long" in shown
    with at("guardian_host", "public_info") as actor:
        assert policy.FORMER_BULLETINS.many(actor) == []
