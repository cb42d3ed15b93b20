"""What is known of somebody's needs and risks, group by group: for the whole shift, for the worker who knows their
story, and for the clinician. The answers of a group are one sealed text; what was there before a correction is kept."""

from typing import ClassVar

from django.db import models

from wilberforce.base.history import Former
from wilberforce.base.sealed import SealedField

from .models import OfPerson


class Answers(OfPerson):
    group = models.CharField(max_length=20)
    answers = SealedField(max_text=40_000)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint("controller_id", "person_id", "group", name="%(class)s_once_in_an_agency"),
        )


class Practical(Answers):
    """For everybody on the shift."""


class Story(Answers):
    """For the worker who is named for them."""


class Screening(Answers):
    """For the clinician who treats them."""

    data_class = "health"


class FormerAnswers(Former):
    data_class: ClassVar[str] = "support"

    centre_id = models.UUIDField()
    person_id = models.UUIDField(db_index=True)

    class Meta:
        abstract = True


class FormerPractical(FormerAnswers):
    pass


class FormerStory(FormerAnswers):
    pass


class FormerScreening(FormerAnswers):
    data_class = "health"
