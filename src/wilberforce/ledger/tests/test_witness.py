"""A witness cosigns a ledger that only grew, and nothing else."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from wilberforce.ledger import notes, tree
from wilberforce.ledger.notes import BadNote, Note, Signer, Verifier
from wilberforce.ledger.witness import Witness

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Log:
    """A ledger of numbered leaves, which its operator can also falsify."""

    def __init__(self, folder, name="ledger.example.org"):
        path = folder / f"{name}-key"
        self.key = Signer.kept_in(path, notes.LOG) if path.exists() else Signer.make(path, name, notes.LOG)
        self.edge, self.nodes = tree.Frontier(), {}

    def grow(self, number, word=b"leaf"):
        for _ in range(number):
            leaf = tree.leaf_hash(word + str(self.edge.size).encode())
            self.nodes[tree.Place(0, self.edge.size)] = leaf
            self.nodes.update(self.edge.append(leaf))
        return self

    def note(self, size=None):
        size = self.edge.size if size is None else size
        root = tree.folded([self.nodes[place] for place in tree.peaks_of((0, size))])
        note = Note(self.key.name, size, root)
        return note.under([self.key.line(note.body, NOON)])

    def request(self, old, size=None):
        note = self.note(size)
        proof = tree.proof(tree.consistency_spans(old, note.size), self.nodes.__getitem__) if old <= note.size else []
        return f"old {old}\n" + "".join(notes.encoded(one) + "\n" for one in proof) + f"\n{note}"


@pytest.fixture
def log(tmp_path):
    return Log(tmp_path).grow(5)


@pytest.fixture
def witness(tmp_path, log):
    signer = Signer.make(tmp_path / "witness_key", "redcross.example.org/witness", notes.COSIGNER)
    return Witness(tmp_path / "checkpoint", signer, log.key.verifier)


def test_a_ledger_that_grew_is_cosigned_with_the_time(log, witness):
    assert witness.add_checkpoint(log.request(0), NOON).status == 200
    answer = witness.add_checkpoint(log.grow(8).request(5), NOON + timedelta(minutes=1))
    assert answer.status == 200
    assert log.note().under([answer.text]).signed_by(witness.signer.verifier) == NOON + timedelta(minutes=1)


def test_the_same_tree_is_cosigned_again_with_a_newer_time(log, witness):
    witness.add_checkpoint(log.request(0), NOON)
    answer = witness.add_checkpoint(log.request(5), NOON + timedelta(minutes=3))
    assert log.note().under([answer.text]).signed_by(witness.signer.verifier) == NOON + timedelta(minutes=3)


def test_a_rollback_is_refused_and_the_size_seen_is_told(log, witness):
    witness.add_checkpoint(log.request(0), NOON)
    for old in (0, 3):
        answer = witness.add_checkpoint(log.request(old, size=3), NOON)
        assert (answer.status, answer.text) == (409, "5\n")
    assert witness.add_checkpoint(log.request(5, size=3), NOON).status == 400
    assert witness.newest().size == 5


@pytest.mark.parametrize("size", [5, 6, 8, 13])
def test_a_fork_is_refused_and_forgets_nothing(log, witness, tmp_path, size):
    witness.add_checkpoint(log.request(0), NOON)
    fork = Log(tmp_path).grow(2).grow(size - 2, b"another leaf")
    assert witness.add_checkpoint(fork.request(5), NOON).status == (409 if size == 5 else 422)
    assert witness.newest().root == log.note().root


def test_a_fork_that_claims_to_be_the_beginning_is_refused(log, witness, tmp_path):
    witness.add_checkpoint(log.request(0), NOON)
    assert witness.add_checkpoint(Log(tmp_path).grow(9, b"another").request(0), NOON).status == 409


def test_a_stranger_and_a_false_signature_are_refused(log, witness, tmp_path):
    assert witness.add_checkpoint(Log(tmp_path, "other.example.org").grow(3).request(0), NOON).status == 404
    (tmp_path / "elsewhere").mkdir()
    assert witness.add_checkpoint(Log(tmp_path / "elsewhere").grow(3).request(0), NOON).status == 403
    assert witness.newest() is None


@pytest.mark.parametrize(
    "text",
    ["", "old 0\n", "old 0\n\nx\n", "old -1\n\n{note}", "old 00\n\n{note}", "old 0\nnot base64!\n\n{note}",
     "old 0\nAAAA\n\n{note}", "old 0\n" + "A" * 43 + "=\n\n{note}" + "no signature\n"],
)  # fmt: skip
def test_a_damaged_request_is_refused_without_a_trace(log, witness, text):
    assert witness.add_checkpoint(text.replace("{note}", str(log.note())), NOON).status == 400
    assert witness.newest() is None


def test_a_witness_that_was_restarted_remembers(log, witness):
    witness.add_checkpoint(log.request(0), NOON)
    again = Witness(witness.held, witness.signer, witness.log)
    assert again.add_checkpoint(log.request(0, size=3), NOON).status == 409


def test_a_key_s_short_number_and_signature_are_those_of_the_standard(log):
    public = log.key.key.public_key().public_bytes_raw()
    short = sha256(b"ledger.example.org\n\x01" + public).digest()[:4]
    assert str(log.key.verifier) == f"ledger.example.org+{short.hex()}+{base64.b64encode(bytes([1]) + public).decode()}"
    assert Verifier.from_text(str(log.key.verifier)) == log.key.verifier
    name, line = str(log.note()).split("\n")[4].split(" ")[1:]
    assert name == "ledger.example.org"
    assert base64.b64decode(line)[:4] == short
    log.key.key.public_key().verify(base64.b64decode(line)[4:], log.note().body.encode())


def test_a_cosignature_signs_its_time_and_the_whole_checkpoint(log, witness):
    line = witness.signer.line(log.note().body, NOON)
    blob = base64.b64decode(line.split(" ")[2])
    message = f"cosignature/v1\ntime {int(NOON.timestamp())}\n{log.note().body}".encode()
    witness.signer.key.public_key().verify(blob[12:], message)
    assert int.from_bytes(blob[4:12], "big") == int(NOON.timestamp())


def test_a_mistyped_key_is_noticed(log):
    text = str(log.key.verifier)
    with pytest.raises(BadNote):
        Verifier.from_text(text[:-4] + ("AAAA" if text[-4:] != "AAAA" else "BBBB"))


def test_a_key_is_never_overwritten_and_only_its_owner_reads_it(log, tmp_path):
    path = tmp_path / "ledger.example.org-key"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        Signer.make(path, "ledger.example.org", notes.LOG)
