"""Once a day what is over is filed with the guardians of the agency that controls it."""

from procrastinate.contrib.django import app

from wilberforce.base import clock
from wilberforce.deadlines import actions as deadlines
from wilberforce.ledger.doors import as_system

from . import policy
from .actions import code
from .models import Due


@app.periodic(cron="15 4 * * *")
@app.task(queue="watch", queueing_lock="retention", pass_context=False)
def look_at_what_is_over(timestamp: int = 0) -> int:
    """How many are over since it last looked."""
    with as_system("platform_ops") as actor:
        policy.remind_heirs()
        found = policy.newly_over(clock.now())
        Due.objects.bulk_create(
            Due(
                agency_id=one.agency_id, subject_id=one.subject_id, data_class=one.retention.data_class, began=one.began
            )
            for one in found
        )
        for one in found:
            deadlines.file(
                actor, one.subject_id, rule=code(one.retention.data_class), due_at=one.due_at,
                role="data_guardian", agency_id=one.agency_id,
            )  # fmt: skip
    return len(found)
