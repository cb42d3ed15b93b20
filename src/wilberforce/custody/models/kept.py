"""What every row carries. ``controller_id`` is the force that wrote it, or that arrested or detains."""

from typing import ClassVar

from django.db import models

from wilberforce.base import clock
from wilberforce.base.ids import new_id


class OfCase(models.Model):
    """``controller_id`` is the force that wrote it."""

    data_class: ClassVar[str] = "suspect"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    operation_id = models.UUIDField(db_index=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True
