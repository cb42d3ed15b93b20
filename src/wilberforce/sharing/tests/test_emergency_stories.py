"""Every order of answers at every age of the call: after each step the address is open exactly while it may be."""

import contextlib
import random
from datetime import timedelta
from itertools import permutations, product

import pytest

from wilberforce.base.errors import NotAllowed, RuleBroken

from .test_emergencies import addresses, answers, reference, seconds, threatened  # noqa: F401 - fixtures

SEED, ORDINARY = 1807, 12
AGES = (0, 110, 130, 590, 610, 7000, 14390, 14410)
ORDERS = [order for length in (1, 2, 3) for order in permutations(("yes", "no", "second"), length)]
STORIES = [(age, order) for age, order in product(AGES, ORDERS)]
DRAWN = random.Random(SEED).sample(STORIES, ORDINARY)  # noqa: S311 - a sample, not a secret


class Model:
    """What is known of one call, written apart from the product."""

    def __init__(self, age):
        self.age, self.peer, self.seconded = age, "", False

    def take(self, step):
        over = self.age >= 4 * 3600
        if step == "second":
            self.seconded |= not self.peer and self.age >= 120
        elif not self.peer and not over:
            self.peer = step

    @property
    def open(self):
        if self.age >= 4 * 3600 or self.peer == "no":
            return False
        return self.seconded or (self.peer == "yes" and self.age <= 600)


def plays(at, threatened, age, order):  # noqa: F811
    found, model = threatened(ago=timedelta(seconds=age)), Model(age)
    for step in order:
        with contextlib.suppress(RuleBroken, NotAllowed):
            if step == "second":
                seconds(at, found)
            else:
                answers(at, found, said=step)
        model.take(step)
        assert bool(addresses(at)) == model.open, step


@pytest.mark.parametrize(("age", "order"), DRAWN, ids=[f"{age}-{'-'.join(order)}" for age, order in DRAWN])
def test_the_address_is_open_exactly_while_it_may_be(at, threatened, age, order):  # noqa: F811
    plays(at, threatened, age, order)


@pytest.mark.long
@pytest.mark.parametrize(("age", "order"), STORIES, ids=[f"{age}-{'-'.join(order)}" for age, order in STORIES])
def test_in_every_story_the_address_is_open_exactly_while_it_may_be(at, threatened, age, order):  # noqa: F811
    plays(at, threatened, age, order)
