"""Once an hour the bytes of packs that nobody handed over in time are destroyed."""

from procrastinate.contrib.django import app

from wilberforce.ledger.doors import as_system

from . import outside


@app.periodic(cron="25 * * * *")
@app.task(queue="watch", queueing_lock="packs", pass_context=False)
def drop_packs(timestamp: int = 0) -> int:
    """How many were over."""
    with as_system("platform_ops") as actor:
        return outside.drop_over(actor)
