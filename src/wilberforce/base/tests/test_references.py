"""What somebody types for the reference on a card, and what they are told about it."""

import pytest

from wilberforce.base.ids import random_reference
from wilberforce.base.references import ANY, PERSON, read


@pytest.mark.parametrize("typed", ["P-7K3MQX", " p-7k3mqx ", "7k3 mqx", "P7K3MQX", "P - 7K3-MQX", "p–7k3.mqx"])
def test_a_card_is_read_however_it_was_typed(typed: str) -> None:
    assert read(typed) == "P-7K3MQX"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("P-7K3M0X", "0 stands on no card: 0, 1, I, L, O and U look like others"),
        ("P-7K3M?X", r"\? stands on no card\. Look"),
        ("P-7K3MQ", "six letters or figures. This has 5"),
        ("P-7K3MQXX", "This has 7"),
        ("P7K3MQ", "Is that P-P7K3MQ"),
        ("EX-7K3MQX", "cards of an exercise"),
        ("EX7K3MQX", "cards of an exercise"),
        ("Maria", "I stands on no card"),
        ("OP-7K3MQX", "O stands on no card"),
        ("P-", "This has 0"),
    ],
)
def test_what_can_be_no_card_is_told_in_words(typed: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read(typed)


@pytest.mark.parametrize("prefix", ANY)
def test_where_other_references_are_meant_too_the_letters_in_front_are_wanted(prefix: str) -> None:
    reference = random_reference(prefix)
    assert read(reference.lower().replace("-", ""), ANY) == read(reference, ANY) == reference
    with pytest.raises(ValueError, match=r"letters in front|Is that"):
        read(reference.partition("-")[2], ANY)


def test_every_reference_that_is_drawn_is_read() -> None:
    assert {read(one, PERSON) == one for one in (random_reference("P") for _ in range(500))} == {True}
