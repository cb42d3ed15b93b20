"""How long an agency waits for its copy of the operation order on paper, through the page that prints it."""

import re
import time
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse

from wilberforce.agencies.cast import Cast, found_cast
from wilberforce.agencies.demo import client_of, seat_without_browser
from wilberforce.base import clock
from wilberforce.ledger.doors import at_work
from wilberforce.operations import actions, board
from wilberforce.operations.models import Chance, Iimarch

from .copies import CannotMeasure, copied

PARTS, WORDS, TIMES = 6, 130, 5


def measure() -> dict[str, Any]:
    """``seconds``: the slowest of all, the first one of a fresh process among them."""
    with copied():
        cast = found_cast()
        address = _an_order(cast)
        browser = client_of(cast["op_member_a"], Client())
        took, printed = [], b""
        for _ in range(TIMES):
            began = time.monotonic()
            answer = browser.get(address)
            took.append(time.monotonic() - began)
            if answer.status_code != 200:
                raise CannotMeasure(f"The page that prints the order answered {answer.status_code}.")
            printed = answer.content
    return {
        "seconds": round(max(took), 2),
        "again_seconds": round(min(took), 2),
        "pages": len(re.findall(rb"/Type ?/Page\b", printed)),
        "tagged": b"/StructTreeRoot" in printed and b"/Marked true" in printed,
    }


def _an_order(cast: Cast) -> str:
    """Seven headings with six parts each, three sites, and everything that may go wrong."""
    words = " ".join(["Keep everybody alive and look after the people found first."] * (WORDS // 10))
    with at_work(seat_without_browser(cast["op_commander"]), "op_planning") as actor:
        starts = clock.now() + timedelta(hours=6)
        operation = actions.plan(
            actor, name="A measurement", objectives="-", threat="-", proportionality="-", strand="pursue",
            planned_for=starts,
        )  # fmt: skip
        for ref in "ABC":
            actions.add_site(actor, operation.pk, ref=ref, place="Normanton (Derby)", premises="house")
        actions.join_roster(actor, operation.pk, membership_id=cast["op_member_a"].pk, part="search")
        for heading in Iimarch:
            for _ in range(PARTS):
                actions.write_part(actor, operation.pk, heading=heading, text=words)
        for chance in Chance.values:
            actions.plan_for(actor, operation.pk, chance=chance, sign=words, answer=words, decides="silver")
        actions.issue_order(actor, operation.pk)
    with at_work(seat_without_browser(cast["op_member_a"]), "op_planning") as actor:
        return reverse("op_planning:order_pdf", args=[board.briefs(actor)[0]["id"]])
