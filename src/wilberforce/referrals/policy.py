"""Who may: the first responder who works with the person, in their own agency. The centre holds none of it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Protected, Row, protect
from wilberforce.survivors.rules import Answer

from .models import DutyDecided, FormerForm, FormerNotification, Notification, NrmForm, Supplement

DUTY = ("person_id", "area_id", "duty", "agency_id", "why", "decided_at", "decided_by", "sent_at")
NARRATIVE = (
    "person_id", "text", "written_by", "written_at", "checked_by", "checked_at", "sent_at", "home_office_ref",
)  # fmt: skip

DUTIES = protect(
    Protected(
        "person_ref",
        DutyDecided,
        subjects={"person": "person_id"},
        projections={"referral_duty": DUTY},
        # the centre's shift has a person's reference and needs, and no part in the referral
        facts={"same_centre": "false"},
    )
)
FORMS = protect(
    Protected(
        "immigration",
        NrmForm,
        subjects={"person": "person_id"},
        projections={
            "sar_bundle": (
                "person_id", "submitted_at", "home_office_ref", "grounds", "grounds_at", "conclusive", "conclusive_at",
            ),
        },
    )
)  # fmt: skip
NOTIFICATIONS = protect(
    Protected(
        "account",
        Notification,
        subjects={"person": "person_id", "record": "id"},
        projections={"dtn_narrative": NARRATIVE},
    )
)
SUPPLEMENTS = protect(
    Protected(
        "immigration",
        Supplement,
        subjects={"person": "person_id"},
        projections={"sar_bundle": ("person_id", "text", "written_at", "sent_at")},
    )
)
FORMER_FORMS = protect(Protected("immigration", FormerForm, subjects={"person": "person_id"}))
FORMER_NOTIFICATIONS = protect(
    Protected(
        "account",
        FormerNotification,
        subjects={"person": "person_id", "record": "record_id"},
        projections={
            "dtn_narrative": ("person_id", "record_id", "record_version", "replaced_at", "replaced_by", "was", "why"),
        },
    )
)


STANCE = """
    SELECT %s = ANY (ARRAY(SELECT fact_nrm_consent())), %s = ANY (ARRAY(SELECT fact_nrm_refused())),
           %s = ANY (ARRAY(SELECT fact_withdrawn('immigration', '')))
"""


@dataclass(frozen=True, slots=True)
class Stance:
    """What the person has decided, whoever wrote it down. A child, or somebody who may be one, is not asked."""

    agreed: bool
    refused: bool
    withdrawn: bool = False

    @property
    def answer(self) -> Answer:
        if self.agreed:
            return Answer.GIVEN
        if self.withdrawn:
            return Answer.WITHDRAWN
        return Answer.DECLINED if self.refused else Answer.NOT_ASKED


def stance(person_id: UUID) -> Stance:
    """Asked of the facts themselves; all are false for somebody who does not work with the person."""
    with connection.cursor() as cursor:
        cursor.execute(STANCE, [person_id, person_id, person_id])
        return Stance(*(cursor.fetchone() or (False, False, False)))


def latest_duties(actor: Actor, people: list[UUID]) -> dict[UUID, Row]:
    """The latest decision about each person."""
    found = DUTIES.many(
        actor, Q(person_id__in=people), projection="referral_duty", order_by=("decided_at", "id"), limit=500
    )
    return {row["person_id"]: row for row in found}


def form_of(actor: Actor, person_id: UUID) -> Row | None:
    """The agency's open form, or nothing, also where the person has not agreed."""
    found = FORMS.many(actor, Q(person_id=person_id, controller_id=actor.home, closed_at=None), limit=1)
    return found[0] if found else None


def closed_forms(actor: Actor, person_id: UUID) -> list[Row]:
    where = Q(person_id=person_id, controller_id=actor.home, closed_at__isnull=False)
    return FORMS.many(actor, where, order_by=("-closed_at", "-id"))


def supplements_of(actor: Actor, form: Row) -> list[Row]:
    """Those that went, the newest first, and the one that waits to be sent."""
    where = Q(form_id=form["id"], given_up_at=None)
    return SUPPLEMENTS.many(actor, where, order_by=("-written_at", "-id"), limit=50)


def waiting_supplement(actor: Actor, form: Row) -> Row | None:
    return next((one for one in supplements_of(actor, form) if not one["sent_at"]), None)


def notification_of(actor: Actor, person_id: UUID) -> Row | None:
    where = Q(person_id=person_id, controller_id=actor.home)
    found = NOTIFICATIONS.many(actor, where, projection="dtn_narrative", limit=1)
    return found[0] if found else None


def own_duty(actor: Actor, person_id: UUID) -> Row | None:
    """What this agency decided last."""
    where = Q(person_id=person_id, controller_id=actor.home)
    found = DUTIES.many(actor, where, projection="referral_duty", order_by=("-decided_at", "-id"), limit=1)
    return found[0] if found else None


def duties_of(actor: Actor, person_id: UUID) -> list[Row]:
    """Every decision about the person that may be read, the newest first."""
    where = Q(person_id=person_id)
    return DUTIES.many(actor, where, projection="referral_duty", order_by=("-decided_at", "-id"))
