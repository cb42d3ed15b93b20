"""What the pages show, read through the policy and put in order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrections
from wilberforce.access.protect import Asked
from wilberforce.access.together import together
from wilberforce.agencies.models import Agency, Membership
from wilberforce.base import clock
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import YesNo
from wilberforce.deadlines.rules import kept_time
from wilberforce.operations.models import Sex
from wilberforce.operations.policy import OPERATIONS, SITES

from . import policy
from .actions.court import standing
from .clocks import Row, clocks, no_grounds_since, urgency
from .handing_over import on_the_way_to
from .lists import OFFENCES, SIGNS, STATIONS
from .models import Decision, Ending, EntryKind, Held, Right, Standing
from .rules import Authority, BailCase, BailEnd, bail_end

ARREST, DETENTION, SITE = "arrest", "detention", "site_found"
MANY = 500
ON_THE_WAY = timedelta(days=7)
"""PACE 1984 s.30(1A) has them at a station as soon as practicable: after a week nobody is still being brought."""


def said(row: Row) -> Row:
    """An arrest in words."""
    ages = row["age_one_of"]
    return row | {
        "sex_said": Sex(row["sex"]).label,
        "ages_said": ages_said(ages),
        "unsettled": len(ages) > 1,
        "offences_said": [OFFENCES[code].label for code in row["offences"]],
        "citations": ", ".join(OFFENCES[code].citation for code in row["offences"]),
    }


def ages_said(ages: list[int]) -> str:
    if not ages:
        return "Not known"
    words = " or ".join(map(str, ages))
    return words if len(ages) == 1 else f"{words}; not known which"


def arrests(actor: Actor, where: Q | None = None, *, limit: int = MANY, offset: int = 0) -> list[Row]:
    latest = ("-arrested_at", "-id")
    rows = policy.ARRESTS.many(actor, where, projection=ARREST, order_by=latest, limit=limit, offset=offset)
    return [said(row) for row in rows]


OF_ARREST: Shown = {
    "label": ("Name or label", str),
    "sex": ("Sex", lambda code: Sex(code).label),
    "age_one_of": ("Age", ages_said),
    "offences": ("Offences", lambda codes: "; ".join(OFFENCES[code].label for code in codes)),
    "arrested_at": ("Arrested", kept_time),
    "place": ("Place", str),
    "grounds": ("Grounds", str),
}
OF_DETENTION: Shown = {
    "station": ("Custody suite", lambda code: STATIONS[code].label),
    "brought": ("How they came", str),
    "arrested_at": ("Arrested", kept_time),
    "arrived_at": ("Arrived", kept_time),
    "left_at": ("Left another force's station", kept_time),
    "relevant_at": ("Relevant time", kept_time),
    "rights": ("Rights given", lambda codes: "; ".join(Right(code).label for code in codes)),
    "rights_at": ("Rights given at", kept_time),
    "language": ("Language", lambda code: LANGUAGES[code].label),
    "interpreter": ("Interpreter", lambda code: YesNo(code).label),
    "appropriate_adult": ("Appropriate adult", lambda code: YesNo(code).label),
    "possible_victim": ("May be a victim", lambda code: YesNo(code).label),
}


def one_arrest(actor: Actor, arrest_id: UUID) -> Row:
    """With what it said before each correction."""
    row = policy.ARRESTS.one(actor, arrest_id, projection=ARREST)
    before = corrections(actor, policy.FORMER_ARRESTS, arrest_id, OF_ARREST, projection=ARREST)
    names = officers(row["arrested_by"], *(entry["by"] for entry in before))
    made = [
        _entry(row["arrested_at"], "Arrested", names.get(row["arrested_by"], "")),
        _entry(row["recorded_at"], "Recorded", names.get(row["arrested_by"], "")),
        *(entry | {"by": names.get(entry["by"], "")} for entry in before),
    ]
    return {"arrest": said(row), "entries": sorted(made, key=lambda entry: entry["at"], reverse=True)}


def on_the_day(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """For the panel on an operation's board and the line of each of its sites: the operation comes first in ``ids``."""
    found: dict[UUID, list[Row]] = {one: [] for one in ids}
    latest = ("-arrested_at", "-id")
    asked = policy.ARRESTS.belonging(actor, "operation_id", ids[0], projection=ARREST, order_by=latest, limit=MANY)
    for row in map(said, together(actor, asked)[0]):
        found[row["operation_id"]].append(row)
        found.get(row["site_id"], []).append(row)
    return found


def on_the_timeline(actor: Actor, ids: Sequence[UUID]) -> dict[UUID, list[Row]]:
    """Each arrest as an event of its operation's day."""
    found: dict[UUID, list[Row]] = {one: [] for one in ids}
    for row in policy.ARRESTS.many(actor, Q(operation_id__in=ids), projection=ARREST, limit=MANY):
        told = {"at": row["arrested_at"], "kind": "arrest", "label": f"{row['reference']} arrested"}
        whose = {"site": row["site_id"], "agency": row["controller_id"], "person": row["reference"]}
        found[row["operation_id"]].append(told | whose)
    return found


def detained_now(actor: Actor, where: Q | None = None, *, limit: int = MANY, offset: int = 0) -> list[Row]:
    """Whoever is late or due first stands first: that is known once everybody's clocks are reckoned."""
    now = clock.now()
    held = policy.DETENTIONS.many(actor, where or Q(ended_at=None), projection=DETENTION, limit=MANY)
    reviews = _by_detention(actor, policy.REVIEWS, held, "at")
    away = _by_detention(actor, policy.ABSENCES, held, "left_at")
    entries = _by_detention(actor, policy.ENTRIES, held, "at")
    reckoned = [
        row
        | {
            "clocks": clocks(row, reviews[row["id"]], away[row["id"]], now, entries[row["id"]]),
            "away": _is_away(away[row["id"]]),
            "suite": STATIONS[row["station"]].label,
        }
        for row in held
    ]
    return _with_people(actor, sorted(reckoned, key=lambda row: urgency(row["clocks"]))[offset : offset + limit])


def detained_before(actor: Actor, where: Q, *, limit: int, offset: int) -> list[Row]:
    """Whose record somebody comes back to: to extend bail, to give it to the court, to see what was given."""
    latest = ("-ended_at", "-id")
    held = policy.DETENTIONS.many(actor, where, projection=DETENTION, order_by=latest, limit=limit, offset=offset)
    return _with_people(actor, [row | {"suite": STATIONS[row["station"]].label} for row in held])


def _with_people(actor: Actor, held: list[Row]) -> list[Row]:
    people = {row["id"]: row for row in arrests(actor, Q(pk__in=[row["arrest_id"] for row in held]))}
    return [row | {"person": people.get(row["arrest_id"])} for row in held]


def to_book_in(actor: Actor, where: Q, *, limit: int, offset: int) -> list[Row]:
    """Arrests of the last days, taken to the actor's force, of which there is no custody record yet."""
    record = policy.DETENTIONS.asked(actor, Q(arrest_id=OuterRef("pk")), projection=DETENTION, order_by=(), limit=1)
    brought = Q(~Exists(record.rows), taken_to=actor.agency, arrested_at__gte=clock.now() - ON_THE_WAY)
    handed = on_the_way_to(actor)
    found = arrests(actor, (brought | Q(pk__in=handed)) & where, limit=limit, offset=offset)
    return [row | {"coming": row["id"] in handed} for row in found]


def record(actor: Actor, detention_id: UUID) -> Row:
    held = policy.DETENTIONS.one(actor, detention_id, projection=DETENTION)
    reviews, away, ended, entries = together(actor, *_of_detention(actor, detention_id))
    now, stand = held["ended_at"] or clock.now(), standing(ended)
    before = corrections(actor, policy.FORMER_DETENTIONS, detention_id, OF_DETENTION, projection=DETENTION)
    written = (*reviews, *ended, *entries, *before)
    names = officers(held["authorised_by"], held["extended_by"], *(row["by"] for row in written))
    put_right = [entry | {"by": names.get(entry["by"], ""), "title": _rewritten(entry)} for entry in before]
    return {
        "held": held | _held_in_words(held),
        "person": said(policy.ARRESTS.one(actor, held["arrest_id"], projection=ARREST)),
        "clocks": clocks(held, reviews, away, now, entries),
        "now": now,
        "no_grounds_since": no_grounds_since(reviews),
        "away": _is_away(away),
        "absences": away,
        "outcome": _outcome_in_words(held, stand[-1], entries) if held["ended_at"] and stand else None,
        "history": sorted(
            [*history(held, reviews, away, ended, names), *entries_in_words(entries, names), *put_right],
            key=lambda one: one["at"],
        ),
    }


def _rewritten(entry: Row) -> str:
    """Only a correction gives a reason: needs become known bit by bit."""
    return "Corrected" if entry["why"] else "Rights and needs written down"


def _held_in_words(held: Row) -> Row:
    language = LANGUAGES.get(held["language"])
    return {
        "suite": STATIONS[held["station"]].label,
        "rights_said": [Right(code).label for code in held["rights"]],
        "language_said": language.label if language else "Not known",
        **{f"{name}_said": YesNo(held[name]).label for name in ("interpreter", "appropriate_adult", "possible_victim")},
    }


def entries_in_words(entries: list[Row], names: dict[UUID, str]) -> list[dict[str, Any]]:
    return [_entry(row["at"], _entry_said(row), names.get(row["by"], ""), row["text"]) for row in entries]


def _entry_said(row: Row) -> str:
    kind, codes = EntryKind(row["kind"]), row["codes"]
    until = f", until {clock.in_london(row['until']):%H:%M on %-d %B %Y}" if row["until"] else ""
    if kind == EntryKind.STANDING:
        signs = "; ".join(SIGNS[code].label for code in codes[1:]) or "none noticed"
        return f"{kind.label}: {Standing(codes[0]).label}. Signs: {signs}"
    more = {
        EntryKind.FURTHER_OFFENCE: lambda: ": " + "; ".join(OFFENCES[code].label for code in codes),
        EntryKind.COURT_WARRANT: lambda: f": {row['hours']} hours from its issue",
        EntryKind.BAIL: lambda: f" by {Authority[codes[0]].value}",
    }.get(kind, lambda: "")()
    return f"{kind.label}{more}{until}"


def _bail(held: Row, row: Row, entries: list[Row]) -> BailEnd:
    """As last extended."""
    extended = [one["codes"][0] for one in entries if one["kind"] == EntryKind.BAIL]
    authority = Authority[extended[-1]] if extended else Authority.FIRST
    return bail_end(held["arrested_at"], authority, BailCase[row["bail_case"].upper()])


def _outcome_in_words(held: Row, row: Row, entries: list[Row]) -> Row:
    bail = _bail(held, row, entries) if row["kind"] == Ending.BAILED else None
    return row | {
        "bailed": bail is not None,
        "bail_until": bail.due_at if bail else None,
        "said": Ending(row["kind"]).label,
        "offences_said": [OFFENCES[code].label for code in row["offences"]],
        "bail_why": bail.calculation if bail else "",
    }


def history(
    held: Row, reviews: list[Row], away: list[Row], ended: list[Row], names: dict[UUID, str]
) -> list[dict[str, Any]]:
    """Everything that happened, in order. A late review says so."""
    extended_by, why = names.get(held["extended_by"], ""), held["extension_reason"]
    found = [
        _entry(held["arrested_at"], "Arrested"),
        _entry(held["arrived_at"], f"Arrived: {STATIONS[held['station']].label}"),
        _entry(held["authorised_at"], "Detention authorised", names.get(held["authorised_by"], ""), held["grounds"]),
        _entry(held["rights_at"], "Rights given"),
        _entry(held["extended_at"], "Extended to 36 hours", extended_by, why),
    ]
    for row in reviews:
        word = "Review postponed" if row["kind"] == Held.POSTPONED else "Review held"
        late = (
            f", late: it was due {clock.in_london(row['due_at']):%H:%M on %-d %B}" if row["at"] > row["due_at"] else ""
        )
        decided = f". {Decision(row['decision']).label}" if row["decision"] else ""
        found.append(_entry(row["at"], word + late + decided, names.get(row["by"], ""), row["reason"]))
    for row in away:
        found += [_entry(row["left_at"], "To hospital"), _entry(row["back_at"], "Back from hospital")]
    stand = standing(ended)
    for row in ended:
        said = Ending(row["kind"]).label + ("" if row in stand else " (put right since)")
        found.append(_entry(row["at"], said, names.get(row["by"], ""), _why(row)))
    return sorted((entry for entry in found if entry["at"]), key=lambda entry: entry["at"])


def _why(row: Row) -> str:
    unweighed = f"Charged before the defence was weighed: {row['unweighed']}" if row["unweighed"] else ""
    return "\n".join(line for line in (row["reason"], unweighed) if line)


def _entry(at: datetime | None, title: str, by: str = "", text: str = "") -> dict[str, Any]:
    return {"at": at, "title": title, "by": by, "text": text}


def officers(*memberships: UUID | None) -> dict[UUID, str]:
    wanted = {one for one in memberships if one}
    found = Membership.objects.filter(pk__in=wanted).select_related("user", "agency")
    return {member.pk: str(member) for member in found}


def places(actor: Actor) -> dict[str, tuple[UUID, UUID | None, str]]:
    """Where somebody can be arrested: each site of one's operations, or elsewhere in one of them."""
    found: dict[str, tuple[UUID, UUID | None, str]] = {}
    mine = Q(state__in=("planned", "live"), exercise=False)
    operations = OPERATIONS.many(actor, mine, projection=SITE, limit=MANY)
    of = {row["id"]: row["reference"] for row in operations}
    for site in SITES.many(
        actor, Q(operation_id__in=of), projection=SITE, order_by=("operation_id", "ref"), limit=MANY
    ):
        where = f"Site {site['ref']}, {of[site['operation_id']]}"
        found[str(site["id"])] = (site["operation_id"], site["id"], where)
    return found | {str(key): (key, None, f"Elsewhere, {reference}") for key, reference in of.items()}


def forces() -> list[tuple[str, str]]:
    today = clock.in_london(clock.now()).date()
    found = Agency.objects.filter(kind="police", starts__lte=today).exclude(ends__lte=today).order_by("name")
    return [(str(force.pk), force.name) for force in found]


def _of_detention(actor: Actor, detention_id: UUID) -> Iterator[Asked]:
    """All that one record is made of, for one statement."""
    mine = Q(detention_id=detention_id)
    tables: tuple[tuple[Any, str], ...] = (
        (policy.REVIEWS, "at"), (policy.ABSENCES, "left_at"), (policy.OUTCOMES, "at"), (policy.ENTRIES, "at"),
    )  # fmt: skip
    for table, order in tables:
        yield table.asked(actor, mine, projection=DETENTION, order_by=(order,), limit=MANY)


def _by_detention(actor: Actor, table: Any, held: Iterable[Row], order: str) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    mine = Q(detention_id__in=[row["id"] for row in held])
    for row in table.many(actor, mine, projection=DETENTION, order_by=(order,), limit=MANY):
        found[row["detention_id"]].append(row)
    return found


def _is_away(absences: list[Row]) -> bool:
    return bool(absences) and absences[-1]["back_at"] is None
