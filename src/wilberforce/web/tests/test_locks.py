"""A machine that is carried away opens nothing: its disk holds the keys under locks that two of three holders open."""

import io
import itertools
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from wilberforce.base import keyring, locks
from wilberforce.base.keyring import KeysLocked
from wilberforce.base.sealed import Place, SealBroken, epoch_of, open_sealed, seal
from wilberforce.operations.tests.factories import live
from wilberforce.web import locking, starting

pytestmark = pytest.mark.django_db
HOME, AGENCY = "a house in a street", "derbyshire-police"


@dataclass
class Machine:
    disk: Path
    memory: Path
    holders: list[Any] = field(default_factory=lambda: [pyrage.x25519.Identity.generate() for _ in range(3)])

    def lock(self, agency: str = "") -> list[str]:
        """The three shares, each as its own holder reads it."""
        named = [str(one.to_public()) for one in self.holders]
        call_command("keys", "lock", holder=named, to=self.disk, agency=agency)
        name = agency or locks.HOUSE
        files = [self.disk / f"{name}-share-{number}.age" for number in (1, 2, 3)]
        return [
            pyrage.decrypt(path.read_bytes(), [one]).decode().strip()
            for path, one in zip(files, self.holders, strict=True)
        ]

    def off(self) -> None:
        self.memory.unlink()

    @property
    def plain(self) -> Path:
        return self.disk / "keyring.json"


@pytest.fixture
def machine(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine(tmp_path / "disk", tmp_path / "memory" / "ring")
    found.disk.mkdir()
    settings.SECRETS, settings.KEYRING_FILE = found.disk, found.memory
    settings.KEYRING_LOCKED = found.disk / "keyring.locked"
    keyring.make(found.plain, live=True)
    monkeypatch.setattr(locking, "in_memory", lambda path: path == found.memory)
    return found


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def say(what: str, *shares: str) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{share}\n" for share in shares)))
        call_command("keys", what)

    return say


def place(controller: UUID | None = None) -> Place:
    return Place("location", uuid4(), "address", controller or uuid4(), 1)


def test_a_stolen_disk_opens_nothing_and_each_two_holders_open_it_again(machine: Machine, typed: Any) -> None:
    shares, where = machine.lock(), place()
    machine.plain.unlink()
    box, ring = seal(HOME, where), keyring.read(machine.memory)
    machine.off()
    with pytest.raises(KeysLocked):
        open_sealed(box, where)
    on_disk = b"".join(path.read_bytes() for path in machine.disk.iterdir())
    secret = [ring.secret, *(epoch.key for epoch in ring.epochs.values()), *shares]
    secret += [letters.private for epoch in ring.epochs.values() for letters in epoch.letterboxes.values()]
    assert [one for one in secret if one.encode() in on_disk] == []
    for pair in itertools.permutations(shares, 2):
        typed("unlock", *pair)
        assert (open_sealed(box, where), keyring.read(machine.memory)) == (HOME, ring)
        machine.off()


def test_one_holder_alone_and_an_earlier_set_open_nothing(machine: Machine, typed: Any) -> None:
    earlier = machine.lock()
    shares = machine.lock()
    machine.off()
    for wrong in (shares[:1] * 2, earlier[:2], [shares[0], earlier[1]]):
        with pytest.raises(CommandError, match="share"):
            typed("unlock", *wrong)
    assert not machine.memory.exists()


def test_two_holders_rehearse_without_opening_anything(machine: Machine, typed: Any, capsys: Any) -> None:
    shares = machine.lock()
    machine.off()
    typed("rehearse", shares[0], shares[2])
    assert "These two shares open the keys of the house." in capsys.readouterr().out
    assert not machine.memory.exists()


def test_an_epoch_that_begins_is_locked_away_before_anything_is_sealed_under_it(machine: Machine, typed: Any) -> None:
    shares, where = machine.lock(), place()
    machine.plain.unlink()
    call_command("keys", "rotate")
    box = seal(HOME, where)
    machine.off()
    typed("unlock", *shares[:2])
    assert open_sealed(box, where) == HOME
    assert list(keyring.read(machine.memory).epochs) == [epoch_of(box)] == list((locks.stored() or {})["epochs"])


@pytest.mark.parametrize("change", ["begin", "destroy"])
def test_a_machine_that_dies_between_the_disk_and_memory_loses_nothing(
    machine: Machine, typed: Any, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    shares, where = machine.lock(), place()
    box, earlier = seal(HOME, where), list(keyring.read(machine.memory).epochs)[:-1]
    with monkeypatch.context() as power_cut:
        whole = keyring.write_whole
        power_cut.setattr(keyring, "write_whole", lambda path, kept: path != machine.memory and whole(path, kept))
        if change == "begin":
            keyring.begin_epoch(machine.memory)
        else:
            keyring.destroy_epochs(machine.memory, earlier)
    machine.off()
    typed("unlock", *shares[:2])
    assert open_sealed(box, where) == HOME
    assert open_sealed(seal(HOME, where), where) == HOME


def test_an_agency_s_own_keys_stay_shut_until_its_own_holders_come(machine: Machine, typed: Any, cast: Any) -> None:
    house = machine.lock()
    own = machine.lock(AGENCY)
    theirs, others = place(cast["report_desk"].agency_id), place(cast["reception_manager"].agency_id)
    closed, open_ = seal(HOME, theirs), seal(HOME, others)
    machine.off()
    with pytest.raises(CommandError, match="house's keys are locked"):
        typed("unlock", *own[:2])
    typed("unlock", *house[1:])
    assert open_sealed(open_, others) == HOME
    with pytest.raises(KeysLocked):
        open_sealed(closed, theirs)
    with pytest.raises(KeysLocked):
        seal(HOME, theirs)
    typed("unlock", *own[1:])
    assert (open_sealed(closed, theirs), open_sealed(open_, others)) == (HOME, HOME)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_destroyed_while_an_agency_s_keys_are_shut(
    machine: Machine, typed: Any, at: Any, cast: Any, signed_in: Any
) -> None:
    house, day = machine.lock(), live(at, cast)
    own = machine.lock(AGENCY)
    call_command("keys", "rotate")
    machine.off()
    typed("unlock", *house[:2])
    page = f"/op-safety/{day.operation}/"
    answer = signed_in("op_commander").get(page)
    assert (answer.status_code, b"keys of the agency" in answer.content) == (503, True)
    with pytest.raises(CommandError, match="Nothing was destroyed"):
        call_command("keys", "rotate")
    assert len(keyring.read(machine.memory).epochs) == 2
    typed("unlock", *own[:2])
    call_command("keys", "rotate")
    assert len(keyring.read(machine.memory).epochs) == 1
    assert signed_in("op_commander").get(page).status_code == 200


def test_a_locked_file_that_was_changed_says_so(machine: Machine, typed: Any) -> None:
    shares = machine.lock()
    found = locks.stored() or {}
    name = next(iter(found["epochs"]))
    box = found["epochs"][name]["house"]
    found["epochs"][name]["house"] = box[:-2] + ("00" if box[-2:] != "00" else "01")
    keyring.write_whole(locks.file(), found)
    machine.off()
    with pytest.raises(CommandError, match="were changed"):
        typed("unlock", *shares[:2])


def test_the_shares_go_to_three_holders_and_to_nobody_at_the_machine(machine: Machine, capsys: Any) -> None:
    shares = machine.lock()
    told = capsys.readouterr()
    assert [share for share in shares if share in told.out + told.err] == []
    with pytest.raises(CommandError, match="three holders"):
        call_command("keys", "lock", holder=[str(machine.holders[0].to_public())] * 3, to=machine.disk)


def test_open_keys_are_kept_in_memory_alone(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "in_memory", lambda path: False)
    with pytest.raises(CommandError, match="must lie in memory"):
        machine.lock()
    assert locks.stored() is None


def test_whether_a_file_is_in_memory_is_asked_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = "disk / ext4 rw 0 0\ntmpfs /run tmpfs rw 0 0\ndisk /run/kept ext4 rw 0 0\n"
    monkeypatch.setattr(Path, "read_text", lambda _: mounts)
    found = [locking.in_memory(Path(where)) for where in ("/run/wilberforce/ring", "/run/kept/ring", "/srv/ring")]
    assert found == [True, False, False]


def test_keys_are_closed_at_once_an_agency_s_or_all(machine: Machine, typed: Any, cast: Any) -> None:
    theirs, others = place(cast["report_desk"].agency_id), place(cast["reception_manager"].agency_id)
    with pytest.raises(CommandError, match="have no lock"):
        call_command("keys", "close")
    house, own = machine.lock(), machine.lock(AGENCY)
    boxes = [(seal(HOME, where), where) for where in (theirs, others)]
    call_command("keys", "close", agency=AGENCY)
    with pytest.raises(KeysLocked):
        open_sealed(*boxes[0])
    assert open_sealed(*boxes[1]) == HOME
    call_command("keys", "close")
    assert not machine.memory.exists()
    typed("unlock", *house[:2])
    typed("unlock", *own[:2])
    assert [open_sealed(*box) for box in boxes] == [HOME, HOME]


def test_the_doctor_and_the_start_say_what_stands_open(machine: Machine, settings: Any) -> None:
    settings.KEYRING_FILE = machine.plain
    assert any("lie open on the disk" in sentence for sentence in locking.wanting())
    settings.KEYRING_FILE = machine.memory
    machine.lock()
    assert any("still holds them open" in sentence for sentence in locking.wanting())
    machine.plain.unlink()
    assert locking.wanting() == []
    machine.off()
    settings.LIVE = True
    assert any("The keys are locked" in str(found.msg) for found in starting.secrets_fit())


def test_a_process_without_open_keys_makes_none_of_its_own(machine: Machine) -> None:
    machine.lock()
    machine.plain.unlink()
    machine.off()
    with pytest.raises((KeysLocked, SealBroken)):
        seal(HOME, place())
    assert not machine.memory.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_root_opens_belongs_to_the_service_that_reads_it(machine: Machine) -> None:
    shares = machine.lock()
    machine.off()
    os.chown(machine.memory.parent, 65534, 65534)
    locks.unlock(shares[0], shares[2])
    opened = machine.memory.stat()
    assert (opened.st_uid, opened.st_gid, opened.st_mode & 0o777) == (65534, 65534, 0o600)
    assert machine.plain.parent.stat().st_uid == locks.file().stat().st_uid == 0


def test_a_page_of_a_service_whose_keys_were_closed_says_so_and_gives_back_what_was_typed(
    machine: Machine, client: Client
) -> None:
    machine.lock()
    told = {"body": HOME, "danger_now": "no", "child": "no", "identity_choice": "anonymous", "language": "en"}
    assert client.post("/report/", told).status_code == 200
    call_command("keys", "close")
    answer = client.post("/report/", told)
    assert answer.status_code == 503
    assert all(words in answer.content.decode() for words in (HOME, "Two of the three who hold their shares"))
