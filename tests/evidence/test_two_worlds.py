"""What is hidden and what does not exist can't be told apart by anything that reaches whoever asks."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import fields
from time import monotonic
from typing import Any

from procrastinate.contrib.django import app

from .worlds import WAYS, Heard, World, heard_by_outsiders, pairs

PAIRS, SAMPLE = 10_000, 150


def test_a_hidden_record_answers_as_one_that_is_not_there(
    world: World, long: bool, until: float, evidence: Any
) -> None:
    compared, different, statuses = 0, [], Counter[int]()
    for pair in pairs(world, PAIRS if long else SAMPLE, random.Random(5)):  # noqa: S311 - a sample
        if monotonic() > until:
            break
        purpose = str(pair.address.arguments.get("purpose", ""))
        there, nowhere = (
            world.ask(pair.part, pair.way, asked, purpose, pair.names) for asked in (pair.there, pair.nowhere)
        )
        compared += 1
        statuses[there.status] += 1
        different += [(pair.address.route, pair.part, str(pair.way), *told) for told in differing(there, nowhere)]
    evidence(
        "two worlds: hidden or absent",
        pairs=compared,
        wanted=PAIRS if long else SAMPLE,
        differing=len(different),
        statuses=dict(statuses),
    )
    assert not different, "\n".join(map(str, different))
    assert compared == (PAIRS if long else SAMPLE) or monotonic() > until


def test_whoever_has_no_part_in_an_operation_hears_nothing_of_it(world: World, long: bool, evidence: Any) -> None:
    """Lists, second pages and searches, before anything was told and after the whole day."""
    after = heard_by_outsiders(world, long)
    different = [(*asked, *told) for asked, before in world.before.items() for told in differing(before, after[asked])]
    evidence("two worlds: before and after a day of others", pairs=len(after), differing=len(different))
    assert not different, "\n".join(map(str, different))


def test_the_operator_hears_which_jobs_ran_and_nothing_of_what_they_were_about(world: World) -> None:
    world.stay_fresh()
    page = world.ask("sysadmin", WAYS[0], "/platform-ops/jobs/", "platform_ops", {}).body
    told = {name.strip() for name in re.findall(r'<th scope="row"[^>]*>([^<]*)</th>', page)}
    tasks = {name.removeprefix("wilberforce.").split(".")[0] for name in app.tasks}
    assert told, "the day left jobs"
    assert {name.split(":")[0] for name in told} <= tasks
    assert not [record for records in world.records.values() for record in records if str(record) in page]


def differing(there: Heard, nowhere: Heard) -> list[tuple[Any, ...]]:
    return [
        (one.name, getattr(there, one.name), getattr(nowhere, one.name))
        for one in fields(Heard)
        if getattr(there, one.name) != getattr(nowhere, one.name)
    ]
