"""The tree is RFC 6962's: against known roots, against its recursive definition, and against forged proofs."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.ledger import tree

KNOWN_LEAVES = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
KNOWN_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The reference vectors of the RFC's authors: the root over the first 0, 1, ... 8 known leaves."""


def by_the_definition(entries):
    """RFC 6962, 2.1, word for word and with nothing of ours."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + by_the_definition(entries[:k]) + by_the_definition(entries[k:])).digest()


def path_by_the_definition(m, entries):
    """RFC 6962, 2.1.1."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*path_by_the_definition(m, entries[:k]), by_the_definition(entries[k:])]
    return [*path_by_the_definition(m - k, entries[k:]), by_the_definition(entries[:k])]


def subproof_by_the_definition(m, entries, whole=True):
    """RFC 6962, 2.1.2."""
    if m == len(entries):
        return [] if whole else [by_the_definition(entries)]
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m <= k:
        return [*subproof_by_the_definition(m, entries[:k], whole), by_the_definition(entries[k:])]
    return [*subproof_by_the_definition(m - k, entries[k:], False), by_the_definition(entries[:k])]


def grown(entries):
    """A frontier that took these entries one by one, and every node that it completed."""
    edge, nodes = tree.Frontier(), {}
    for number, entry in enumerate(entries):
        nodes[tree.Place(0, number)] = tree.leaf_hash(entry)
        nodes.update(edge.append(tree.leaf_hash(entry)))
    return edge, nodes


entries_of_any_number = st.integers(0, 70).map(lambda n: [number.to_bytes(2, "big") for number in range(n)])


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_known_leaves_are_the_known_roots(size):
    entries = [bytes.fromhex(leaf) for leaf in KNOWN_LEAVES[:size]]
    assert grown(entries)[0].root.hex() == KNOWN_ROOTS[size] == by_the_definition(entries).hex()


@given(st.lists(st.binary(max_size=40), max_size=60))
def test_a_tree_grown_leaf_by_leaf_has_the_root_of_the_definition(entries):
    assert grown(entries)[0].root == by_the_definition(entries)


@given(entries_of_any_number, st.data())
def test_an_inclusion_proof_is_the_definitions_and_is_believed(entries, data):
    entries = [*entries, b"last"]
    place = data.draw(st.integers(0, len(entries) - 1))
    edge, nodes = grown(entries)
    path = tree.proof(tree.inclusion_spans(place, len(entries)), nodes.__getitem__)
    assert path == path_by_the_definition(place, entries)
    assert tree.verify_inclusion(nodes[tree.Place(0, place)], place, len(entries), path, edge.root)


@given(entries_of_any_number, st.data())
def test_a_consistency_proof_is_the_definitions_and_is_believed(entries, data):
    old = data.draw(st.integers(0, len(entries)))
    edge, nodes = grown(entries)
    path = tree.proof(tree.consistency_spans(old, len(entries)), nodes.__getitem__)
    assert path == (subproof_by_the_definition(old, entries) if old else [])
    assert tree.verify_consistency(old, len(entries), by_the_definition(entries[:old]), edge.root, path)


@given(entries_of_any_number, st.data())
def test_no_leaf_is_believed_at_another_position_or_with_another_path(entries, data):
    entries = [*entries, b"last", b"very last"]
    place, other = (data.draw(st.integers(0, len(entries) - 1)) for _ in range(2))
    edge, nodes = grown(entries)
    path = tree.proof(tree.inclusion_spans(place, len(entries)), nodes.__getitem__)
    believed = tree.verify_inclusion(nodes[tree.Place(0, place)], other, len(entries), path, edge.root)
    assert believed == (place == other)
    spoilt = data.draw(st.integers(0, len(path) - 1))
    path[spoilt] = sha256(path[spoilt]).digest()
    assert not tree.verify_inclusion(nodes[tree.Place(0, place)], place, len(entries), path, edge.root)


@given(entries_of_any_number, st.data())
def test_a_history_that_was_rewritten_has_no_consistency_proof(entries, data):
    entries = [*entries, b"last", b"very last"]
    old = data.draw(st.integers(1, len(entries) - 1))
    rewritten = list(entries)
    rewritten[data.draw(st.integers(0, old - 1))] = b"rewritten"
    edge, nodes = grown(rewritten)
    path = tree.proof(tree.consistency_spans(old, len(entries)), nodes.__getitem__)
    assert not tree.verify_consistency(old, len(entries), by_the_definition(entries[:old]), edge.root, path)


@given(entries_of_any_number)
def test_a_tree_taken_up_again_from_its_edge_grows_as_if_it_had_never_stopped(entries):
    edge, nodes = grown(entries)
    peaks = [nodes[place] for place in tree.peaks_of((0, len(entries)))]
    again = tree.Frontier(len(entries), peaks)
    assert again.append(tree.leaf_hash(b"next")) == edge.append(tree.leaf_hash(b"next"))
    assert again.root == by_the_definition([*entries, b"next"])


def test_a_frontier_with_the_wrong_number_of_peaks_is_refused():
    with pytest.raises(ValueError, match="peaks"):
        tree.Frontier(3, [b"x"])


@pytest.mark.parametrize(("position", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_for_a_leaf_outside_the_tree(position, size):
    with pytest.raises(ValueError, match="no such leaf"):
        tree.inclusion_spans(position, size)
    assert not tree.verify_inclusion(b"", position, size, [], b"")
