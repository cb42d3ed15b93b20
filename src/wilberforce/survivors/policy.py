"""Which table is which class, and which columns a narrower view shows."""

from collections.abc import Sequence
from uuid import UUID

from wilberforce.access import asking
from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, protect
from wilberforce.access.rules import Question, decide
from wilberforce.ledger.pages import READINESS

from . import models

OF_PERSON = {"person": "person_id"}
COPY = "sar_bundle"
"""The person's own copy: without an address, without whoever else is named in columns of their own."""
OF_RECORD = {"person": "person_id", "material": "id"}
CARE_FLAGS = ("person_id", "kind", "detail", "recorded_at", "ended_at")
REQUESTED = {
    "requested_material": ("person_id", "text", "recorded_at", "counselling"),
    COPY: ("person_id", "text", "recorded_at"),
}

PEOPLE = protect(
    Protected(
        "person_ref",
        models.Person,
        subjects={"person": "id", "operation": "operation_id", "centre": "centre_id"},
        projections={
            "housing_need": ("reference", "languages", "household_size", "access_needs", "avoid_area_id"),
            "safeguarding_alert": ("reference", "age", "languages", "interpreter", "interpreter_gender", "needs"),
            "dtn_anonymous": ("age", "languages"),
            COPY: (
                "reference",
                "age",
                "languages",
                "interpreter",
                "interpreter_gender",
                "household_size",
                "needs",
                "access_needs",
                "begun_at",
            ),
        },
    )
)
FORMER_PEOPLE = protect(
    Protected(
        "person_ref",
        models.FormerPerson,
        subjects={"person": "record_id", "operation": "operation_id", "centre": "centre_id"},
    )
)
ROLES = protect(
    Protected(
        "person_ref",
        models.PersonRole,
        subjects=OF_PERSON,
        projections={COPY: ("person_id", "role", "basis", "since", "until")},
    )
)

IDENTITIES = protect(
    Protected(
        "identity",
        models.Identity,
        subjects=OF_PERSON,
        projections={
            "claim_min": ("person_id", "given_names", "family_name", "date_of_birth", "national_insurance", "care_of"),
            "safeguarding_alert": (
                "person_id", "given_names", "family_name", "also_known_as", "date_of_birth", "stated_age",
                "age_confidence", "sex",
            ),
            COPY: (
                "person_id", "given_names", "family_name", "also_known_as", "date_of_birth", "stated_age", "sex",
                "nationality", "national_insurance", "contact", "contact_is_safe",
            ),
        },
    )
)  # fmt: skip
FORMER_IDENTITIES = protect(Protected("identity", models.FormerIdentity, subjects=OF_PERSON))

TOLD = protect(
    Protected(
        "consent", models.Told, subjects=OF_PERSON, projections={COPY: ("person_id", "step", "language", "told_at")}
    )
)
ANSWERS = protect(
    Protected(
        "consent",
        models.Answer,
        subjects=OF_PERSON,
        projections={COPY: ("person_id", "about_class", "purpose", "answer", "recorded_at")},
    )
)
LEGAL_BASES = protect(Protected("consent", models.LegalBasis, subjects=OF_PERSON))

CARE = protect(
    Protected(
        "health",
        models.CareFlag,
        subjects=OF_RECORD,
        projections=dict.fromkeys(("care_flags", "care_needs", "nrm_health", "requested_material", COPY), CARE_FLAGS),
    )
)
CLINICAL_NOTES = protect(Protected("health", models.ClinicalNote, subjects=OF_RECORD, projections=REQUESTED))
NOTES = protect(Protected("support", models.Note, subjects=OF_RECORD, projections=REQUESTED))
NEXT_PLACES = protect(Protected("location", models.NextPlace, subjects=OF_PERSON))
FORMER_PLACES = protect(Protected("location", models.FormerPlace, subjects=OF_PERSON))
ACCOUNTS = protect(
    Protected(
        "account",
        models.Account,
        subjects={"person": "person_id", "operation": "operation_id"},
        projections={"material_reference": ("person_id", "taken_at"), COPY: ("person_id", "text", "taken_at")},
    )
)
FORMER_ACCOUNTS = protect(
    Protected("account", models.FormerAccount, subjects={"person": "person_id", "operation": "operation_id"})
)

NARROW = {"housing_officer": "housing_need", "emergency_duty": "safeguarding_alert"}
"""Roles that see some columns of a person's reference and no more."""

Cell = tuple[str, str, str]


def opens(actor: Actor, person_id: UUID, cells: Sequence[Cell]) -> set[Cell]:
    """Those of (class, action, projection) whose page would open, once the worker has a device in order and has
    signed in again. One statement, however many."""
    asked = [Question(actor.kind, actor.role, c, actor.purpose, does, named or None) for c, does, named in cells]
    facts = asking.facts_of_each(actor, asked, {"person": person_id})
    ready = frozenset(READINESS)
    return {
        cell
        for cell, question, true in zip(cells, asked, facts, strict=True)
        if decide(asking.matrix(), question, (true - {"device_untrusted"}) | ready).allowed
    }
