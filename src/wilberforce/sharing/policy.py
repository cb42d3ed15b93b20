"""Who may sign and let go: a data guardian, in their own agency. The database shows each side its own rows alone."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from wilberforce.access.asking import matrix
from wilberforce.access.context import Actor
from wilberforce.access.protect import PROTECTED, Protected
from wilberforce.agencies.models import Agency, Area
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed

from .models import Agreement, Disclosure, Outsider, Pack, Request
from .rules import is_live

WHOLE = "all"
LETTER = "request_letter"
FIELD_NAMES_ONLY = "immigration"


def agreement_of(actor: Actor, agreement_id: UUID) -> Agreement:
    """Raises NotAllowed whether it is absent or another pair's."""
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None or actor.agency not in (found.from_agency_id, found.to_agency_id):
        raise NotAllowed(rule="agreement", reason="row")
    return found


def own_disclosure(actor: Actor, disclosure_id: UUID) -> Disclosure:
    found = Disclosure.objects.select_for_update().filter(pk=disclosure_id, from_agency_id=actor.home).first()
    if found is None:
        raise NotAllowed(rule="disclosure", reason="row")
    return found


def agreed(to_agency: UUID, data_class: str, projection: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s = ANY (ARRAY(SELECT fact_agreement(%s, %s)))", [to_agency, data_class, projection])
        row = cursor.fetchone()
    return bool(row and row[0])


def waiting_for(actor: Actor, only: UUID | None = None) -> QuerySet[Disclosure]:
    """What waits for this approver, the oldest first, or ``only`` this; alerts that went at once are among it."""
    if actor.role != "data_guardian":
        return Disclosure.objects.none()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_pending(%s)", [only])
        ids = [row[0] for row in cursor.fetchall()]
    return Disclosure.objects.filter(pk__in=ids).order_by("asked_at", "id")


def lacks(disclosure_id: UUID) -> str:
    """What it was begun under and does not stand today; nothing where all does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_lacks(%s)", [disclosure_id])
        row = cursor.fetchone()
    return str(row[0] or "") if row else ""


def same_command(membership_id: UUID) -> bool:
    """Whether the actor and this person command or work in one operation."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_same_command(%s)", [membership_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def preview_of(data_class: str) -> str:
    return "outgoing_field_names" if data_class == FIELD_NAMES_ONLY else "outgoing_preview"


def projections_of(data_class: str) -> set[str]:
    """The projections that the matrix knows of a class, and the whole of it."""
    named = {rule.fields.split(".")[0] for rule in matrix().rules if data_class in rule.classes and rule.fields}
    return named | {WHOLE}


# What may go to whom


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing as the matrix shares it: a class, or named columns of it."""

    data_class: str
    projection: str

    @property
    def code(self) -> str:
        return f"{self.data_class}/{self.projection}"

    @property
    def words(self) -> str:
        return WORDS.get(self.code) or f"{self.data_class} {self.projection}".replace("_", " ").strip().capitalize()

    @property
    def tables(self) -> list[Protected[Any]]:
        every = [one for one in PROTECTED.values() if one.data_class == self.data_class]
        return [one for one in every if self.projection in one.projections] if self.projection else every[:1]

    @property
    def fields(self) -> list[str]:
        """The columns, exactly as the recipient will read them."""
        return list(dict.fromkeys(name for one in self.tables for name in shown_of(one, self.projection)))


WORDS = {
    "person_ref/": "Reference, languages and needs",
    "person_ref/housing_need": "What a home needs",
    "person_ref/safeguarding_alert": "Reference and needs, for an alert",
    "identity/": "Who they are",
    "identity/claim_min": "What a benefit claim needs",
    "identity/safeguarding_alert": "Who they are, for an alert",
    "health/care_needs": "Care needs, without the diagnosis",
    "health/nrm_health": "Urgent needs, for the referral",
    "health/requested_material": "Health material that a served request names",
    "support/nrm_safety": "What they told of their safety, for the referral",
    "support/requested_material": "Support material that a served request names",
    "support/": "Support notes",
    "support/request_letter": "A victim information request about support, by letter",
    "health/request_letter": "A victim information request about health, by letter",
}
BOOKKEEPING = frozenset({"id", "controller_id", "version", "recorded_by", "recorded_at", "person_id", "found_id"})


def shown_of(table: Protected[Any], projection: str) -> list[str]:
    return [name for name in table.columns(projection) if name not in BOOKKEEPING]


def kinds_for(kind: str, purpose: str, roles: frozenset[str] | None = None) -> list[Kind]:
    """What the matrix lets somebody of this kind of agency read after a disclosure, for this purpose. What a victim
    information request obtains has steps of its own."""
    found = [
        Kind(data_class, rule.projection(kind) or "")
        for rule in matrix().rules
        if "disclosed" in rule.when
        and "vir" not in rule.when
        and "R" in rule.actions
        and kind in rule.agencies
        and purpose in rule.purposes
        if roles is None or roles & set(rule.roles)
        for data_class in rule.classes
        if data_class in {"person_ref", "identity", "health", "support"}
    ]
    return [one for one in dict.fromkeys(found) if one.fields]


def last_days() -> dict[UUID, date]:
    """Of each agency that has one: the first day on which it no longer acts."""
    return {pk: ends for pk, ends in Agency.objects.exclude(ends=None).values_list("pk", "ends") if ends}


def successor_of(agreement: Agreement) -> tuple[UUID, Agency] | None:
    """The side that no longer acts and whoever acts in its place today; nothing where that is not one and one."""
    today = clock.in_london(clock.now()).date()
    sides = Agency.objects.select_related("successor").filter(pk__in=(agreement.from_agency_id, agreement.to_agency_id))
    gone = [one for one in sides if one.acting_on(today) != one]
    heir = gone[0].acting_on(today) if len(gone) == 1 else None
    return (gone[0].pk, heir) if heir else None


def may_go(actor: Actor) -> list[tuple[Agreement, Kind]]:
    """What this actor may offer today, by live agreement."""
    agencies = Agency.objects.all()
    kinds = {agency.pk: agency.kind for agency in agencies}
    ends = {agency.pk: agency.ends for agency in agencies if agency.ends}
    live = Agreement.objects.filter(from_agency_id=actor.home, purpose=actor.purpose, ended_at=None)
    return [
        (agreement, kind)
        for agreement in live.exclude(signed_at=None).order_by("to_agency_id", "data_class")
        if is_live(agreement.terms(ends), clock.now()) and actor.holds(agreement.data_class, "D")
        for kind in kinds_for(kinds.get(agreement.to_agency_id, ""), actor.purpose)
        if kind.data_class == agreement.data_class and {kind.projection or WHOLE, WHOLE} & set(agreement.fields)
    ]


def ground_of(person_id: UUID, to_agency: UUID, data_class: str, basis: str) -> UUID | None:
    """The person's own yes to exactly this recipient, or the law recorded for them; nothing where there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sharing_ground(%s, %s, %s, %s)", [person_id, to_agency, data_class, basis])
        row = cursor.fetchone()
    return row[0] if row else None


def disclosure_of(actor: Actor, disclosure_id: UUID) -> Disclosure:
    """Raises NotAllowed whether it is absent or another pair's."""
    found = Disclosure.objects.filter(pk=disclosure_id).first()
    if found is None or actor.agency not in (found.from_agency_id, found.to_agency_id):
        raise NotAllowed(rule="disclosure", reason="row")
    return found


def request_of(actor: Actor, request_id: UUID) -> Request:
    found = Request.objects.select_for_update().filter(pk=request_id).first()
    if found is None or actor.agency not in (found.from_agency_id, found.to_agency_id):
        raise NotAllowed(rule="request", reason="row")
    return found


# Recipients that nobody signs in for


def outsider_of(actor: Actor, outsider_id: UUID) -> Outsider:
    return giver_and_outsider(actor, outsider_id)[1]


def giver_and_outsider(actor: Actor, outsider_id: UUID) -> tuple[str, Outsider]:
    """With the name of the agency that sends to it."""
    giver = Subquery(Agency.objects.filter(pk=OuterRef("agency_id")).values("name"))
    found = Outsider.objects.filter(pk=outsider_id, agency_id=actor.home).annotate(giver=giver).first()
    if found is None:
        raise NotAllowed(rule="outsider", reason="row")
    return found.giver, found


def usable_outside(actor: Actor, outsider_id: UUID) -> bool:
    found = Outsider.objects.filter(pk=outsider_id, agency_id=actor.home).first()
    return found is not None and found.usable


def pack_of(disclosure: Disclosure) -> Pack | None:
    """What the database shows of it: to whoever made it and to their agency's guardian."""
    return Pack.objects.filter(disclosure_id=disclosure.pk).first() if disclosure.payload_digest else None


def must_be_of_the_case(one: Disclosure) -> str:
    """A letter of the police holds no record of any class: whoever sends it works on the case, and asks nobody else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM sharing_victimrequest v WHERE v.letter_id = %s AND v.taken_back_at IS NULL"
            " AND v.operation_id = ANY (ARRAY(SELECT fact_case_member())))",
            [one.pk],
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        raise NotAllowed(rule="victim request", reason="row")
    return "victim request: letter"


def names_of() -> dict[UUID, str]:
    """Agencies, and the outside recipients of the asker's own agency."""
    return dict([*Agency.objects.values_list("pk", "name"), *Outsider.objects.values_list("pk", "name")])


def places() -> dict[UUID, str]:
    return dict(Area.objects.values_list("pk", "place"))


def may_go_outside(actor: Actor) -> list[tuple[Outsider, Kind]]:
    """By live agreement with somebody whose key was heard; whole classes, or the parts that the agreement names."""
    known = {one.pk: one for one in Outsider.objects.filter(agency_id=actor.home) if one.usable}
    live = Agreement.objects.filter(from_agency_id=actor.home, purpose=actor.purpose, ended_at=None)
    found = [
        (known[one.to_agency_id], Kind(one.data_class, "" if part == WHOLE else part))
        for one in live.filter(to_agency_id__in=known).exclude(signed_at=None).order_by("to_agency_id", "data_class")
        if is_live(one.terms({}), clock.now()) and actor.holds(one.data_class, "D")
        for part in one.fields
    ]
    return [(outsider, kind) for outsider, kind in found if kind.fields]
