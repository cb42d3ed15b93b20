"""Two of three shares give the secret back; one alone, or one that was mistyped, gives nothing."""

import itertools
import secrets

import pytest

from wilberforce.base import shares


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
def test_any_two_holders_give_it_back(pair: tuple[int, int]) -> None:
    for _ in range(20):
        secret = secrets.token_bytes(32)
        written = shares.split(secret)
        assert shares.joined(written[pair[0]], written[pair[1]].lower().replace("-", " ")) == secret


@pytest.mark.parametrize("secret", [bytes(32), b"\xff" * 32])
def test_one_alone_tells_nothing_every_secret_fits_it(secret: bytes) -> None:
    first, second, _ = shares.split(secret)
    theirs = shares._read(second)
    fitting = {shares.joined(first, shares._written(theirs[:4] + bytes([byte]) + theirs[5:]))[0] for byte in range(256)}
    assert fitting == set(range(256))


def test_the_same_secret_is_never_split_alike() -> None:
    secret = secrets.token_bytes(32)
    assert set(shares.split(secret)).isdisjoint(shares.split(secret))


def test_a_mistyped_letter_is_found_wherever_it_is() -> None:
    first, second, _ = shares.split(secrets.token_bytes(32))
    for at in range(len(first)):
        if first[at] != "-":
            wrong = first[:at] + ("A" if first[at] != "A" else "B") + first[at + 1 :]
            with pytest.raises(shares.WrongShares):
                shares.joined(wrong, second)


@pytest.mark.parametrize("typed", ["", "0189", "ABCD-EFGH", "é" * 64])
def test_what_is_no_share_is_refused_in_words(typed: str) -> None:
    with pytest.raises(shares.WrongShares, match="share"):
        shares.joined(typed, shares.split(bytes(32))[0])


def test_shares_of_two_sets_and_one_share_twice_are_refused() -> None:
    first, second = shares.split(bytes(32)), shares.split(bytes(32))
    with pytest.raises(shares.WrongShares, match="different locks"):
        shares.joined(first[0], second[1])
    with pytest.raises(shares.WrongShares, match="twice"):
        shares.joined(first[0], first[0])
