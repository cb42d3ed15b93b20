"""Who may see and write what of an operation. The plan is the commander's; everybody else has a slice for some hours.

A projection in ``reads_only`` shows columns of a table and never lets its holder write there.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, F, Q, UUIDField, Value
from django.db.models.functions import Cast

from wilberforce.access.protect import Protected, protect
from wilberforce.agencies.models import Membership

from .models import (
    Brief,
    Bronze,
    CaseMember,
    CentreAddress,
    CentreLink,
    Classified,
    Command,
    Contingency,
    Debrief,
    Decision,
    FastCheck,
    FormerFound,
    FormerOfPlan,
    Found,
    Handover,
    Hazard,
    Lesson,
    LogEntry,
    Operation,
    OrderPart,
    Partner,
    Readiness,
    Roster,
    SafetyWorry,
    Site,
    SitePlace,
    Unit,
    Warrant,
)

HANDLING = {"handling_ok": "controller_id = (SELECT ctx_agency())"}
"""An operation's records carry no handling code: its own force's case team reads them, another force asks."""

OUTLINE = ("reference", "state", "planned_for", "started_at", "ended_at", "exercise", "plays_from", "pace")
TIMES = ("entered_at", "entry_power", "secured_at", "searching_at", "left_at")
SITE = ("operation_id", "ref", "premises", "expected", "languages", "host_force", "host_agreed_at", *TIMES)
STEPS = ("operation_id", "ref", "entered_at", "secured_at", "searching_at", "left_at")
UNIT = (
    "operation_id",
    "kind",
    "agency_id",
    "label",
    "seats",
    "languages",
    "site_id",
    "doing",
    "note",
    "since",
    "next_word_at",
)
BRIEF = ("operation_id", "agency_id", "part", "order", "heading", "superseded_at", "copy", "opens_at", "text")
GIVEN = ("from_place", "to_place", "to_id", "given_by", "given_at")
RECEIVED = ("received_by", "received_words", "received_at", "undone_at", "undone_why")
HANDED = ("operation_id", "found_id", "number", "reference", *GIVEN, *RECEIVED)
ASKED = ("operation_id", "number", "site_id", "question", "asked_by", "asked_at")
CHECKED = (*ASKED, "answer", "answered_by", "answered_at")
PLACE = ("operation_id", "site_id", "place", "address")
MEMBERS = frozenset({"site_hazard", "site_found", "day_log"})
OF_OPERATION = {"operation": "operation_id"}
OWN_PART_OF_THE_DAY = {
    # the police see what everybody does, a partner what its own people do
    "op_member": "((SELECT ctx_kind()) = 'police' OR agency_id = (SELECT ctx_agency()))"
    " AND operation_id = ANY (ARRAY(SELECT fact_op_member()))",
}

OPERATIONS = protect(
    Protected(
        "operation",
        Operation,
        subjects={"operation": "id"},
        projections={
            "site_hazard": OUTLINE, "site_found": OUTLINE, "day_log": OUTLINE, "readiness": OUTLINE,
            "own_part": OUTLINE, "material_reference": ("reference",),
        },
        facts=HANDLING,
        reads_only=MEMBERS | {"own_part"},
    )
)  # fmt: skip
PARTNERS = protect(
    Protected(
        "operation",
        Partner,
        subjects=OF_OPERATION,
        projections={"day_log": ("operation_id", "agency_id", "answer", "own_entry")},
        facts=HANDLING,
        reads_only=MEMBERS,
    )
)
SITES = protect(
    Protected(
        "operation",
        Site,
        subjects={"operation": "operation_id", "site": "id"},
        projections={"site_hazard": SITE, "site_found": SITE, "day_log": SITE, "own_part": STEPS},
        facts=HANDLING,
        reads_only=frozenset({"site_hazard", "site_found", "own_part"}),
    )
)


def in_plan(operation_id: UUID) -> Q:
    """The sites that were not taken out. Outside planning the database shows no others."""
    return Q(operation_id=operation_id, out_at=None)


PLACES = protect(
    Protected(
        "operation",
        SitePlace,
        subjects={"operation": "operation_id", "site": "site_id"},
        projections={"site_hazard": PLACE, "site_found": PLACE, "day_log": PLACE},
        facts=HANDLING | {"op_window": "site_id = ANY (ARRAY(SELECT fact_op_window()))"},
        reads_only=MEMBERS,
    )
)
UNITS = protect(
    Protected(
        "operation",
        Unit,
        subjects=OF_OPERATION,
        projections={"day_log": UNIT, "own_part": UNIT},
        facts=HANDLING | OWN_PART_OF_THE_DAY,
    )
)
HAZARDS = protect(
    Protected(
        "operation",
        Hazard,
        subjects={"operation": "operation_id", "site": "site_id"},
        projections={"site_hazard": ("operation_id", "site_id", "at", "inside", "text")},
        facts=HANDLING,
    )
)
WARRANTS = protect(
    Protected(
        "operation",
        Warrant,
        subjects={"operation": "operation_id", "site": "site_id"},
        projections={
            "day_log": (
                "operation_id", "site_id", "power", "issued_at", "expires_at", "entries", "named", "executed_at",
            ),
        },
        facts=HANDLING,
    )
)  # fmt: skip
ORDER_PARTS = protect(Protected("operation", OrderPart, subjects=OF_OPERATION, facts=HANDLING))
CONTINGENCIES = protect(Protected("operation", Contingency, subjects=OF_OPERATION, facts=HANDLING))
FORMER_PLANS = protect(Protected("operation", FormerOfPlan, subjects=OF_OPERATION, facts=HANDLING))
BRIEFS = protect(
    Protected(
        "operation",
        Brief,
        subjects={"operation": "operation_id", "agency": "controller_id"},
        projections={"brief": BRIEF},
        facts=HANDLING
        | {
            "op_member": "agency_id = (SELECT ctx_agency()) AND operation_id = ANY (ARRAY(SELECT fact_op_member()))",
            # a planner whom the commander names sees the sites from the moment that was given them
            "op_window": "superseded_at IS NULL AND operation_id = ANY (ARRAY(SELECT fact_op_window())) AND "
            "(opens_at <= (SELECT access_now()) OR part = 'site' AND operation_id = ANY "
            "(ARRAY(SELECT operations_sites_open())))",
            # inside one agency the brief needs no agreement
            "agreement": "controller_id = (SELECT ctx_agency())"
            " OR controller_id = ANY (ARRAY(SELECT fact_agreement('operation', 'brief.{agency}')))",
        },
    )
)
READINESS = protect(
    Protected(
        "operation",
        Readiness,
        subjects={"operation": "operation_id", "centre": "centre_id"},
        projections={
            "readiness": ("operation_id", "centre_id", "ready_by", "expected", "languages", "children", "danger"),
        },
        facts=HANDLING
        | {
            "op_linked": "centre_id = ANY (ARRAY(SELECT fact_op_linked()))"
            " AND operation_id = ANY (ARRAY(SELECT fact_op_linked()))"
        },
    )
)
CENTRE_ADDRESSES = protect(
    Protected(
        "operation",
        CentreAddress,
        subjects={"operation": "operation_id", "centre": "centre_id"},
        projections={"centre_address": ("operation_id", "centre_id", "address", "before", "changed_at")},
        facts=HANDLING | {"named_on_shift": "centre_id = ANY (ARRAY(SELECT fact_named_on_shift()))"},
    )
)
SAFETY_WORRIES = protect(
    Protected(
        "operation",
        SafetyWorry,
        subjects={"operation": "operation_id", "centre": "centre_id"},
        projections={"safety_worry": ("operation_id", "centre_id", "at", "text")},
        facts=HANDLING | {"op_linked": "centre_id = ANY (ARRAY(SELECT fact_op_linked()))"},
    )
)
FOUND = protect(
    Protected(
        "operation",
        Found,
        subjects={"operation": "operation_id", "site": "site_id"},
        projections={
            "site_found": (
                "operation_id", "site_id", "reference", "age", "sex", "languages", "injury", "note", "found_at",
                "heading_to", "centre_id", "set_off_at",
            ),
            "manifest": (
                "operation_id", "site_id", "reference", "age", "sex", "languages", "injury", "centre_id",
                "heading_to", "set_off_at",
            ),
        },
        facts=HANDLING
        | {"op_linked": "heading_to = 'centre' AND centre_id = ANY (ARRAY(SELECT fact_op_linked()))"},
    )
)  # fmt: skip
FORMER_FOUND = protect(
    Protected(
        "operation",
        FormerFound,
        subjects={"operation": "operation_id", "site": "site_id"},
        projections={
            "site_found": (
                "operation_id", "site_id", "record_id", "record_version", "replaced_at", "replaced_by", "was", "why",
            ),
        },
        facts=HANDLING,
    )
)  # fmt: skip
HANDOVERS = protect(
    Protected(
        "operation",
        Handover,
        subjects=OF_OPERATION,
        projections={"site_found": HANDED, "arrival": HANDED},
        facts=HANDLING
        | {
            "op_linked": "to_place = 'centre' AND to_id = ANY (ARRAY(SELECT fact_op_linked()))",
            # the officer of the custody suite sees who is brought there and nobody else
            "on_shift": "to_place = 'custody' AND (SELECT fact_on_shift())",
        },
    )
)
CLASSIFIED = protect(
    Protected(
        "operation",
        Classified,
        subjects=OF_OPERATION,
        projections={"site_found": ("operation_id", "found_id", "standing", "why", "by", "at")},
        facts=HANDLING,
    )
)
CHECKS = protect(
    Protected(
        "operation",
        FastCheck,
        subjects=OF_OPERATION,
        projections={"day_log": CHECKED, "fast_check": CHECKED},
        facts=HANDLING,
    )
)
LOG = protect(
    Protected(
        "operation",
        LogEntry,
        subjects=OF_OPERATION,
        projections={
            "day_log": ("operation_id", "site_id", "number", "at", "by", "text", "corrects"),
            "material_reference": ("operation_id", "number", "at"),
        },
        facts=HANDLING,
    )
)
DECISIONS = protect(
    Protected(
        "operation",
        Decision,
        subjects=OF_OPERATION,
        projections={"material_reference": ("operation_id", "number", "at")},
        facts=HANDLING,
    )
)


LESSON = ("operation_id", "kind", "agency_id", "by", "at", "topic", "verdict", "text", "follows", "owner_id")
LESSONS = protect(
    Protected(
        "operation",
        Lesson,
        subjects=OF_OPERATION,
        projections={"day_log": LESSON, "own_part": LESSON},
        facts=HANDLING | OWN_PART_OF_THE_DAY,
    )
)
DEBRIEFS = protect(
    Protected(
        "operation",
        Debrief,
        subjects=OF_OPERATION,
        projections=dict.fromkeys(("day_log", "own_part"), ("operation_id", "kind", "held_at", "led_by", "agencies")),
        facts=HANDLING,
        reads_only=frozenset({"own_part"}),
    )
)


def roster_of(operation: UUID) -> list[Roster]:
    return list(Roster.objects.filter(operation_id=operation, until=None).order_by("since", "id"))


def lead_force(operation: UUID) -> UUID | None:
    """The agency of whoever commands it."""
    lead = Command.objects.filter(operation_id=operation, is_lead=True, until=None).values("membership_id")
    found: UUID | None = Membership.objects.filter(pk__in=lead).values_list("agency_id", flat=True).first()
    return found


def centres_of(operations: Iterable[UUID]) -> list[CentreLink]:
    return list(CentreLink.objects.filter(operation_id__in=operations, until=None).order_by("since", "id"))


def named_on(operation: UUID) -> dict[str, list[dict[str, Any]]]:
    """Who commands it and each of its tasks, who is on its roster and on its case team, in one question."""
    nothing, no_moment = Value(""), Value(None, output_field=DateTimeField())
    no_site = Cast(Value(None), UUIDField())
    live = Q(operation_id=operation, until=None)
    rows = Roster.objects.filter(live).values(
        "since", "id", "membership_id", list=Value("roster"), as_=F("part"), from_=F("sites_from"), site=no_site
    )
    commands = Command.objects.filter(live).values(
        "since", "id", "membership_id", list=Value("commanders"), as_=F("level"), from_=no_moment, site=no_site
    )
    team = CaseMember.objects.filter(live).values(
        "since", "id", "membership_id", list=Value("case_team"), as_=nothing, from_=no_moment, site=no_site
    )
    bronzes = Bronze.objects.filter(live).values(
        "since", "id", "membership_id", list=Value("bronzes"), as_=F("charge"), from_=no_moment, site=F("site_id")
    )
    named: dict[str, list[dict[str, Any]]] = {"roster": [], "commanders": [], "case_team": [], "bronzes": []}
    for row in rows.union(commands, team, bronzes, all=True).order_by("since", "id"):
        named[row["list"]].append({**row})
    return named
