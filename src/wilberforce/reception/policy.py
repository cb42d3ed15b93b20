"""Who may see what of a centre: those on its roster while on shift, and its manager always."""

from uuid import UUID

from django.db import connection

from wilberforce.access.protect import Protected, protect

from . import care, house, interpreting, models, needs, premises

AT_THE_CENTRE = {"same_centre": "centre_id = ANY (ARRAY(SELECT fact_same_centre()))"}
"""What somebody at this centre did is read by the centre, also after the person has left."""

OF_CENTRE = {"centre": "centre_id"}
OF_PERSON = {"person": "person_id", "centre": "centre_id"}

CENTRES = protect(
    Protected(
        "centre",
        models.Centre,
        subjects={"centre": "id"},
        projections={"head_count": ("state", "capacity")},
    )
)
ROOMS = protect(Protected("centre", models.Room, subjects=OF_CENTRE))
FORMER_HOUSES = protect(Protected("centre", house.FormerHouse, subjects=OF_CENTRE))
ROSTER = protect(Protected("centre", models.CentreRoster, subjects=OF_CENTRE))
PRESENCES = protect(
    Protected(
        "centre",
        models.Presence,
        subjects=OF_PERSON,
        projections={"head_count": ("centre_id", "since", "until")},
        facts=AT_THE_CENTRE
        | {
            "op_lead": "centre_id = ANY (ARRAY(SELECT fact_op_lead()))",
            "op_linked": "centre_id = ANY (ARRAY(SELECT fact_op_linked()))",
        },
    )
)
MOVEMENTS = protect(Protected("centre", models.Movement, subjects=OF_PERSON, facts=AT_THE_CENTRE))
STOCK = protect(Protected("centre", models.StockChange, subjects=OF_CENTRE))

GIVEN = protect(
    Protected(
        "support",
        models.Given,
        subjects=OF_PERSON,
        projections={
            "given": (
                "centre_id",
                "person_id",
                "kind",
                "thing",
                "detail",
                "quantity",
                "at",
                "by",
                "corrects",
                "stands",
            ),
        },
    )
)
LEAVINGS = protect(
    Protected(
        "support",
        models.Leaving,
        subjects=OF_PERSON,
        projections={
            "given": ("centre_id", "person_id", "destination", "transport", "choice", "card", "at", "by"),
        },
        facts=AT_THE_CENTRE,
    )
)
BELONGINGS = protect(
    Protected(
        "support",
        care.Belonging,
        subjects=OF_PERSON,
        projections={
            "given": ("centre_id", "person_id", "bag", "receipt", "what", "at", "by", "returned_at", "returned_by")
        },
        facts=AT_THE_CENTRE,
    )
)
FOLLOW_UPS = protect(
    Protected(
        "support",
        care.FollowUp,
        subjects=OF_PERSON,
        projections={
            "follow_up": ("centre_id", "person_id", "due_on", "way", "contact", "outcome", "done_at", "at", "by"),
        },
        facts=AT_THE_CENTRE,
    )
)
FORMER = ("record_id", "record_version", "replaced_at", "replaced_by", "was", "why")
FORMERLY = {"given": ("centre_id", "person_id", *FORMER)}
FORMER_CARE = protect(
    Protected("support", care.FormerCare, subjects=OF_PERSON, projections=FORMERLY, facts=AT_THE_CENTRE)
)
FORMER_FOLLOW_UPS = protect(
    Protected(
        "support",
        care.FormerFollowUp,
        subjects=OF_PERSON,
        projections={"follow_up": ("centre_id", "person_id", *FORMER)},
        facts=AT_THE_CENTRE,
    )
)
APARTS = protect(
    Protected(
        "support",
        care.Apart,
        subjects=OF_PERSON,
        projections={"given": ("centre_id", "person_id", "other_id", "at", "by", "ended_at")},
        facts=AT_THE_CENTRE,
    )
)
REMINDERS = protect(
    Protected(
        "health",
        care.Reminder,
        subjects=OF_PERSON,
        projections={"care_flags": ("centre_id", "person_id", "kind", "due_at", "detail", "done_at")},
    )
)
CLOCKS = protect(Protected("health", care.ClinicalClock, subjects=OF_PERSON))
CHECKS = protect(Protected("centre", house.Check, subjects=OF_CENTRE))

IN_THE_PLAN = (
    "name", "district", "capacity", "beds_women", "beds_men", "toilets", "showers", "rooms", "features", "looked_at",
    "ended_at",
)  # fmt: skip
NO_CASE = {"handling_ok": "false"}
"""A directory belongs to no operation and to no case."""
PREMISES = protect(
    Protected(
        "operation",
        premises.Premises,
        subjects={"agency": "controller_id"},
        projections={"premises": (*IN_THE_PLAN, "address", "contact", "note"), "premises_plan": IN_THE_PLAN},
        facts={
            "agreement": "controller_id = (SELECT ctx_agency())"
            " OR controller_id = ANY (ARRAY(SELECT fact_agreement('operation', 'premises')))"
            " OR controller_id = ANY (ARRAY(SELECT fact_agreement('operation', 'premises_plan')))",
            **NO_CASE,
        },
    )
)
FORMER_PREMISES = protect(
    Protected(
        "operation",
        premises.FormerPremises,
        subjects={"agency": "controller_id"},
        projections={"premises": FORMER},
        # what a council wrote before is its own: an agreement opens what stands there now
        facts={"agreement": "controller_id = (SELECT ctx_agency())", **NO_CASE},
    )
)

KNOWN = {"given": ("centre_id", "person_id", "group", "answers", "at", "by")}
PRACTICAL = protect(Protected("support", needs.Practical, subjects=OF_PERSON, projections=KNOWN))
FORMER_PRACTICAL = protect(Protected("support", needs.FormerPractical, subjects=OF_PERSON, projections=FORMERLY))
STORIES = protect(
    Protected(
        "support",
        needs.Story,
        subjects=OF_PERSON,
        projections={"nrm_safety": ("person_id", "group", "answers", "at")},
        # of all that they told, what they told of their safety
        facts={
            "disclosed": "person_id = ANY (ARRAY(SELECT fact_disclosed('support', 'nrm_safety')))"
            " AND \"group\" = 'safety'"
        },
        reads_only=frozenset({"nrm_safety"}),
    )
)
FORMER_STORIES = protect(Protected("support", needs.FormerStory, subjects=OF_PERSON))
SCREENINGS = protect(Protected("health", needs.Screening, subjects=OF_PERSON))
FORMER_SCREENINGS = protect(Protected("health", needs.FormerScreening, subjects=OF_PERSON))
INTERPRETING = protect(
    Protected(
        "support",
        interpreting.Interpreting,
        subjects=OF_PERSON,
        projections={
            "given": (
                "centre_id", "person_id", "at", "by", "language", "way", "gender", "who", "booked_for", "arrived_at",
                "began_at", "with_id", "ended_at", "stopped", "left_at", "called_off", "called_off_at",
            )
        },
        facts=AT_THE_CENTRE,
    )
)  # fmt: skip
HANDED_OVER = protect(Protected("centre", house.HandedOver, subjects=OF_CENTRE))
RECORDINGS = protect(
    Protected(
        "centre",
        house.Recording,
        subjects=OF_CENTRE,
        projections={"spoken": ("centre_id", "sentence", "language", "kind", "at", "by")},
        # spoken once, played at every centre of the agency
        facts={"same_centre": "controller_id = (SELECT ctx_agency())"},
    )
)


def expected(centre_id: UUID) -> dict[UUID, bool]:
    """Whom the actor's centre still expects, and who of them is here: whether each has arrived."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, arrived FROM reception_expected(%s)", [centre_id])
        return dict(cursor.fetchall())
