"""The Merkle tree of RFC 6962, section 2.1: hashes, proofs and their verification. Pure.

A tree of ``size`` leaves is the fold of its complete subtrees, so everything is said in ``Place``s: the node
``(level, number)`` stands over the leaves from ``number << level`` up to ``(number + 1) << level``.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import NamedTuple

EMPTY = sha256(b"").digest()


class Place(NamedTuple):
    level: int
    number: int


Span = tuple[int, int]
"""The leaves from the first number up to, not including, the second."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def folded(peaks: Sequence[bytes]) -> bytes:
    """The hash over complete subtrees that stand side by side, the largest first."""
    if not peaks:
        return EMPTY
    total = peaks[-1]
    for peak in reversed(peaks[:-1]):
        total = node_hash(peak, total)
    return total


def peaks_of(span: Span) -> list[Place]:
    """The complete subtrees of a span that begins where one as large as itself may begin."""
    begin, end = span
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        found.append(Place(level, begin >> level))
        begin += 1 << level
    return found


def _split(span: Span) -> int:
    """Where the left, complete part ends: after the largest power of two smaller than the span."""
    return span[0] + (1 << (span[1] - span[0] - 1).bit_length() - 1)


def inclusion_spans(position: int, size: int) -> list[Span]:
    """The spans whose hashes prove that the leaf stands at ``position`` in the tree, the nearest first."""
    if not 0 <= position < size:
        raise ValueError("no such leaf in this tree")
    span, path = (0, size), []
    while span[1] - span[0] > 1:
        middle = _split(span)
        left, right = (span[0], middle), (middle, span[1])
        span, other = (left, right) if position < middle else (right, left)
        path.append(other)
    return path[::-1]


def consistency_spans(old: int, size: int) -> list[Span]:
    """The spans whose hashes prove that the tree of ``old`` leaves is the beginning of the tree of ``size``."""
    if not 0 <= old <= size:
        raise ValueError("the older tree is larger than the newer one")
    if old in (0, size):
        return []
    span, path, whole = (0, size), [], True
    while span[1] != old:
        middle = _split(span)
        if old <= middle:
            path.append((middle, span[1]))
            span = (span[0], middle)
        else:
            path.append((span[0], middle))
            span, whole = (middle, span[1]), False
    return ([] if whole else [span]) + path[::-1]


def verify_inclusion(leaf: bytes, position: int, size: int, path: Iterable[bytes], root: bytes) -> bool:
    """RFC 9162, section 2.1.3.2."""
    if not 0 <= position < size:
        return False
    here, last, total = position, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            total = node_hash(step, total)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            total = node_hash(total, step)
        here, last = here >> 1, last >> 1
    return last == 0 and total == root


def verify_consistency(old: int, size: int, old_root: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """RFC 9162, section 2.1.4.2; the empty tree is the beginning of every tree."""
    if old == 0 or old == size:
        return not path and old_root == (root if old else EMPTY)
    if not 0 < old < size or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        here, last = here >> 1, last >> 1
    return last == 0 and older == old_root and newer == root


class Frontier:
    """The right edge of a growing tree: its complete subtrees, the largest first. Enough to append and to sign."""

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count():
            raise ValueError("these are not the peaks of a tree of this size")

    def append(self, leaf: bytes) -> list[tuple[Place, bytes]]:
        """Which nodes above the leaf became complete, the lowest first."""
        level, number, node, made = 0, self.size, leaf, []
        while number & 1:
            node = node_hash(self.peaks.pop(), node)
            level, number = level + 1, number >> 1
            made.append((Place(level, number), node))
        self.peaks.append(node)
        self.size += 1
        return made

    @property
    def root(self) -> bytes:
        return folded(self.peaks)


def proof(spans: Iterable[Span], node: Callable[[Place], bytes]) -> list[bytes]:
    return [folded([node(place) for place in peaks_of(span)]) for span in spans]
