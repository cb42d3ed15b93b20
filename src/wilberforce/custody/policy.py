"""Who may see and write what of an arrest and a detention.

Nobody who arrested the person, works on the case or commands the operation touches the custody record.
"""

from wilberforce.access.protect import Protected, protect

from .models import (
    Absence,
    Arrest,
    Detention,
    Entry,
    Exhibit,
    ExhibitMove,
    FormerArrest,
    FormerDetention,
    FormerExhibit,
    News,
    Outcome,
    Proceeding,
    Review,
    Telling,
    Transfer,
    Unused,
    Weighing,
)

FACTS = {
    "independent": (
        "arrested_by <> ALL (ARRAY(SELECT agencies_my_seats()))"
        " AND NOT operation_id = ANY (ARRAY(SELECT fact_case_member()))"
        " AND NOT operation_id = ANY (ARRAY(SELECT fact_op_lead()))"
    ),
    "case_member": "operation_id = ANY (ARRAY(SELECT fact_case_member()))",
    # no handling code: whoever is vetted at all reaches it
    "vetted": "(SELECT ctx_vetting()) >= 1",
}


def taken_over(arrest: str) -> dict[str, str]:
    """The force that takes the person over takes the record of the arrest over with them (PACE 1984 s.39(1))."""
    handed = f"{arrest} = ANY (ARRAY(SELECT custody_handed_over()))"
    return {"own_agency": f"(SELECT ctx_agency()) IN (controller_id, taken_to) OR {handed}"}


FORMER = ("operation_id", "record_id", "record_version", "replaced_at", "replaced_by", "was", "why")
KEPT = ("operation_id", "arrested_by", "recorded_at")
OF_DETENTION = (*KEPT, "arrest_id", "detention_id")
SUBJECTS = {"operation": "operation_id", "record": "arrest_id"}

ARRESTS = protect(
    Protected(
        "suspect",
        Arrest,
        subjects={"operation": "operation_id", "site": "site_id", "record": "id"},
        projections={
            "arrest": (
                *KEPT, "reference", "site_id", "label", "label_digest", "sex", "age_one_of", "ages_group", "offences",
                "arrested_at", "place", "grounds", "taken_to",
            ),
        },
        facts=FACTS | taken_over("id"),
    )
)  # fmt: skip
FORMER_ARRESTS = protect(
    Protected(
        "suspect",
        FormerArrest,
        subjects={"operation": "operation_id", "record": "record_id"},
        projections={"arrest": (*FORMER, "arrested_by", "taken_to")},
        facts=FACTS | taken_over("record_id"),
    )
)
DETENTIONS = protect(
    Protected(
        "suspect",
        Detention,
        subjects=SUBJECTS,
        projections={
            "detention": (
                *KEPT, "reference", "arrest_id", "station", "brought", "left_at", "arrested_at", "arrived_at",
                "relevant_at",
                "booked_by", "authorised_at", "authorised_by", "first_authorised_at", "grounds", "rights", "rights_at",
                "language", "interpreter", "appropriate_adult", "possible_victim", "extended_at", "extended_by",
                "extension_reason", "ended_at",
            ),
        },
        facts=FACTS,
    )
)  # fmt: skip
FORMER_DETENTIONS = protect(
    Protected(
        "suspect",
        FormerDetention,
        subjects=SUBJECTS,
        projections={"detention": (*FORMER, "arrested_by", "arrest_id")},
        facts=FACTS,
    )
)
ABSENCES = protect(
    Protected(
        "suspect",
        Absence,
        subjects=SUBJECTS,
        projections={"detention": (*OF_DETENTION, "left_at", "back_at")},
        facts=FACTS,
    )
)
REVIEWS = protect(
    Protected(
        "suspect",
        Review,
        subjects=SUBJECTS,
        projections={"detention": (*OF_DETENTION, "kind", "due_at", "at", "by", "decision", "reason")},
        facts=FACTS,
    )
)
ENTRIES = protect(
    Protected(
        "suspect",
        Entry,
        subjects=SUBJECTS,
        projections={"detention": (*OF_DETENTION, "kind", "at", "until", "hours", "codes", "by", "text")},
        facts=FACTS,
    )
)
OUTCOMES = protect(
    Protected(
        "suspect",
        Outcome,
        subjects=SUBJECTS,
        projections={
            "detention": (
                *OF_DETENTION,
                "kind",
                "at",
                "by",
                "offences",
                "bail_case",
                "bail_until",
                "reason",
                "unweighed",
                "instead_of",
            )
        },
        facts=FACTS,
    )
)
TRANSFERS = protect(
    Protected(
        "suspect",
        Transfer,
        subjects=SUBJECTS,
        projections={
            "detention": (
                *OF_DETENTION, "to_force", "terms", "left_at", "by", "relevant_at", "first_authorised_at", "carried",
                "received_at", "received_force",
            ),
        },
        facts=FACTS | {"own_agency": "(SELECT ctx_agency()) IN (controller_id, to_force)"},
    )
)  # fmt: skip

OF_CASE = {name: FACTS[name] for name in ("case_member", "vetted")}
EXHIBITS = protect(
    Protected(
        "suspect",
        Exhibit,
        subjects={"operation": "operation_id", "site": "site_id", "record": "id"},
        projections={
            "exhibit": (
                "operation_id", "recorded_at", "reference", "site_id", "mark", "mark_digest", "kind", "description",
                "place", "bag", "power", "seized_at", "seized_by", "written_by", "owner_id", "owner", "control_id",
                "control",
            ),
            "material_reference": ("operation_id", "recorded_at", "reference"),
        },
        facts=OF_CASE,
    )
)  # fmt: skip
EXHIBIT_MOVES = protect(
    Protected(
        "suspect",
        ExhibitMove,
        subjects={"operation": "operation_id", "record": "exhibit_id"},
        projections={
            "exhibit": (
                "operation_id", "exhibit_id", "recorded_at", "number", "kind", "at", "given_by", "received_by", "place",
                "bag", "why", "by",
            ),
        },
        facts=OF_CASE,
    )
)  # fmt: skip
FORMER_EXHIBITS = protect(
    Protected(
        "suspect",
        FormerExhibit,
        subjects={"operation": "operation_id", "record": "record_id"},
        projections={
            "exhibit": FORMER,
        },
        facts=OF_CASE,
    )
)
NEWS = protect(
    Protected(
        "suspect",
        News,
        subjects={"operation": "operation_id", "record": "arrest_id"},
        projections={
            "victim_news": (
                "operation_id",
                "arrested_by",
                "recorded_at",
                "arrest_id",
                "reference",
                "kind",
                "at",
                "until",
            ),
        },
        facts=FACTS,
    )
)
TELLINGS = protect(
    Protected(
        "suspect",
        Telling,
        subjects={"operation": "operation_id"},
        projections={
            "victim_news": (
                "operation_id", "recorded_at", "news_id", "found_id", "person", "answer", "at", "by", "words",
            ),
        },
        facts=OF_CASE,
    )
)  # fmt: skip
UNUSED = protect(
    Protected(
        "suspect",
        Unused,
        subjects={"operation": "operation_id", "record": "id"},
        projections={
            "unused_schedule": (
                "operation_id", "recorded_at", "number", "description", "held_at", "exhibit_id", "exhibit", "inspected",
                "sensitive", "decision", "decided_by", "written_by", "instead_of", "why", "replaced_at",
            ),
        },
        facts=OF_CASE,
    )
)  # fmt: skip
PROCEEDINGS = protect(
    Protected(
        "suspect",
        Proceeding,
        subjects={"operation": "operation_id", "record": "arrest_id"},
        projections={
            "proceedings": (
                "operation_id", "recorded_at", "arrest_id", "kind", "at", "until", "spent", "offences", "text",
                "unweighed", "by", "instead_of",
            ),
        },
        facts=OF_CASE,
    )
)  # fmt: skip
WEIGHINGS = protect(
    Protected(
        "suspect",
        Weighing,
        subjects={"operation": "operation_id", "record": "arrest_id"},
        projections={
            "defence": (
                *KEPT, "arrest_id", "taken_to", "whose", "at", "by", "decided_by", "may_be_victim", "age", "offences",
                "scheduled", "compelled", "linked", "reasonable", "considered", "conclusion", "charging", "reason",
                "instead_of",
            ),
            "defence_weighed": ("operation_id", "arrested_by", "arrest_id", "whose", "at", "charging", "instead_of"),
        },
        facts=FACTS | taken_over("arrest_id"),
        reads_only=frozenset({"defence_weighed"}),
    )
)  # fmt: skip
