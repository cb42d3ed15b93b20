"""A private half opens to the one to whom it was wrapped, in its place, and to nobody else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from wilberforce.base import hands
from wilberforce.base.keyring import Letterbox

PEOPLE = [Letterbox.fresh() for _ in range(3)]
PLACES = st.sampled_from(["the desk's", "the keeper's", "the lock's"])
SOMEBODY = st.sampled_from(PEOPLE)
SECRETS = st.binary(min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(to=SOMEBODY, by=SOMEBODY, put=PLACES, looked=PLACES)
def test_a_wrap_opens_to_its_own_person_in_its_own_place_alone(
    to: Letterbox, by: Letterbox, put: str, looked: str
) -> None:
    half = PEOPLE[0]
    found = hands.unwrapped(hands.wrapped(half, to.public, put), by, half.public, looked)
    assert found == (half if (to, put) == (by, looked) else None)


@settings(max_examples=60, deadline=None)
@given(secret=SECRETS, tried=SECRETS, put=PLACES, looked=PLACES)
def test_what_is_shut_opens_under_the_same_secret_alone(secret: bytes, tried: bytes, put: str, looked: str) -> None:
    box = hands.shut(PEOPLE[0], secret, put)
    assert hands.opened(box, secret, PEOPLE[0].public, put) == PEOPLE[0]
    found = hands.opened(box, tried, PEOPLE[0].public, looked)
    assert found == (PEOPLE[0] if (tried, looked) == (secret, put) else None)
