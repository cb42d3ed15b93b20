"""Up to where a backup holds what a device has sent: until then the device keeps it too."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models

LONGEST_TRANSACTION = timedelta(minutes=10)
"""What was received before a backup began may have been committed after it."""


def before() -> datetime | None:
    """Whatever was received before this moment is in a backup."""
    try:
        made = datetime.fromisoformat(json.loads((Path(settings.STATE) / "last_backup.json").read_text())["made"])
    except (OSError, ValueError, KeyError):
        return None
    return made - LONGEST_TRANSACTION


def upto(rows: "models.Manager[Any]") -> int:
    """Of one device, by their ``dseq`` and ``received_at``."""
    backed = before()
    if backed is None:
        return 0
    found = rows.aggregate(
        highest=models.Max("dseq"), not_yet=models.Min("dseq", filter=models.Q(received_at__gte=backed))
    )
    return int(found["not_yet"] - 1 if found["not_yet"] else found["highest"] or 0)
