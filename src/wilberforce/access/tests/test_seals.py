"""A sealed value opens in its own place and version, and nowhere else."""

from dataclasses import asdict, replace
from uuid import UUID

import pytest
from django.test import override_settings

from wilberforce.base import keyring
from wilberforce.base.sealed import (
    POSTED,
    WRAPPED,
    Place,
    SealBroken,
    epoch_of,
    open_sealed,
    seal,
    under_current_epoch,
)

pytestmark = pytest.mark.django_db
"""What is posted looks for the keys of its readers, and finds none of agency 9."""

HERE = Place("identity", UUID(int=1), "given_names", UUID(int=9), 3)
LETTER = Place("report_raw", UUID(int=1), "body", UUID(int=9), 1)
ELSEWHERE = {
    "class": {"data_class": "location"},
    "record": {"record": UUID(int=2)},
    "field": {"field": "family_name"},
    "agency": {"controller": UUID(int=8)},
    "earlier version": {"version": 2},
    "later version": {"version": 4},
}


@pytest.fixture(autouse=True)
def ring(tmp_path):
    path = tmp_path / "keyring.json"
    keyring.make(path)
    with override_settings(KEYRING_FILE=path):
        yield path


@pytest.mark.parametrize("place", [HERE, LETTER], ids=["kept", "posted"])
@pytest.mark.parametrize("text", ["", "Ama", "ኣማ\n", "x" * 20_000, "ends in noughts\0\0"])
def test_what_was_sealed_opens_in_its_place(place, text):
    assert open_sealed(seal(text, place), place) == text


@pytest.mark.parametrize("other", ELSEWHERE)
@pytest.mark.parametrize("place", [HERE, LETTER], ids=["kept", "posted"])
def test_it_opens_nowhere_else(place, other):
    box, moved = seal("Ama", place), replace(place, **ELSEWHERE[other])
    for attempt in (open_sealed, under_current_epoch):
        if moved != place:
            with pytest.raises(SealBroken):
                attempt(box, moved)


@pytest.mark.parametrize("place", [HERE, LETTER], ids=["kept", "posted"])
def test_no_changed_byte_goes_unnoticed(place):
    box = seal("Ama", place)
    for at in [*range(0, 70), len(box) // 2, len(box) - 1]:
        with pytest.raises(SealBroken):
            open_sealed(box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :], place)


@pytest.mark.parametrize("length", [0, 1, 5, 40, 95])
def test_a_box_that_was_cut_short_does_not_open(length):
    with pytest.raises(SealBroken):
        open_sealed(seal("Ama", HERE)[:length], HERE)


def test_a_report_goes_to_the_letterbox_and_its_length_says_nothing():
    short, long = seal("help", LETTER), seal("x" * 4_000, LETTER)
    assert (short[0], seal("Ama", HERE)[0]) == (POSTED, WRAPPED)
    assert len(short) == len(long) < len(seal("x" * 5_000, LETTER))


def test_who_holds_only_the_public_half_can_post_and_not_open(ring):
    box = seal("help", LETTER)
    kept = keyring.read(ring)
    for epoch in kept.epochs.values():
        epoch.letterboxes["report_raw"] = keyring.Letterbox(epoch.letterboxes["report_raw"].public)
    keyring.write_whole(ring, asdict(kept))
    with pytest.raises(SealBroken):
        open_sealed(box, LETTER)
    with pytest.raises(SealBroken):
        open_sealed(seal("more", LETTER), LETTER)


@pytest.mark.parametrize("place", [HERE, LETTER], ids=["kept", "posted"])
def test_a_new_epoch_takes_the_value_over_and_the_destroyed_one_opens_nothing(ring, place):
    before = seal("Ama", place)
    fresh = keyring.begin_epoch(ring)
    assert open_sealed(before, place) == "Ama"
    taken = under_current_epoch(before, place)
    assert (epoch_of(taken), taken[-20:]) == (fresh, before[-20:])
    keyring.destroy_epochs(ring, [epoch_of(before)])
    assert open_sealed(taken, place) == "Ama"
    with pytest.raises(SealBroken):
        open_sealed(before, place)


def test_the_last_epoch_is_never_destroyed(ring):
    with pytest.raises(ValueError, match="must stay"):
        keyring.destroy_epochs(ring, list(keyring.read(ring).epochs))


def test_pseudonyms_stay_the_same_when_epochs_change(ring):
    before = keyring.keyring().secret("ledger pseudonyms")
    first = keyring.keyring().current
    keyring.begin_epoch(ring)
    keyring.destroy_epochs(ring, [first])
    assert keyring.keyring().secret("ledger pseudonyms") == before


def test_a_keyring_of_the_first_form_is_still_read(ring):
    ring.write_text('{"01aaaaaa": "' + "11" * 32 + '", "01bbbbbb": "' + "22" * 32 + '"}')
    kept = keyring.read(ring)
    assert (kept.secret, list(kept.epochs), kept.right_lengths()) == ("11" * 32, ["01aaaaaa", "01bbbbbb"], True)
