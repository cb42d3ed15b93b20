"""What a record said before it was corrected. Each class keeps one such table beside its own."""

from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import new_id
from wilberforce.base.sealed import SealedField

LONGEST_REASON = 500


class Former(models.Model):
    """Never changed. ``was`` holds the old values of what was corrected; the table adds the columns that its policy
    asks about."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    record_id = models.UUIDField(db_index=True)
    record_version = models.PositiveIntegerField()
    replaced_at = models.DateTimeField(default=clock.now)
    replaced_by = models.UUIDField()
    was = SealedField(max_text=60_000)
    why = SealedField(max_text=LONGEST_REASON)

    class Meta:
        abstract = True
