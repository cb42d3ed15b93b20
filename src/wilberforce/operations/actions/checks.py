"""A question from a site to the intelligence desk, and its answer, both with their times."""

from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action
from wilberforce.operations import policy
from wilberforce.operations.models import FastCheck

from .sense import marked, one_at_a_time, still_open

DAY_LOG, DESK = "day_log", "fast_check"
ABOUT = {"operation": "operation_id"}


@action("operation", "W", about=ABOUT, projection=DAY_LOG)
def ask_desk(actor: Actor, operation_id: UUID, *, question: str, site_id: UUID | None = None) -> FastCheck:
    if not question.strip():
        raise RuleBroken("Write what you need to know.", field="question")
    operation = still_open(actor, operation_id, DAY_LOG)
    if site_id and policy.SITES.one(actor, site_id, projection=DAY_LOG)["operation_id"] != operation_id:
        raise RuleBroken("Choose a site of this operation.", field="site_id")
    one_at_a_time(operation_id)
    number = policy.CHECKS.count(actor, Q(operation_id=operation_id)) + 1
    asked = FastCheck(
        controller_id=operation["controller_id"], operation_id=operation_id, site_id=site_id, number=number,
        question=marked(operation_id, question), asked_by=actor.me,
    )  # fmt: skip
    return policy.CHECKS.add(actor, asked, projection=DAY_LOG)


def answer_site(actor: Actor, check_id: UUID, *, answer: str, version: int | None = None) -> FastCheck:
    row = policy.CHECKS.one(actor, check_id, projection=DESK)
    return answered(actor, row["operation_id"], check_id=check_id, answer=answer, version=version)


@action("operation", "W", about=ABOUT, projection=DESK)
def answered(actor: Actor, operation_id: UUID, *, check_id: UUID, answer: str, version: int | None = None) -> FastCheck:
    """Only what the site needs: the file stays at the desk."""
    if policy.CHECKS.one(actor, check_id, projection=DESK)["answered_at"]:
        raise RuleBroken("This has been answered already.")
    if not answer.strip():
        raise RuleBroken("Write what the site may know.", field="answer")
    changes = {"answer": marked(operation_id, answer), "answered_by": actor.me, "answered_at": clock.now()}
    return policy.CHECKS.change(actor, check_id, changes, version=version, projection=DESK)
