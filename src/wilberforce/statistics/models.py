"""What is kept: the safe figures of a quarter, drawn up once and frozen, and who said that they may go out."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wilberforce.base import clock
from wilberforce.base.ids import new_id


class Quarter(models.Model):
    """Of one force. ``enough``: ten people or more stand behind it; without them nothing of it is ever shown."""

    data_class: ClassVar[str] = "statistic"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    starts = models.DateField()
    drawn_up_at = models.DateTimeField(default=clock.now)
    drawn_up_by = models.UUIDField(help_text="membership")
    enough = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint("controller_id", "starts", name="statistics_quarter_once"),)


class Figure(models.Model):
    """The answer to one of the fixed questions. ``shown`` is empty where the count is hidden."""

    data_class: ClassVar[str] = "statistic"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    quarter_id = models.UUIDField(db_index=True)
    question = models.CharField(max_length=12)
    shown = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("quarter_id", "question", name="statistics_asked_once"),
            models.CheckConstraint(
                condition=Q(shown=None) | Q(shown__gte=5, shown=F("shown") / 5 * 5), name="statistics_rounded"
            ),
        )


class Yes(models.Model):
    """A guardian says that a quarter may go out. Two agencies say so before the public sees it."""

    data_class: ClassVar[str] = "statistic"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    controller_id = models.UUIDField()
    quarter_id = models.UUIDField()
    said_by = models.UUIDField(help_text="membership")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint("quarter_id", "controller_id", name="statistics_yes_once"),)
