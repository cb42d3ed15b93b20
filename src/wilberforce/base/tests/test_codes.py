"""A code for the radio: whatever goes wrong with one place, or with the order of two, is noticed."""

import itertools

import pytest

from wilberforce.base.ids import CODE, SPOKEN, heard_code, spoken_code


def test_a_code_is_understood_however_it_is_typed() -> None:
    code = spoken_code()
    for typed in (code, code.lower(), f" {code[:3]} {code[3:]} ", "-".join(code), code.replace("2", "z")):
        assert heard_code(typed) == code


def test_every_slip_of_one_place_is_noticed() -> None:
    code = spoken_code()
    slips = [code[:at] + other + code[at + 1 :] for at in range(CODE) for other in SPOKEN if other != code[at]]
    assert {heard_code(slip) for slip in slips} == {""}


def test_two_places_changed_over_are_noticed_wherever_they_are() -> None:
    code = spoken_code()
    for first, second in itertools.combinations(range(CODE), 2):
        swapped = list(code)
        swapped[first], swapped[second] = code[second], code[first]
        assert heard_code("".join(swapped)) == (code if code[first] == code[second] else "")


@pytest.mark.parametrize("typed", ["", "K7M4P", "K7M4P10", "ÀÀÀÀÀÀ", "OIL1U0", "?" * 6])
def test_what_no_code_is_spelt_like_is_none(typed: str) -> None:
    assert heard_code(typed) == ""
