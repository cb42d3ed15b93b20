"""A million steps through what opens a record for a while, each followed by a look: no read without a live fact."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from wilberforce.agencies.cast import cast_already_here

from .ground import Ground
from .machine_consent import Consent
from .machine_disclosure import Disclosure
from .machine_emergency import Emergency
from .machine_retention import Retention
from .machine_window import Window

SEED, WALK, AT_ONCE = 1833, 50, 40
SHORT = 1_000
WANTED = {Consent: 280_000, Disclosure: 240_000, Emergency: 120_000, Window: 120_000, Retention: 240_000}
"""A million together: more of them where a step costs less."""


@pytest.fixture(scope="module")
def ground(lasting_db: None) -> Iterator[Ground]:
    made = Ground(cast_already_here())
    yield made
    made.close()


@pytest.mark.parametrize("machine", WANTED, ids=lambda machine: machine.__name__)
def test_nothing_is_seen_without_a_live_fact(
    machine: Any, ground: Ground, long: bool, until: float, evidence: Any
) -> None:
    machine.ground, machine.steps, machine.seen = ground, 0, 0
    wanted, drawn = WANTED[machine] if long else SHORT, SEED
    walks = settings(
        max_examples=AT_ONCE, stateful_step_count=WALK, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    wrong = 1
    try:
        while machine.steps < wanted and monotonic() < until:
            run_state_machine_as_test(seed(drawn)(machine), settings=walks)
            drawn += 1
        wrong = 0
    finally:
        name = f"state machine: {machine.__name__.lower()}"
        told = {"steps": machine.steps, "wanted": wanted, "seed": SEED, "rightly_seen": machine.seen, "wrong": wrong}
        evidence(name, **told)
    assert machine.seen > machine.steps / 100
