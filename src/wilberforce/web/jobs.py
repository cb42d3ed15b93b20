"""The machine's own watch."""

import structlog
from procrastinate.contrib.django import app

from . import readiness

log = structlog.stdlib.get_logger("wilberforce.web")


@app.periodic(cron="*/5 * * * *")
@app.task(queue="watch", queueing_lock="disk", pass_context=False)
def look_at_the_disk(timestamp: int = 0) -> None:
    used = readiness.disk_used()
    if used >= readiness.FILLING:
        log.warning("disk_filling", percent=round(used, 1))
