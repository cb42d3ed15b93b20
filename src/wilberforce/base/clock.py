"""The one place that reads the machine's clock. Instants are stored in UTC, law is read in London."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    return datetime.now(UTC)


def in_london(instant: datetime) -> datetime:
    return instant.astimezone(LONDON)
