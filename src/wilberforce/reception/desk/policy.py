"""Who may read what the desk wrote down: whoever may see the class it belongs to, at this centre."""

from wilberforce.access.protect import Protected, protect
from wilberforce.reception.policy import AT_THE_CENTRE, OF_PERSON

from . import models

PERSON_EVENTS = protect(Protected("person_ref", models.PersonEvent, subjects=OF_PERSON, facts=AT_THE_CENTRE))
CENTRE_EVENTS = protect(Protected("centre", models.CentreEvent, subjects=OF_PERSON, facts=AT_THE_CENTRE))
PICTURES = protect(
    Protected(
        "support",
        models.PictureEvent,
        subjects=OF_PERSON,
        projections={
            "given": (
                "centre_id", "person_id", "kind", "says", "base", "size", "sha256", "pieces", "key", "at", "claimed_at",
                "hlc", "tablet_id", "by", "taken_in_by", "recorded_at",
            )
        },
        facts=AT_THE_CENTRE,
    )
)  # fmt: skip
CARE_EVENTS = protect(
    Protected(
        "support",
        models.CareEvent,
        subjects=OF_PERSON,
        projections={
            "given": (
                "centre_id", "person_id", "kind", "says", "base", "quantity", "detail", "at", "claimed_at", "hlc",
                "tablet_id", "by", "taken_in_by", "recorded_at",
            )
        },
        facts=AT_THE_CENTRE,
    )
)  # fmt: skip
