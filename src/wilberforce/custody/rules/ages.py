"""What is known about the people arrested: their ages, as they were said."""

from dataclasses import dataclass
from datetime import date

from wilberforce.base.lawrule import Rule

CHECKED = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class AgesKnown:
    """The ages of people arrested together, where it is not known which age is whose.

    It is kept as it was said, 'aged 32 and 27', beside the persons; nobody's age is filled in from it.
    """

    people: tuple[str, ...]
    ages: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(set(self.people)) != len(self.people):
            raise ValueError("each person arrested is named once")
        if len(self.people) != len(self.ages):
            raise ValueError("there are as many ages as people")
        for age in self.ages:
            check_age(age)

    def possible(self, person: str) -> frozenset[int]:
        if person not in self.people:
            raise ValueError("this person is not one of those arrested together")
        return frozenset(self.ages)

    def known(self, person: str) -> int | None:
        possible = self.possible(person)
        return next(iter(possible)) if len(possible) == 1 else None

    def settle(self, person: str, age: int) -> tuple["AgesKnown", "AgesKnown"]:
        """Once one person's age is established: that person alone, and the rest."""
        if age not in self.possible(person):
            raise ValueError("this is not one of the ages that were given")
        rest = list(self.ages)
        rest.remove(age)
        others = tuple(one for one in self.people if one != person)
        return AgesKnown((person,), (age,)), AgesKnown(others, tuple(rest))

    def __str__(self) -> str:
        words = [str(age) for age in self.ages]
        return f"aged {' and '.join([', '.join(words[:-1]), words[-1]] if words[1:] else words)}"


CRIMINAL_RESPONSIBILITY = Rule(
    "youngest age at which a person can be arrested for an offence",
    10,
    "Children and Young Persons Act 1933 s.50",
    CHECKED,
)
OLDEST_AGE = 120


def check_age(age: int) -> int:
    if not CRIMINAL_RESPONSIBILITY.value <= age <= OLDEST_AGE:
        raise ValueError(f"an age is between {CRIMINAL_RESPONSIBILITY.value} and {OLDEST_AGE}")
    return age
