"""The people of the demonstration and of every test. All of them are invented; no such officer or worker exists."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import transaction

from wilberforce.base import clock

from .models import Agency, Area, Membership, RoleHeld, User

FIRST_DAY = date(2018, 1, 1)
"""When the cast takes up its posts, so that the day of April 2018 can be replayed."""

FAIR_WORK_AGENCY_BEGINS = date(2026, 4, 7)
"""Employment Rights Act 2025, Part 5: it takes over from the Gangmasters and Labour Abuse Authority.

Checked on 2026-11-23."""

AGENCIES = (
    # code, kind, name, short name
    ("derbyshire-police", "police", "Derbyshire Constabulary", "Derbyshire Police"),
    ("staffordshire-police", "police", "Staffordshire Police", "Staffordshire Police"),
    ("derbyshire-fire", "fire", "Derbyshire Fire and Rescue Service", "Derbyshire Fire"),
    ("derbyshire-county", "county", "Derbyshire County Council", "Derbyshire County"),
    ("staffordshire-county", "county", "Staffordshire County Council", "Staffordshire County"),
    ("derby-city", "city", "Derby City Council", "Derby City"),
    ("red-cross", "redcross", "British Red Cross", "Red Cross"),
    ("hmrc", "hmrc", "HM Revenue and Customs", "HMRC"),
    ("glaa", "labour", "Gangmasters and Labour Abuse Authority", "GLAA"),
    ("fwa", "labour", "Fair Work Agency", "Fair Work Agency"),
    ("dwp", "dwp", "Department for Work and Pensions", "DWP"),
    ("platform", "platform", "Wilberforce platform", "Platform"),
    ("oversight", "oversight", "Independent oversight board", "Oversight"),
)

AREAS = (
    ("Derby", "derbyshire-police", "derby-city"),
    ("Normanton (Derby)", "derbyshire-police", "derby-city"),
    ("Derby city centre", "derbyshire-police", "derby-city"),
    ("Derbyshire", "derbyshire-police", "derbyshire-county"),
    ("Burton upon Trent", "staffordshire-police", "staffordshire-county"),
    ("Burton town centre", "staffordshire-police", "staffordshire-county"),
)


@dataclass(frozen=True)
class Part:
    key: str
    name: str
    agency: str
    roles: tuple[str, ...]
    vetting: int = 1
    clinician: bool = False


PARTS = (
    Part("report_desk", "Marigold Puddlecombe", "derbyshire-police", ("report_desk",), 2),
    Part("source_keeper", "Osric Hollowbrook", "derbyshire-police", ("source_keeper",), 3),
    Part("intel_officer", "Imogen Quillfeather", "derbyshire-police", ("intel_officer",), 2),
    Part("op_commander", "Cordelia Brackenmoor", "derbyshire-police", ("op_commander",), 2),
    Part("op_member_a", "Barnaby Thistlewick", "derbyshire-police", ("op_member",)),
    Part("op_member_b", "Ottilie Gorsefield", "derbyshire-police", ("op_member",)),
    Part("op_member_c", "Rufus Oakapple", "derbyshire-police", ("op_member",)),
    Part("investigator", "Lavinia Candlewright", "derbyshire-police", ("investigator",), 2),
    Part("disclosure_officer", "Tarquin Mossbridge", "derbyshire-police", ("disclosure_officer",), 2),
    Part("first_responder", "Tobias Merrythought", "derbyshire-police", ("first_responder",)),
    Part("custody_officer", "Hesper Copperkettle", "derbyshire-police", ("custody_officer",)),
    Part("review_officer", "Ignatius Foxlantern", "derbyshire-police", ("review_officer",)),
    Part("comms_officer", "Phoebe Larkwhistle", "derbyshire-police", ("comms_officer",)),
    Part("guardian_police", "Leopold Ravenscote", "derbyshire-police", ("data_guardian",), 2),
    Part("guardian_police_2", "Philippa Nettlecombe", "derbyshire-police", ("data_guardian",), 2),
    Part("op_member_host", "Saffron Umberleaf", "staffordshire-police", ("op_member",)),
    Part("op_member_fire", "Caspian Fiddlewood", "derbyshire-fire", ("op_member",)),
    Part("op_member_county", "Beatrix Willowherb", "derbyshire-county", ("op_member",)),
    Part("op_member_city", "Fergal Dewberry", "derby-city", ("op_member",)),
    Part("first_responder_city", "Clementine Yarrowgate", "derby-city", ("first_responder",)),
    Part("first_responder_city_2", "Perpetua Wrenfield", "derby-city", ("first_responder",)),
    Part("housing_officer", "Augustin Pebblebank", "derby-city", ("housing_officer",)),
    Part("safeguarding_lead", "Rosalind Snowberry", "derby-city", ("safeguarding_lead",)),
    Part("emergency_duty", "Montague Starlingsworth", "derby-city", ("emergency_duty",)),
    Part("guardian_city", "Winifred Velvetmoss", "derby-city", ("data_guardian",)),
    Part("reception_manager", "Josephine Lanternjack", "red-cross", ("reception_manager",)),
    Part("reception_worker", "Emeka Hazelnook", "red-cross", ("reception_worker",)),
    Part("reception_worker_2", "Tamsin Bluebellow", "red-cross", ("reception_worker",)),
    Part("health_worker", "Anoushka Wintergreen-Vale", "red-cross", ("health_worker",), clinician=True),
    Part("guardian_redcross", "Percival Rosehipple", "red-cross", ("data_guardian",)),
    Part("op_member_hmrc", "Horatio Skylarkin", "hmrc", ("op_member",)),
    Part("partner_hmrc", "Delphine Mothwing", "hmrc", ("partner_investigator",)),
    Part("op_member_labour", "Quentin Tumbledown", "glaa", ("op_member",)),
    Part("partner_labour", "Zephyrine Ashwhisper", "glaa", ("partner_investigator",)),
    Part("op_member_dwp", "Eleanora Plumfeather", "dwp", ("op_member",)),
    Part("partner_dwp", "Bartholomew Inkwell", "dwp", ("partner_investigator",)),
    Part("guardian_host", "Lysander Thornapple", "staffordshire-police", ("data_guardian",), 2),
    Part("guardian_fire", "Hyacinth Emberly-Moss", "derbyshire-fire", ("data_guardian",)),
    Part("guardian_county", "Thaddeus Cloverdene", "derbyshire-county", ("data_guardian",)),
    Part("guardian_hmrc", "Araminta Ledgerwood", "hmrc", ("data_guardian",)),
    Part("guardian_labour", "Ezekiel Bramblethorpe", "glaa", ("data_guardian",)),
    Part("guardian_dwp", "Clementina Haydrift", "dwp", ("data_guardian",)),
    Part("custody_officer_host", "Sorrel Wickenthorn", "staffordshire-police", ("custody_officer",)),
    Part("review_officer_host", "Auberon Fennimoor", "staffordshire-police", ("review_officer",)),
    Part("sysadmin", "Ada Cogsworthy", "platform", ("sysadmin",), 2),
    Part("auditor", "Solomon Clearwater-Pike", "oversight", ("auditor",), 2),
)


@dataclass(frozen=True)
class Cast:
    agencies: dict[str, Agency]
    people: dict[str, Membership]

    def __getitem__(self, key: str) -> Membership:
        return self.people[key]


@transaction.atomic
def found_cast(on: date | None = None) -> Cast:
    """Safe to call again. ``on`` decides which agency answers for labour abuse: today's, unless it is said."""
    agencies = _agencies()
    for part in PARTS:
        for agency in _posts(agencies[part.agency]):
            _post(part, agency)
    _areas(agencies)
    return cast_already_here(on)


def cast_already_here(on: date | None = None) -> Cast:
    """The same cast read back, in two statements."""
    day = on or clock.in_london(clock.now()).date()
    agencies = {agency.code: agency for agency in Agency.objects.select_related("successor")}
    found = Membership.objects.filter(ends=None).select_related("user", "agency")
    posts = {(post.user.email, post.agency_id): post for post in found}
    people = {}
    for part in PARTS:
        agency = agencies[part.agency].acting_on(day) or agencies[part.agency]
        people[part.key] = posts[email_of(part), agency.pk]
    return Cast(agencies, people)


def email_of(part: Part) -> str:
    return f"{part.name.lower().replace(' ', '.')}@{part.agency}.example.org"


def _agencies() -> dict[str, Agency]:
    made: dict[str, Agency] = {}
    for code, kind, name, short in AGENCIES:
        starts = FAIR_WORK_AGENCY_BEGINS if code == "fwa" else FIRST_DAY
        given = {"kind": kind, "name": name, "short_name": short, "starts": starts}
        made[code], _ = Agency.objects.get_or_create(code=code, defaults=given)
    Agency.objects.filter(code="glaa").update(ends=FAIR_WORK_AGENCY_BEGINS, successor=made["fwa"])
    made["glaa"] = Agency.objects.select_related("successor").get(code="glaa")
    return made


def _posts(agency: Agency) -> list[Agency]:
    return [agency, *_posts(agency.successor)] if agency.successor else [agency]


def _post(part: Part, agency: Agency) -> None:
    user = User.objects.filter(email=email_of(part)).first() or User.objects.join(email_of(part), part.name, None)
    starts = datetime(agency.starts.year, agency.starts.month, agency.starts.day, tzinfo=UTC)
    membership, _ = Membership.objects.get_or_create(
        user=user, agency=agency, ends=None, defaults={"starts": starts, "vetting": part.vetting}
    )
    if part.clinician:
        checked = clock.in_london(clock.now()).date()
        Membership.objects.filter(pk=membership.pk).update(clinician_checked_on=checked)
    for role in part.roles:
        RoleHeld.objects.get_or_create(membership=membership, role=role, ends=None, defaults={"starts": starts})


def _areas(agencies: dict[str, Agency]) -> None:
    for place, police, council in AREAS:
        given = {"police": agencies[police], "council": agencies[council]}
        Area.objects.get_or_create(place=place, ended_at=None, defaults=given)
