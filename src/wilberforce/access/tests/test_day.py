"""The day from the first report to the published bulletin: each step has a rule, and asks for exactly these facts."""

import csv
from pathlib import Path

import pytest

from wilberforce.access.matrix import load_matrix
from wilberforce.access.rules import Question, candidates, decide

with (Path(__file__).parent / "day.csv").open(encoding="utf-8", newline="") as stream:
    DAY = list(csv.DictReader(stream))


def question_of(who: str, action: str, on: str, purpose: str) -> Question:
    kind, role = who.split("/")
    cls, _, projection = on.partition(".")
    return Question(kind, role, cls, purpose, action, projection or None)


@pytest.mark.parametrize("step", DAY, ids=[step["step"] for step in DAY])
def test_the_day_can_be_played(step: dict[str, str]) -> None:
    asked = question_of(step["who"], step["action"], step["on"], step["purpose"])
    held = frozenset(step["facts"].split())
    assert decide(load_matrix(), asked, held).allowed
    for fact in held:
        assert not decide(load_matrix(), asked, held - {fact}).allowed, f"without {fact}"


NEVER = """
another partner reads the city's brief            | fire/op_member R operation.brief.city op_planning
the desk browses intelligence                     | police/report_desk R intel triage
the charity reads about a suspect                 | redcross/reception_manager R suspect reception
fire reads who was found                          | fire/op_member R operation.site_found op_safety
the writer of the bulletin reads the case         | police/comms_officer R operation public_info
an arresting officer writes the custody record    | police/op_member W suspect.detention op_safety
the charity refers                                | redcross/reception_manager W immigration nrm
the benefits office reads an address              | dwp/benefit_support R location support
a housing officer reads a name                    | county/housing_officer R identity support
the commander reads who sleeps where              | police/op_commander R centre op_safety
the commander writes the bulletin                 | police/op_commander W release.draft public_info
the operator reads a subscriber                   | platform/sysadmin R subscriber platform_ops
an officer reads a subscriber                     | police/comms_officer R subscriber public_info
"""


@pytest.mark.parametrize("line", NEVER.strip().splitlines())
def test_no_fact_opens_what_nobody_needs(line: str) -> None:
    step, question = (part.strip() for part in line.split("|"))
    assert candidates(load_matrix(), question_of(*question.split())) == (), step
