"""At night, what a large centre's pages would take too long to count while somebody waits."""

from django.db import connection
from procrastinate.contrib.django import app

from wilberforce.ledger.doors import as_system


@app.periodic(cron="25 4 * * *")
@app.task(queue="watch", queueing_lock="centres", pass_context=False)
def count_large_centres(timestamp: int = 0) -> int:
    """Of how many centres it kept the counts."""
    with as_system("reception"), connection.cursor() as cursor:
        cursor.execute("SELECT reception_count_at_night()")
        (counted,) = cursor.fetchone() or (0,)
    return int(counted)
