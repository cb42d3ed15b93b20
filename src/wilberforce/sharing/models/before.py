"""What was there before a change of what is shared with whom. The database writes it, and nobody else can."""

from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import new_id


class Before(models.Model):
    """``was``: the earlier values of what changed. Ids, codes, dates, and the words of an agreement."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    what = models.CharField(max_length=20)
    record_id = models.UUIDField()
    from_agency_id = models.UUIDField()
    to_agency_id = models.UUIDField()
    at = models.DateTimeField(default=clock.now)
    by = models.UUIDField(null=True, blank=True)
    was = models.JSONField()
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index("record_id", "at", name="before_of"),)
