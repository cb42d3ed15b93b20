"""Verify a ledger without the system that wrote it. Needs Python 3.11 and the package ``cryptography``.

    python verify_ledger.py EXPORT --log KEY --witness KEY --witness KEY [--seen FILE ...] [--fresh MINUTES]
    python verify_ledger.py --proof FILE --leaf FILE --log KEY --witness KEY --witness KEY
    python verify_ledger.py --receipt FILE --log KEY --witness KEY --witness KEY

A receipt says what one agency let another read, and proves that the ledger says so: who began it and that another
person let it go, exactly which fields, on what ground and until when. It can't show that nothing happened since.
EXPORT is a folder with entries.jsonl and checkpoints.jsonl. Take the keys from the partners, never from the export.
``--seen``: a checkpoint that you kept or printed earlier; only that (or a witness) shows that a whole ledger was
put back to an earlier day or replaced by another. ``--fresh``: the newest checkpoint must have enough
cosignatures no older than this. Ends with 0 if everything holds, 1 if anything does not, 2 if it could not look.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, COSIGNER = 1, 4
NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


class Wrong(Exception):
    """Something does not hold; the sentence says what."""


def unbase64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Wrong(f"This should be base64 and is not: {text[:40]}") from None


@dataclass(frozen=True)
class Key:
    name: str
    algorithm: int
    public: bytes

    @property
    def short(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:4]

    def signed_at(self, body: str, signature: bytes) -> int | None:
        """The time of a cosignature, 0 for the log's own; None if the signature is false."""
        at, message = 0, body.encode()
        if self.algorithm == COSIGNER:
            at, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = f"cosignature/v1\ntime {at}\n{body}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return at


def key_from(text: str, algorithm: int) -> Key:
    name, _, rest = text.strip().partition("+")
    short, _, data = rest.partition("+")
    raw = unbase64(data)
    if len(raw) != 33 or raw[0] != algorithm:
        raise Wrong(f"This is not the key of a {'log' if algorithm == LOG else 'witness'}: {text[:60]}")
    key = Key(name, raw[0], raw[1:])
    if key.short.hex() != short:
        raise Wrong(f"The key of {name} is mistyped: its short number does not fit.")
    return key


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes
    body: str
    signatures: tuple[tuple[str, bytes], ...]

    def signed_at(self, key: Key) -> int | None:
        times = [
            at
            for name, data in self.signatures
            if name == key.name and data[:4] == key.short and (at := key.signed_at(self.body, data[4:])) is not None
        ]
        return max(times, default=None)


def checkpoint_from(text: str) -> Checkpoint:
    body, gap, under = text.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) != 3 or not NUMBER.fullmatch(lines[1]):
        raise Wrong("A checkpoint is damaged: it should be three lines, an empty line and signatures.")
    signatures = []
    for line in under.splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":
            raise Wrong("A checkpoint is damaged: under the empty line stands something that is no signature.")
        signatures.append((parts[1], unbase64(parts[2])))
    return Checkpoint(lines[0], int(lines[1]), unbase64(lines[2]), body + "\n", tuple(signatures))


def hash_of_leaf(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def hash_of_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """RFC 6962: the hashes of the complete subtrees, from which the root follows."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        here = self.size
        while here & 1:
            leaf = hash_of_node(self.peaks.pop(), leaf)
            here >>= 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        total = self.peaks[-1]
        for peak in self.peaks[-2::-1]:
            total = hash_of_node(peak, total)
        return total


def canonical(leaf: Any) -> str:
    return json.dumps(leaf, sort_keys=True, separators=(",", ":"))


def entries(path: Path) -> Iterator[str]:
    """Each entry's own text, in the order of their positions."""
    with path.open(encoding="ascii", errors="strict", newline="\n") as file:
        for place, line in enumerate(file):
            try:
                entry = json.loads(line)
                leaf, position = entry["leaf"], entry["position"]
            except (ValueError, KeyError, TypeError):
                raise Wrong(f"Line {place + 1} of the entries is damaged.") from None
            text = canonical(leaf)
            if type(position) is not int or position != place:
                raise Wrong(f"Line {place + 1} should be entry {place} and says {position}: something is missing, "
                            "doubled or out of order.")  # fmt: skip
            if line != f'{{"leaf":{text},"position":{position}}}\n':
                raise Wrong(f"Entry {place} is not written in the one right form.")
            yield text


def checkpoints(path: Path) -> list[Checkpoint]:
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            found.append(checkpoint_from(json.loads(line)))
        except (ValueError, AttributeError):
            raise Wrong(f"Line {number} of the checkpoints is damaged.") from None
    if not found:
        raise Wrong("There is no checkpoint: nothing says what these entries should be.")
    return sorted(found, key=lambda one: one.size)


@dataclass(frozen=True)
class Trust:
    """Whom we believe, and how many witnesses must have signed."""

    log: Key
    witnesses: tuple[Key, ...]
    needed: int

    def must_be_the_logs(self, checkpoint: Checkpoint) -> None:
        if checkpoint.origin != self.log.name or checkpoint.signed_at(self.log) is None:
            raise Wrong(f"The checkpoint of {checkpoint.size} entries is not signed by {self.log.name}.")

    def witnessed(self, checkpoint: Checkpoint) -> list[int]:
        """When the witnesses signed, the newest first."""
        times = {key.public: at for key in self.witnesses if (at := checkpoint.signed_at(key)) is not None}
        return sorted(times.values(), reverse=True)

    def must_be_witnessed(self, checkpoint: Checkpoint) -> None:
        if (found := len(self.witnessed(checkpoint))) < self.needed:
            raise Wrong(f"The checkpoint of {checkpoint.size} entries has {found} cosignatures of witnesses that you "
                        f"trust; {self.needed} are needed.")  # fmt: skip


def verify_export(folder: Path, trust: Trust, seen: list[Checkpoint], fresh: int | None) -> list[str]:
    signed = checkpoints(folder / "checkpoints.jsonl")
    for checkpoint in [*signed, *seen]:
        trust.must_be_the_logs(checkpoint)
    newest = signed[-1]
    trust.must_be_witnessed(newest)
    if fresh is not None and trust.witnessed(newest)[trust.needed - 1] < time.time() - fresh * 60:
        raise Wrong(f"The newest checkpoint was not cosigned within the last {fresh} minutes: it may be an old one.")
    if (held := max((one.size for one in seen), default=0)) > newest.size:
        raise Wrong(f"You hold a checkpoint of {held} entries; this export ends at {newest.size}. "
                    "The ledger was rolled back or cut.")  # fmt: skip
    _same_tree(folder / "entries.jsonl", [*signed, *seen], newest.size)
    return [
        f"All {newest.size} entries are whole and in order under {len(signed)} checkpoints of {trust.log.name}.",
        f"The newest checkpoint is cosigned by {len(trust.witnessed(newest))} witnesses that you trust.",
        *([f"It continues the {len(seen)} checkpoints that you held."] if seen else
          ["You gave no earlier checkpoint: that this is not an old or another ledger rests on the witnesses alone."]),
    ]  # fmt: skip


def _same_tree(path: Path, every: list[Checkpoint], size: int) -> None:
    """At each signed size the entries so far must have the signed root."""
    wanted: dict[int, set[bytes]] = {}
    for checkpoint in every:
        wanted.setdefault(checkpoint.size, set()).add(checkpoint.root)
    tree = Tree()
    _must_have_root(tree, wanted)
    for text in entries(path):
        if tree.size == size:
            raise Wrong(f"There are more entries than the {size} that the newest checkpoint covers.")
        tree.append(hash_of_leaf(text.encode()))
        _must_have_root(tree, wanted)
    if tree.size < size:
        raise Wrong(f"The newest checkpoint covers {size} entries; only {tree.size} are here.")


def _must_have_root(tree: Tree, wanted: dict[int, set[bytes]]) -> None:
    if tree.size in wanted and wanted[tree.size] != {tree.root()}:
        raise Wrong(f"The first {tree.size} entries are not those that were signed: something among them was changed.")


def verify_proof(proof: str, leaf: str, trust: Trust) -> list[str]:
    """C2SP tlog-proof: this leaf stands in the ledger that the checkpoint signs."""
    checkpoint, index, path = proof_from(proof)
    trust.must_be_the_logs(checkpoint)
    trust.must_be_witnessed(checkpoint)
    if root_from(hash_of_leaf(leaf.strip().encode()), index, checkpoint.size, path) != checkpoint.root:
        raise Wrong("This leaf does not stand at that position of the signed ledger.")
    return [f"The leaf is entry {index} of the {checkpoint.size} entries that {trust.log.name} signed."]


def proof_from(proof: str) -> tuple[Checkpoint, int, list[bytes]]:
    head, gap, note = proof.partition("\n\n")
    kind, *lines = head.split("\n")
    number = lines[0].removeprefix("index ") if lines and lines[0].startswith("index ") else ""
    if not gap or kind != "c2sp.org/tlog-proof@v1" or not NUMBER.fullmatch(number):
        raise Wrong("This is no proof in the form c2sp.org/tlog-proof@v1.")
    return checkpoint_from(note), int(number), [unbase64(one) for one in lines[1:]]


def verify_receipt(text: str, trust: Trust) -> list[str]:
    try:
        receipt = _out_of_its_pack(json.loads(text))
        terms, names, kind = receipt["terms"], receipt["names"], receipt["kind"]
        newest = checkpoint_from(receipt["newest"])
        leaves = [_proved(entry, receipt["consistency"], newest, trust) for entry in receipt["entries"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Wrong("The receipt is damaged, or no entry of it was signed yet.") from None
    if kind != "wilberforce-receipt@v1":
        raise Wrong("This is no receipt of a kind that this verifier knows.")
    trust.must_be_the_logs(newest)
    trust.must_be_witnessed(newest)
    _must_say(leaves, terms, receipt["thing"])
    return [
        f"{names['from']} let {names['to']} read: {terms['class']}, {', '.join(terms['fields'])}.",
        f"The ledger knows these two as {terms['from']} and {terms['to']}; their names are the receipt's own words.",
        f"For {terms['purpose']}, by {terms['basis']}, until {terms['expires_at'] or 'it is called back'}.",
        *(f"{leaf['at']}: {STEPS[leaf['op']]}, entry {at} of the ledger." for leaf, at in leaves),
        f"All of it is under the checkpoint of {newest.size} entries that {trust.log.name} signed; nothing later is.",
    ]


def _out_of_its_pack(given: Any) -> Any:
    """A pack for somebody without a sign-in, opened with their key, holds what went and its receipt."""
    if given["kind"] != "wilberforce-pack@v1":
        return given
    if hashlib.sha256(given["payload"].encode()).hexdigest() != given["receipt"]["terms"]["payload"]:
        raise Wrong("What is in the pack is not what its receipt says that went.")
    return given["receipt"]


STEPS = {"disclosure": "begun", "approval": "answered by a second person", "alteration": "called back"}


def _proved(entry: Any, consistency: Any, newest: Checkpoint, trust: Trust) -> tuple[Any, int]:
    checkpoint, index, path = proof_from(entry["proof"])
    trust.must_be_the_logs(checkpoint)
    if root_from(hash_of_leaf(entry["leaf"].encode()), index, checkpoint.size, path) != checkpoint.root:
        raise Wrong("An entry of the receipt does not stand at its position of the signed ledger.")
    if not continues(checkpoint, newest, [unbase64(one) for one in consistency[str(checkpoint.size)]]):
        raise Wrong(f"The newest checkpoint does not continue the one of {checkpoint.size} entries.")
    return json.loads(entry["leaf"]), index


def _must_say(leaves: list[tuple[Any, int]], terms: Any, thing: str) -> None:
    """The entries are those of these terms, and somebody else than whoever began it answered."""
    bound = "terms:" + hashlib.sha256(canonical(terms).encode()).hexdigest()[:48]
    for leaf, _ in leaves:
        sides = (leaf["controller_id"], leaf["recipient_id"], leaf["subject_class"])
        if sides != (terms["from"], terms["to"], terms["class"]) or thing not in leaf["objects_seen"]:
            raise Wrong("An entry is of other agencies, or about something else, than the receipt.")
        if bound not in leaf["rule"].split("|"):
            raise Wrong("The terms of the receipt are not those that the ledger holds: they were changed.")
    begun, answered = ([leaf["actor"] for leaf, _ in leaves if leaf["op"] == op] for op in ("disclosure", "approval"))
    if len(begun) != 1 or set(begun) & set(answered):
        raise Wrong("The receipt lacks the one entry by which this was begun, or whoever began it also answered it.")


def continues(old: Checkpoint, new: Checkpoint, path: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2: the older tree is the beginning of the newer one."""
    if old.size == new.size:
        return not path and old.root == new.root
    if not 0 < old.size < new.size or not path:
        return False
    first, *rest = path if old.size & (old.size - 1) else [old.root, *path]
    here, last = old.size - 1, new.size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    return climbed(here, last, rest, first, first) == (old.root, new.root)


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that follows from an inclusion proof (RFC 9162, 2.1.3.2), or None if the proof does not fit."""
    return (climbed(index, size - 1, path, leaf, leaf) or (None, None))[1] if index < size else None


def climbed(here: int, last: int, path: list[bytes], older: bytes, newer: bytes) -> tuple[bytes, bytes] | None:
    """Up to the roots of the tree that ended here and of the whole one; None if the path is too long or too short."""
    for step in path:
        if last == 0:
            return None
        if here & 1 or here == last:
            older, newer = hash_of_node(step, older), hash_of_node(step, newer)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            newer = hash_of_node(newer, step)
        here, last = here >> 1, last >> 1
    return (older, newer) if last == 0 else None


def arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", nargs="?", type=Path, help="folder with entries.jsonl and checkpoints.jsonl")
    parser.add_argument("--log", required=True, help="the ledger's verifier key")
    parser.add_argument("--witness", action="append", default=[], help="a witness's verifier key; several times")
    parser.add_argument("--witnesses-needed", type=int, default=2, help="how many must have cosigned (2)")
    parser.add_argument("--seen", action="append", default=[], type=Path, help="a checkpoint that you kept")
    parser.add_argument("--fresh", type=int, metavar="MINUTES", help="how old the newest cosignatures may be")
    parser.add_argument("--proof", type=Path, help="a receipt's proof")
    parser.add_argument("--leaf", type=Path, help="the text of the leaf that the proof is about")
    parser.add_argument("--receipt", type=Path, help="a receipt's file")
    given = parser.parse_args(words)
    named = [given.export, given.proof, given.receipt]
    if sum(one is not None for one in named) != 1 or (given.proof is None) != (given.leaf is None):
        parser.error("name an export, a proof and its leaf, or a receipt")
    if given.witnesses_needed < 1:
        parser.error("at least one witness is needed: the log alone can sign what it likes")
    return given


def verify(given: argparse.Namespace) -> list[str]:
    witnesses = tuple(key_from(text, COSIGNER) for text in given.witness)
    trust = Trust(key_from(given.log, LOG), witnesses, given.witnesses_needed)
    if given.receipt:
        return verify_receipt(given.receipt.read_text(encoding="utf-8"), trust)
    if given.proof:
        return verify_proof(given.proof.read_text(encoding="utf-8"), given.leaf.read_text(encoding="utf-8"), trust)
    seen = [checkpoint_from(path.read_text(encoding="utf-8")) for path in given.seen]
    return verify_export(given.export, trust, seen, given.fresh)


def main(words: list[str] | None = None) -> int:
    given = arguments(words)
    try:
        print("\n".join(verify(given)))
    except (Wrong, UnicodeError, RecursionError) as reason:
        print(f"NOT WHOLE: {reason if isinstance(reason, Wrong) else 'a file holds what does not belong there.'}")
        return 1
    except OSError as reason:
        print(f"Could not look: {reason}")
        return 2
    print("The ledger is whole." if given.export else "The receipt holds." if given.receipt else "The proof holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
