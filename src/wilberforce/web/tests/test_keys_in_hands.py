"""What the public tells opens to those who read it and to nobody else: not to whoever has taken the running server."""

import io
import itertools
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from wilberforce.agencies import actions as people
from wilberforce.agencies import demo, keys, readers, sittings
from wilberforce.agencies.jobs import take_keys_of_lapsed
from wilberforce.agencies.models import HeldLetterbox, KeysAsked, Membership, OpenKey, OwnKey, SignedIn, Unlocking, Wrap
from wilberforce.base import clock, hands, keyring
from wilberforce.base.errors import NotOpened
from wilberforce.base.keyring import Letterbox
from wilberforce.base.sealed import open_sealed, place_of, sealed_fields
from wilberforce.concerns import actions as concerns
from wilberforce.concerns import proofs
from wilberforce.concerns.models import Message, Report
from wilberforce.ledger.doors import at_public_door
from wilberforce.ledger.sequencer import connect
from wilberforce.web import locking

pytestmark = pytest.mark.django_db
stolen_server = pytest.mark.django_db(transaction=True)
"""For tests that look over the application's shoulder, from a connection of their own."""
TOLD, CONTACT = "A van brings them at five each morning", "07700 900418"
WORDS = "copper lantern beside the quiet orchard"
OWN_KEY, READERS = "/sign-in/own-key/", "/oversight/keys/"


@pytest.fixture(autouse=True)
def ring(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(hands, "MEMORY", 64)
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    keyring.make(settings.KEYRING_FILE, live=True)
    return tmp_path / "keyring.json"


@pytest.fixture
def desk(cast: Any) -> Membership:
    found: Membership = cast["report_desk"]
    return found


@pytest.fixture
def colleague(cast: Any) -> Membership:
    """An officer who joins the report desk too."""
    found: Membership = cast["op_member_a"]
    people.hold(found, "report_desk", None)
    return found


def browser(who: Membership) -> Client:
    return demo.client_of(who, Client())


def words(answer: Any) -> str:
    return " ".join(strip_tags(answer.content.decode()).split())


def makes_a_key(client: Client, passphrase: str = WORDS) -> Any:
    return client.post(OWN_KEY, {"verb": "make", "make-password": passphrase, "make-password_again": passphrase})


def opens_it(client: Client, passphrase: str = WORDS) -> Any:
    return client.post(OWN_KEY, {"verb": "open", "open-password": passphrase})


def decide(cast: Any, data_class: str = "report_raw") -> None:
    asked = {"purpose": "oversight", "verb": "ask", "ask-data_class": data_class}
    browser(cast["guardian_police"]).post(READERS, asked)
    waits = KeysAsked.objects.get(data_class=data_class)
    browser(cast["guardian_police_2"]).post(
        READERS, {"purpose": "oversight", "verb": "agree", "agree-asked": str(waits.pk)}
    )


def tell(body: str = TOLD) -> tuple[Report, str]:
    with at_public_door("triage") as actor:
        return concerns.report(actor, body=body, contact=CONTACT, identity_choice="share")


def takes(client: Client, report: Report) -> Any:
    client.post(f"/triage/reports/{report.pk}/take/", {"purpose": "triage"})
    return client.get(f"/triage/reports/{report.pk}/")


@pytest.fixture
def in_hands(cast: Any, desk: Membership, colleague: Membership) -> Client:
    """Two of the desk have keys and two guardians have decided. The browser of the first, not yet opened."""
    first = browser(desk)
    makes_a_key(first)
    makes_a_key(browser(colleague), WORDS[::-1])
    decide(cast)
    return first


def stolen(model: type[Any]) -> list[Any]:
    """What somebody reads who has the database as its owner, and the keyring: every sealed value of a table, opened."""
    found = []
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        rows = at.execute(f"SELECT * FROM {model._meta.db_table} ORDER BY id").fetchall()
    for row in rows:
        record = model(**{name: row[name] for name in ("id", "controller_id", "version") if name in row})
        found += [open_sealed(bytes(row[n]), place_of(record, n)) for n in sealed_fields(model) if row[n] is not None]
    return found


@stolen_server
def test_the_running_server_and_its_whole_database_open_no_report(in_hands: Client) -> None:
    report, _ = tell()
    with pytest.raises(NotOpened):
        stolen(Report)
    assert opens_it(in_hands).status_code == 302
    assert TOLD in words(takes(in_hands, report))
    with pytest.raises(NotOpened):
        stolen(Report)


@stolen_server
def test_before_anybody_decides_the_server_opens_it_as_it_did(cast: Any, desk: Membership) -> None:
    report, _ = tell()
    assert TOLD in stolen(Report)
    assert TOLD in words(takes(browser(desk), report))


def test_what_is_shut_says_how_to_open_it_and_leads_back(in_hands: Client) -> None:
    report, _ = tell()
    shut = takes(in_hands, report)
    assert (shut.status_code, "Open your key" in words(shut), TOLD in words(shut)) == (403, True, False)
    opened = in_hands.post(
        f"{OWN_KEY}?next=/triage/reports/{report.pk}/", {"verb": "open", "open-password": WORDS}, follow=True
    )
    assert TOLD in words(opened)


@pytest.mark.parametrize("how", ["close", "sign out", "another browser"])
def test_a_key_is_open_for_one_sitting_at_one_browser(in_hands: Client, desk: Membership, how: str) -> None:
    report, _ = tell()
    opens_it(in_hands)
    if how == "close":
        in_hands.post(OWN_KEY, {"verb": "close"})
    elif how == "sign out":
        in_hands.post("/sign-out/")
    other = in_hands if how == "close" else browser(desk)
    assert takes(other, report).status_code == 403
    assert OpenKey.objects.filter(sitting__ended_at=None).exists() == (how == "another browser")


def test_the_cookie_is_kept_from_scripts_and_neighbours_and_the_server_keeps_none_of_it(in_hands: Client) -> None:
    opens_it(in_hands)
    kept = in_hands.cookies[keys.cookie()]
    assert (kept["httponly"], kept["samesite"], kept["max-age"], kept["expires"]) == (True, "Strict", "", "")
    (opened,) = OpenKey.objects.all()
    assert kept.value.encode() not in bytes(opened.box)
    in_hands.cookies[keys.cookie()] = sittings.new_secret()
    assert takes(in_hands, tell()[0]).status_code == 403


def test_a_wrong_passphrase_opens_nothing_and_after_five_one_waits(in_hands: Client) -> None:
    said = [words(opens_it(in_hands, f"{WORDS} {number}")) for number in range(6)]
    assert all("does not open your key" in one for one in said[:5])
    assert "Wait a quarter of an hour" in said[5]
    assert "Wait a quarter of an hour" in words(opens_it(in_hands))
    assert not OpenKey.objects.exists()


@pytest.mark.parametrize(
    ("passphrase", "because"),
    [("too short", "at least 20"), ("ab" * 12, "repeats itself"), ("three little invented words", "your password")],
)
def test_a_weak_passphrase_makes_no_key(desk: Membership, passphrase: str, because: str) -> None:
    desk.user.set_password("three little invented words")
    desk.user.save()
    assert because in words(makes_a_key(browser(desk), passphrase))
    assert not OwnKey.objects.exists()


def test_whoever_reads_nothing_of_it_makes_no_key(cast: Any) -> None:
    client = browser(cast["intel_officer"])
    assert "Nothing that you read needs a key" in words(client.get(OWN_KEY))
    assert makes_a_key(client).status_code == 404


def test_a_new_colleague_waits_until_one_who_has_opened_gives_it(in_hands: Client, cast: Any) -> None:
    report, _ = tell()
    joins: Membership = cast["investigator"]
    people.hold(joins, "report_desk", None)
    theirs = browser(joins)
    makes_a_key(theirs)
    opens_it(theirs)
    assert takes(theirs, report).status_code == 403
    theirs.post(f"/triage/reports/{report.pk}/put-back/", {"purpose": "triage"})
    own = OwnKey.objects.get(membership=joins)
    give = {"verb": "give", "give-colleague": str(own.pk)}
    in_hands.post(OWN_KEY, give)
    assert not own.wraps.exists()
    opens_it(in_hands)
    assert keys.heard(own) in words(in_hands.get(OWN_KEY))
    assert keys.heard(own) in words(theirs.get(OWN_KEY))
    in_hands.post(OWN_KEY, give)
    assert TOLD in words(takes(theirs, report))


@stolen_server
def test_whoever_leaves_loses_the_key_and_what_is_told_later_is_not_for_them(
    in_hands: Client, at: Any, colleague: Membership
) -> None:
    leaving = browser(colleague)
    opens_it(leaving, WORDS[::-1])
    own = OwnKey.objects.get(membership=colleague)
    pair = hands.opened(
        bytes(own.ways.get().box),
        hands.stretched(WORDS[::-1], bytes(own.ways.get().salt)),
        own.public,
        keys._bound(own, "passphrase"),
    )
    assert pair
    copied = keys._opened(own, pair)
    with at("guardian_police", "oversight") as guardian:
        people.end_membership(guardian, colleague)
    assert not Wrap.objects.filter(key=own).exists()
    assert not OpenKey.objects.exists()
    report, _ = tell()
    with hands.opened_with(copied.get), pytest.raises(NotOpened):
        stolen(Report)
    opens_it(in_hands)
    assert TOLD in words(takes(in_hands, report))


def test_losing_the_role_is_enough(in_hands: Client, at: Any, colleague: Membership) -> None:
    (before,) = HeldLetterbox.objects.all()
    with at("guardian_police", "oversight") as guardian:
        people.end_role(guardian, colleague.roles_held.get(role="report_desk", ends=None), why="Moved")
    newest = keys.posted_to("report_raw", colleague.agency_id)
    assert newest
    assert newest.id != before.pk
    assert not Wrap.objects.filter(key__membership=colleague).exists()


def test_a_role_that_runs_out_loses_its_keys_as_one_that_is_ended(in_hands: Client, colleague: Membership) -> None:
    assert take_keys_of_lapsed() == 0
    (before,) = HeldLetterbox.objects.all()
    colleague.roles_held.filter(role="report_desk").update(ends=clock.now())
    assert [take_keys_of_lapsed(), take_keys_of_lapsed()] == [1, 0]
    assert not Wrap.objects.filter(key__membership=colleague).exists()
    assert keys.posted_to("report_raw", colleague.agency_id).id != before.pk  # type: ignore[union-attr]


def test_a_forgotten_passphrase_is_a_new_key_and_a_colleague(in_hands: Client, colleague: Membership) -> None:
    report, _ = tell()
    other = browser(colleague)
    in_hands.post(OWN_KEY, {"verb": "forget", "forget-sure": "on"})
    makes_a_key(in_hands, f"{WORDS} again")
    opens_it(other, WORDS[::-1])
    fresh = OwnKey.objects.exclude(membership=colleague).get()
    other.post(OWN_KEY, {"verb": "give", "give-colleague": str(fresh.pk)})
    opens_it(in_hands, f"{WORDS} again")
    assert TOLD in words(takes(in_hands, report))


def test_the_last_who_could_open_it_can_not_forget(in_hands: Client, at: Any, colleague: Membership) -> None:
    with at("guardian_police", "oversight") as guardian:
        people.end_membership(guardian, colleague)
    assert "Nobody else could open" in words(in_hands.post(OWN_KEY, {"verb": "forget", "forget-sure": "on"}))
    assert OwnKey.objects.filter(membership__ends=None).exists()


def test_the_doctor_says_what_an_agency_lacks(in_hands: Client, desk: Membership, colleague: Membership) -> None:
    assert ["keys rotate" in one for one in readers.wanting()] == [True]
    KeysAsked.objects.update(taken_over_at=clock.now())
    assert readers.wanting() == []
    Wrap.objects.all().delete()
    HeldLetterbox.objects.update(lock="of earlier holders")
    assert ["keys recover" in one for one in readers.wanting()] == [True, False]


def test_one_guardian_alone_decides_nothing(cast: Any, desk: Membership, colleague: Membership) -> None:
    for number, who in enumerate((desk, colleague)):
        makes_a_key(browser(who), f"{WORDS} {number}")
    guardian = browser(cast["guardian_police"])
    guardian.post(READERS, {"purpose": "oversight", "verb": "ask", "ask-data_class": "report_raw"})
    waits = KeysAsked.objects.get()
    guardian.post(READERS, {"purpose": "oversight", "verb": "agree", "agree-asked": str(waits.pk)})
    assert not HeldLetterbox.objects.exists()


def test_it_is_not_decided_while_one_passphrase_would_lose_everything(cast: Any, desk: Membership) -> None:
    guardian, ask = (
        browser(cast["guardian_police"]),
        {"purpose": "oversight", "verb": "ask", "ask-data_class": "source"},
    )
    assert "Nobody who reads this has a key yet" in words(guardian.post(READERS, ask))
    makes_a_key(browser(desk))
    assert "would lose everything" in words(guardian.post(READERS, ask | {"ask-data_class": "report_raw"}))


@stolen_server
def test_what_was_told_before_goes_over_with_the_next_rotation(in_hands: Client, cast: Any, ring: Path) -> None:
    held, wraps = list(HeldLetterbox.objects.all()), list(Wrap.objects.all())
    with connect("owner") as at:
        for table in ("keysasked", "wrap", "heldletterbox"):
            at.execute(f"DELETE FROM agencies_{table}")
    report, code = tell()
    assert TOLD in stolen(Report)
    HeldLetterbox.objects.bulk_create(held)
    Wrap.objects.bulk_create(wraps)
    call_command("keys", "rotate")
    with pytest.raises(NotOpened):
        stolen(Report)
    opens_it(in_hands)
    assert TOLD in words(takes(in_hands, report))
    with at_public_door("triage") as actor:
        assert concerns.thread(actor, code)


@stolen_server
def test_a_rotation_needs_nobody_s_key_and_ends_what_an_old_copy_held(in_hands: Client, ring: Path) -> None:
    report, _ = tell()
    with connect("owner") as at:
        at.execute("SET ROLE wb_search")
        row = at.execute("SELECT * FROM concerns_report").fetchone()
    call_command("keys", "rotate")
    opens_it(in_hands)
    assert TOLD in words(takes(in_hands, report))
    own = OwnKey.objects.order_by("made_at").first()
    assert own
    assert row
    pair = keys._pair(own, WORDS, b"")
    assert pair
    record = Report(id=row["id"], controller_id=row["controller_id"], version=row["version"])
    with hands.opened_with(keys._opened(own, pair).get), pytest.raises(Exception, match="body"):
        open_sealed(bytes(row["body"]), place_of(record, "body"))


@stolen_server
def test_writer_and_desk_read_each_other_and_the_server_neither(in_hands: Client) -> None:
    report, code = tell()
    public = Client()
    public.post("/report/again/", {"code": code, "text": "The van has come again"})
    opens_it(in_hands)
    takes(in_hands, report)
    in_hands.post(f"/triage/reports/{report.pk}/answer/", {"purpose": "triage", "text": "Which colour is it?"})
    thread = words(public.post("/report/again/", {"code": code}))
    assert "The van has come again" in thread
    assert "Which colour is it?" in thread
    assert "The van has come again" in words(in_hands.get(f"/triage/reports/{report.pk}/"))
    with pytest.raises(NotOpened):
        stolen(Message)


@stolen_server
def test_a_thread_from_before_writers_had_keys_goes_on_as_it_was(
    in_hands: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(proofs, "writer_key", lambda code: Letterbox(""))
        _, code = tell()
    public = Client()
    public.post("/report/again/", {"code": code, "text": "The van has come again"})
    call_command("keys", "rotate")
    assert "The van has come again" in words(public.post("/report/again/", {"code": code}))


def test_the_marks_of_a_contact_can_not_be_guessed_from_the_database(in_hands: Client) -> None:
    report, _ = tell()
    assert proofs.names_the_contact(CONTACT, report.contact_marks, str(report.marks_key))
    assert not proofs.names_the_contact(CONTACT, report.contact_marks, None)


def test_the_keeper_of_sources_opens_who_told_us_with_their_own_key(cast: Any) -> None:
    other: Membership = cast["op_member_a"]
    people.hold(other, "source_keeper", None)
    keeper = browser(cast["source_keeper"])
    makes_a_key(keeper)
    makes_a_key(browser(other), WORDS[::-1])
    decide(cast, "source")
    tell()
    listed = keeper.get("/intelligence/sources/").content.decode()
    (taken,) = re.findall(r"/intelligence/sources/([0-9a-f-]{36})/take/", listed)
    keeper.post(f"/intelligence/sources/{taken}/take/", {"purpose": "intelligence"})
    page = f"/intelligence/sources/{taken}/"
    assert keeper.get(page).status_code == 403
    opens_it(keeper)
    assert CONTACT in words(keeper.get(page))
    noted = {"purpose": "intelligence", "what": "reached", "text": "Safe after six", "review_in": "30"}
    assert keeper.post(page, noted).status_code == 302
    assert "Safe after six" in words(keeper.get(page))


def test_a_judgement_is_written_by_whoever_has_opened(in_hands: Client) -> None:
    report, _ = tell()
    opens_it(in_hands)
    takes(in_hands, report)
    judged = {"purpose": "triage", "version": "1", "outcome": "nothing", "priority": "4"}
    assert in_hands.post(f"/triage/reports/{report.pk}/", judged).status_code == 302
    assert TOLD in words(takes(in_hands, report))


def test_a_way_back_into_the_account_ends_the_key(in_hands: Client, desk: Membership) -> None:
    readers.gone(desk.user)
    assert not OwnKey.objects.filter(membership=desk).exists()
    assert HeldLetterbox.objects.count() == 2


def test_a_passkey_s_own_secret_opens_it_too(in_hands: Client, desk: Membership) -> None:
    report, _ = tell()
    secret, said = "A" * 43, {"add-credential": "AQID", "add-salt": "B" * 43}
    passkey = {"verb": "add", "add-secret_password": secret, **said}
    in_hands.post(OWN_KEY, passkey)
    assert not Unlocking.objects.filter(way="passkey").exists()
    opens_it(in_hands)
    in_hands.post(OWN_KEY, passkey)
    again = browser(desk)
    again.post(OWN_KEY, {"verb": "passkey", "passkey-secret_password": "C" * 43})
    assert takes(again, report).status_code == 403
    again.post(OWN_KEY, {"verb": "passkey", "passkey-secret_password": secret})
    assert TOLD in words(takes(again, report))


@stolen_server
def test_two_holders_of_the_lock_give_it_to_whoever_waits(
    cast: Any, desk: Membership, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    settings.SECRETS, settings.KEYRING_LOCKED = disk, disk / "keyring.locked"
    settings.KEYRING_FILE.rename(disk / "keyring.json")
    monkeypatch.setattr(locking, "in_memory", lambda path: True)
    holders = [pyrage.x25519.Identity.generate() for _ in range(3)]
    shares = locked(disk, holders)
    makes_a_key(browser(desk))
    decide(cast)
    report, _ = tell()
    shares_now = locked(disk, holders)
    opened = browser(desk)
    opens_it(opened)
    opened.post(OWN_KEY, {"verb": "forget", "forget-sure": "on"})
    makes_a_key(opened, f"{WORDS} again")
    opens_it(opened, f"{WORDS} again")
    assert takes(opened, report).status_code == 403
    for one, other in itertools.combinations(shares_now, 2):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{one}\n{other}\n"))
        call_command("keys", "recover")
    assert TOLD in words(takes(opened, report))
    assert shares != shares_now


def locked(disk: Path, holders: list[Any]) -> list[str]:
    call_command("keys", "lock", holder=[str(one.to_public()) for one in holders], to=disk)
    files = [disk / f"house-share-{number}.age" for number in (1, 2, 3)]
    return [pyrage.decrypt(f.read_bytes(), [who]).decode().strip() for f, who in zip(files, holders, strict=True)]


def test_each_guess_of_a_passphrase_takes_128_mib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    whole = Argon2id(salt=b"0" * 16, length=32, iterations=3, lanes=1, memory_cost=128 * 1024)
    assert hands.stretched(WORDS, b"0" * 16) == whole.derive(WORDS.encode())


def test_no_page_asks_more_than_it_may(in_hands: Client, cast: Any, statements: Callable[[], Any]) -> None:
    report, _ = tell()
    opens_it(in_hands)
    takes(in_hands, report)
    guardian = browser(cast["guardian_police"])
    for client, page in ((in_hands, f"/triage/reports/{report.pk}/"), (in_hands, OWN_KEY), (guardian, READERS)):
        client.get(page)
        with statements() as sent:
            assert client.get(page).status_code == 200
        assert len(sent) <= 14, (page, sent)


def test_a_sitting_that_ends_elsewhere_shuts_the_key(in_hands: Client, desk: Membership) -> None:
    opens_it(in_hands)
    sittings.end(SignedIn.objects.filter(membership=desk))
    assert not OpenKey.objects.exists()


def test_the_queue_says_that_a_key_is_shut_and_first_pages_say_who_waits_for_one(in_hands: Client, cast: Any) -> None:
    assert "Your key is shut" in words(in_hands.get("/triage/"))
    opens_it(in_hands)
    assert "Your key" not in words(in_hands.get("/triage/"))
    people.hold(cast["op_member_b"], "report_desk", None)
    newcomer = browser(cast["op_member_b"])
    assert "you have none yet" in words(newcomer.get("/triage/"))
    makes_a_key(newcomer)
    assert "Your key waits for a colleague" in words(newcomer.get("/triage/"))
    assert "1 key of your own that waits for a colleague" in words(newcomer.get("/my-work/"))
    assert "1 colleague who waits for a key that you can give" in words(in_hands.get("/my-work/"))
    assert "waits for a key" not in words(browser(cast["guardian_police"]).get("/my-work/"))
