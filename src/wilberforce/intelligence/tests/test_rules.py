from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wilberforce.intelligence.rules import (
    Assessment,
    Handling,
    Reveals,
    Source,
    grade,
    is_sanitised,
    may_use,
    one_grade,
    reveals,
)


@pytest.mark.parametrize(("source", "assessment"), [*product(Source, Assessment)])
def test_every_grade_of_three_by_five_by_two_is_written_and_read(source: Source, assessment: Assessment) -> None:
    assert str(grade(f"{source}{assessment}P")) == f"{source}{assessment}P"
    assert str(grade(f"{source}{assessment}C", "police only")) == f"{source}{assessment}C"


@pytest.mark.parametrize("code", ["4AP", "1FP", "1AX", "", "2B", "b24", "2BPP"])
def test_what_is_no_grade_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="a grade is"):
        grade(code)


def test_under_c_the_conditions_are_spelled_out_and_under_p_there_are_none() -> None:
    with pytest.raises(ValueError, match="spelled out"):
        grade("2BC", "  ")
    with pytest.raises(ValueError, match="belong under C"):
        grade("2BP", "police only")


def test_a_mixed_report_has_no_grade_of_its_own() -> None:
    assert one_grade([grade("2BP")]).handling is Handling.LAWFUL_SHARING
    for grades in ([], [grade("2BP"), grade("1AP")]):
        with pytest.raises(ValueError, match="take a mixed report apart"):
            one_grade(grades)


def test_what_is_suspected_to_be_false_is_not_acted_on() -> None:
    assert not may_use(grade("2EP"))
    assert may_use(grade("3DP"))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ring 07700 900123 after six", Reveals.PHONE),
        ("Ring +44 7700 900123", Reveals.PHONE),
        ("Office (01632) 960 001", Reveals.PHONE),
        ("Write to someone@example.org", Reveals.EMAIL),
        ("Write to someone [at] example [dot] org", Reveals.EMAIL),
        ("Source ref: AB/1234 states", Reveals.SOURCE_REFERENCE),
        ("CHIS 4471 says so", Reveals.SOURCE_REFERENCE),
        ("Our informant said that", Reveals.WHO_TOLD_US),
        ("The neighbour told the desk", Reveals.WHO_TOLD_US),
    ],
)
def test_what_leads_back_to_the_source_is_found(text: str, what: Reveals) -> None:
    assert what in {finding.reveals for finding in reveals(text)}


def test_the_case_s_own_reference_and_reporter_are_found_whatever_their_form() -> None:
    text = "as KESTREL told Ada Invented"
    found = {finding.reveals for finding in reveals(text, ["Kestrel"], ["Ada Invented"])}
    assert found == {Reveals.SOURCE_REFERENCE, Reveals.NAME}


@pytest.mark.parametrize(
    "text",
    [
        "On 17 April 2018 at 06:40 three men left the flat in AB12 CDE.",
        "Five women are believed to live above a closed shop; visitors come between 22:00 and 04:00.",
        "The source of the money is not known.",
        "",
    ],
)
def test_plain_information_is_sanitised(text: str) -> None:
    assert is_sanitised(text)


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["07700 900456", "01632 960001", "+447700900789"]))
def test_a_telephone_number_is_found_in_any_text(before: str, after: str, number: str) -> None:
    assert not is_sanitised(f"{before} / {number} / {after}")
