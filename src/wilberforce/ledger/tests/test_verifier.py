"""The outside verifier finds every falsification of an export, by outsiders and by whoever holds the log's key."""

import ast
import json
import random
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tools import verify_ledger
from wilberforce.ledger import notes, tree
from wilberforce.ledger.notes import Note, Signer

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Export:
    """An export that can be falsified: the leaves' texts and the notes over them."""

    leaves: list[str]
    notes: list[str]
    positions: list[int] = field(default_factory=list)

    def write(self, folder):
        folder.mkdir(exist_ok=True)
        places = self.positions or range(len(self.leaves))
        lines = [f'{{"leaf":{leaf},"position":{at}}}\n' for leaf, at in zip(self.leaves, places, strict=True)]
        (folder / "entries.jsonl").write_text("".join(lines))
        (folder / "checkpoints.jsonl").write_text("".join(json.dumps(note) + "\n" for note in self.notes))


class World:
    """A log, two witnesses who saw every checkpoint, and an auditor who printed one of them."""

    def __init__(self, folder):
        self.folder = folder
        self.log = Signer.make(folder / "log", "ledger.example.org", notes.LOG)
        self.witnesses = [
            Signer.make(folder / name, f"{name}.example.org", notes.COSIGNER) for name in ("redcross", "county")
        ]

    def sign(self, leaves, size, by):
        edge = tree.Frontier()
        for leaf in leaves[:size]:
            edge.append(tree.leaf_hash(leaf.encode()))
        note = Note(self.log.name, size, edge.root)
        return str(note.under([signer.line(note.body, NOON) for signer in by]))

    def export(self, chance, size=0):
        size = size or chance.randint(3, 40)
        leaves = [leaf(chance, number) for number in range(size)]
        sizes = sorted({*chance.sample(range(1, size + 1), min(3, size)), size})
        return Export(leaves, [self.sign(leaves, at, [self.log, *self.witnesses]) for at in sizes])

    def verify(self, export, seen=None):
        export.write(self.folder / "export")
        words = [str(self.folder / "export"), "--log", str(self.log.verifier)]
        words += [word for witness in self.witnesses for word in ("--witness", str(witness.verifier))]
        if seen is not None:
            (self.folder / "seen").write_text(seen)
            words += ["--seen", str(self.folder / "seen")]
        return verify_ledger.main(words)


def leaf(chance, number):
    columns = {"id": f"{number:08d}", "actor": f"{chance.getrandbits(64):x}", "allowed": True, "purpose": "reception"}
    return json.dumps(columns, sort_keys=True, separators=(",", ":"))


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def edit(world, export, chance):
    place = chance.randrange(len(export.leaves))
    field = chance.choice(["actor", "allowed", "purpose", "id", "at"])
    changed = json.loads(export.leaves[place]) | {field: chance.choice(["x", False, None, 3])}
    leaves = list(export.leaves)
    leaves[place] = json.dumps(changed, sort_keys=True, separators=(",", ":"))
    return replace(export, leaves=leaves)


def delete(world, export, chance):
    leaves = list(export.leaves)
    del leaves[chance.randrange(len(leaves))]
    keep = chance.random() < 0.5
    return replace(
        export, leaves=leaves, positions=[] if keep else sorted(chance.sample(range(len(leaves) + 1), len(leaves)))
    )


def insert(world, export, chance):
    leaves = list(export.leaves)
    leaves.insert(chance.randint(0, len(leaves)), leaf(chance, 99))
    return replace(export, leaves=leaves)


def reorder(world, export, chance):
    one, other = sorted(chance.sample(range(len(export.leaves)), 2))
    leaves = list(export.leaves)
    leaves[one], leaves[other] = leaves[other], leaves[one]
    places = list(range(len(leaves)))
    places[one], places[other] = places[other], places[one]
    return replace(export, leaves=leaves, positions=chance.choice([[], places]))


def truncate(world, export, chance):
    """The entries alone; the checkpoints stay."""
    return replace(export, leaves=export.leaves[: chance.randrange(len(export.leaves))])


def roll_back(world, export, chance):
    """Entries and checkpoints of an earlier day, with every signature genuine."""
    size = chance.randrange(1, len(export.leaves))
    earlier = world.sign(export.leaves, size, [world.log, *world.witnesses])
    return replace(export, leaves=export.leaves[:size], notes=[earlier])


def fork(world, export, chance):
    """Another history, signed with the log's own key; at most one witness was talked into it."""
    place = chance.randrange(len(export.leaves))
    leaves = export.leaves[:place] + [leaf(chance, n + 1000) for n in range(chance.randint(1, 30))]
    signers = [world.log, *chance.sample(world.witnesses, chance.randint(0, 1))]
    kept = [note for note in export.notes if Note.parsed(note).size <= place]
    return Export(leaves, [*kept, world.sign(leaves, len(leaves), signers)])


def re_sign(world, export, chance):
    """An edit with every checkpoint signed afresh by the log's own key, the witnesses' lines copied under them."""
    edited = edit(world, export, chance)
    fresh = []
    for note in map(Note.parsed, export.notes):
        mine = Note.parsed(world.sign(edited.leaves, note.size, [world.log]))
        fresh.append(str(mine.under([line.line for line in note.lines[1:]])))
    return replace(edited, notes=fresh)


ATTACKS = [edit, delete, insert, reorder, truncate, roll_back, fork, re_sign]


def found(world, number, seed):
    """How many of the falsifications were found, of how many that changed anything."""
    chance, tried, caught, missed = random.Random(seed), 0, 0, []  # noqa: S311
    while tried < number:
        export = world.export(chance)
        attack = ATTACKS[tried % len(ATTACKS)]
        falsified = attack(world, export, chance)
        if falsified == export:
            continue
        tried += 1
        needs_memory = attack is roll_back or chance.random() < 0.3
        result = world.verify(falsified, export.notes[-1] if needs_memory else None)
        caught += result == 1
        missed += [attack.__name__] if result != 1 else []
    return caught, tried, missed


def test_an_export_that_nobody_touched_is_whole(world):
    chance = random.Random(1)  # noqa: S311
    for _ in range(20):
        export = world.export(chance)
        assert world.verify(export) == 0
        assert world.verify(export, chance.choice(export.notes)) == 0


def test_a_thousand_falsifications_are_all_found(world):
    assert found(world, 1_000, seed=6962) == (1_000, 1_000, [])


@pytest.mark.long
def test_ten_thousand_falsifications_are_all_found(world, evidence):
    caught, tried, missed = found(world, 10_000, seed=9162)
    evidence("falsified ledgers, put to the outside verifier", falsified=tried, found=caught, seed=9162)
    assert (caught, tried, missed) == (10_000, 10_000, [])


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_each_kind_of_falsification_is_told_in_a_sentence(world, attack, capsys):
    chance = random.Random(7)  # noqa: S311
    export = world.export(chance, size=20)
    assert world.verify(attack(world, export, chance), export.notes[-1]) == 1
    said = capsys.readouterr().out.strip()
    assert said.startswith("NOT WHOLE: ")
    assert said.endswith(".")


def test_a_rollback_with_genuine_signatures_needs_a_kept_checkpoint_or_a_limit_of_age(world):
    """What the verifier says about its own limit is true."""
    chance = random.Random(3)  # noqa: S311
    export = world.export(chance, size=20)
    old = roll_back(world, export, chance)
    assert world.verify(old) == 0
    assert world.verify(old, export.notes[-1]) == 1
    words = [str(world.folder / "export"), "--log", str(world.log.verifier), "--fresh", "10"]
    words += [word for witness in world.witnesses for word in ("--witness", str(witness.verifier))]
    assert verify_ledger.main(words) == 1


def test_the_same_witness_named_twice_counts_once(world, capsys):
    chance = random.Random(4)  # noqa: S311
    export = world.export(chance)
    export.notes.append(world.sign(export.leaves, len(export.leaves), [world.log, world.witnesses[0]]))
    export = replace(export, notes=export.notes[-1:])
    world.witnesses[1] = world.witnesses[0]
    assert world.verify(export) == 1
    assert "1 cosignatures" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content"),
    [("entries.jsonl", "\xff"), ("entries.jsonl", "[" * 100_000), ("entries.jsonl", "{}\n"),
     ("checkpoints.jsonl", ""), ("checkpoints.jsonl", '"x"\n'), ("checkpoints.jsonl", "{}\n")],
)  # fmt: skip
def test_a_damaged_file_is_not_whole(world, name, content):
    export = world.export(random.Random(5))  # noqa: S311
    export.write(world.folder / "export")
    (world.folder / "export" / name).write_text(content, encoding="latin-1")
    words = ["--log", str(world.log.verifier), "--witness", str(world.witnesses[0].verifier)]
    assert verify_ledger.main([str(world.folder / "export"), *words, "--witnesses-needed", "1"]) == 1


def test_a_missing_file_is_no_verdict(world):
    words = ["--log", str(world.log.verifier)]
    assert verify_ledger.main([str(world.folder / "nowhere"), *words]) == 2


def test_the_verifier_imports_nothing_of_ours():
    parsed = ast.parse(Path(verify_ledger.__file__).read_text())
    imports = [node for node in ast.walk(parsed) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names | {"cryptography"}
