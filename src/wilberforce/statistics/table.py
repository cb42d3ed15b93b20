"""Figures as a table: a row for each question, a column for each quarter, always all of them."""

from typing import Any

from wilberforce.access.context import Actor
from wilberforce.agencies.models import Agency

from . import policy, rules

HIDDEN = "[c]"
LATEST = ("-starts", "controller_id")
MANY = 40


def quarters(actor: Actor) -> list[dict[str, Any]]:
    """Each with its force, its answers in the order of the questions, and which agencies have said yes."""
    rows = policy.QUARTERS.many(actor, order_by=LATEST, limit=MANY)
    figures = policy.FIGURES.many(actor, order_by=("id",), limit=MANY * len(rules.QUESTIONS))
    yeses = policy.YESES.many(actor, order_by=("at",), limit=MANY * 10) if actor.kind != "public" else []
    agencies = {row["controller_id"] for row in [*rows, *yeses]}
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("id", "name"))
    answers = {(row["quarter_id"], row["question"]): row["shown"] for row in figures}
    for row in rows:
        said = [answers[row["id"], question.code] for question in rules.QUESTIONS]
        row |= {"force": names[row["controller_id"]], "words": rules.in_words(row["starts"])}
        row["lines"] = [(q, HIDDEN if n is None else f"{n:,}") for q, n in zip(rules.QUESTIONS, said, strict=True)]
        row["yes"] = [names[yes["controller_id"]] for yes in yeses if yes["quarter_id"] == row["id"]]
        row["mine"] = actor.agency in [yes["controller_id"] for yes in yeses if yes["quarter_id"] == row["id"]]
        row["out"] = len(row["yes"]) >= rules.YESES.value
    return rows
