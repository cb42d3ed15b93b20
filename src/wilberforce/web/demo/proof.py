"""Every fact of the day is read back from the database, by people who may; a fact that is missing fails the command."""

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db.models import Q

from wilberforce.agencies.models import Agency
from wilberforce.base.lists import parsed
from wilberforce.concerns.policy import REPORTS
from wilberforce.custody.policy import ARRESTS, DETENTIONS
from wilberforce.ledger.doors import as_system
from wilberforce.ledger.policy import LEAVES
from wilberforce.operations.policy import FOUND, OPERATIONS, PARTNERS, PLACES, SITES
from wilberforce.press.policy import SUBSCRIBERS
from wilberforce.reception.policy import CENTRES, GIVEN, PRESENCES

from . import public
from .telling import Story


@dataclass
class Missing(Exception):
    """The day was played and these facts of it are not in the database."""

    facts: list[str]

    def __str__(self) -> str:
        return "The day was played, but the database does not hold: " + "; ".join(self.facts)


def expected() -> dict[str, Any]:
    day: dict[str, Any] = parsed(files("wilberforce.web.demo").joinpath("day.yaml").read_text(encoding="utf-8"))
    return day


def read_back(story: Story) -> dict[str, Any]:
    """Raises Missing."""
    names = dict(Agency.objects.values_list("pk", "name"))
    found = {**_the_plan(story, names), **_the_sites(story), **_custody(story), **_the_centre(story, names)}
    found |= {"indicators": _indicators(story), "bulletin": public.read_back(story), "outcomes": story.outcomes}
    found |= {"subscriptions": _subscriptions(), "ledger": _ledger(story), "briefs": story.counts["briefs"]}
    missing = [name for name, true in _checks(expected(), found) if not true]
    if missing:
        raise Missing(missing)
    return {name: found[name] for name in ("sites", "arrests", "potential_victims", "partners", "reception", "bulletin",
                                           "subscriptions", "ledger")}  # fmt: skip


def _the_plan(story: Story, names: dict[Any, str]) -> dict[str, Any]:
    with story.door("op_commander", "op_planning") as actor:
        here = Q(operation_id=story.ids["operation"])
        operation = OPERATIONS.one(actor, story.ids["operation"])
        places = {row["site_id"]: row["place"] for row in PLACES.many(actor, here)}
        sites = [
            {
                "ref": row["ref"],
                "place": places[row["id"]],
                "premises": row["premises"],
                "host_force": names.get(row["host_force"]),
            }
            for row in SITES.many(actor, here, order_by=("ref",))
        ]
        partners = sorted(names[row["agency_id"]] for row in PARTNERS.many(actor, here & Q(answer="yes")))
    lead = names[operation["controller_id"]]
    return {"operation": operation["name"], "lead_force": lead, "sites": sites, "partners": partners}


def _the_sites(story: Story) -> dict[str, Any]:
    with story.door("op_commander", "op_safety") as actor:
        here = Q(operation_id=story.ids["operation"])
        people = FOUND.many(actor, here, projection="site_found")
        arrests = ARRESTS.many(actor, here, projection="arrest", order_by=("arrested_at",))
        given = {
            "sex": {row["sex"] for row in people},
            "age": {row["age"] for row in people},
            "found_at": {row["site_id"] for row in people},
            "taken_to": {row["heading_to"] for row in people},
        }
        shown = [
            {"who": "man", "ages": list(row["age_one_of"]), "place": row["place"], "offence": row["offences"][0]}
            for row in arrests
        ]
    return {"potential_victims": len(people), "people": given, "arrests": shown}


def _custody(story: Story) -> dict[str, Any]:
    with story.door("custody_officer", "custody") as actor:
        held = DETENTIONS.many(actor, Q(operation_id=story.ids["operation"]), projection="detention")
    return {"stations": [row["station"] for row in held if row["authorised_at"]]}


def _the_centre(story: Story, names: dict[Any, str]) -> dict[str, Any]:
    with story.door("reception_manager", "reception") as actor:
        centre = CENTRES.one(actor, story.ids["centre"])
        stays = PRESENCES.many(actor, Q(centre_id=centre["id"]), limit=100)
        given = GIVEN.many(actor, Q(centre_id=centre["id"]), projection="given", limit=500)
    kinds = sorted({row["kind"] for row in given} - {"rest", "information", "health"})
    here = sum(row["until"] is None for row in stays)
    return {
        "reception": {"run_by": names[centre["controller_id"]], "people": len(stays), "here_now": here, "gives": kinds}
    }


def _indicators(story: Story) -> list[str]:
    with story.door("report_desk", "triage") as actor:
        from wilberforce.concerns.actions import claim, release_claim

        claim(actor, story.ids["report"])
        report = REPORTS.one(actor, story.ids["report"])
        release_claim(actor, story.ids["report"])
    return list(report["indicators"])


def _subscriptions() -> int:
    with as_system("public_info") as actor:
        return SUBSCRIBERS.count(actor, Q(confirmed_at__isnull=False, ended_at=None))


def _ledger(story: Story) -> dict[str, int]:
    with story.door("auditor", "oversight") as actor:
        return {"leaves": LEAVES.count(actor), "denied": LEAVES.count(actor, Q(allowed=False))}


def _checks(day: dict[str, Any], found: dict[str, Any]) -> list[tuple[str, bool]]:
    arrests, victims, bulletin = day["arrests"], day["potential_victims"], found["bulletin"]
    people = {kind: values for kind, values in found["people"].items() if kind != "found_at"}
    return [
        *((name, found[name] == day[name]) for name in ("lead_force", "operation", "sites", "partners")),
        ("how many were arrested", len(found["arrests"]) == arrests["count"]),
        ("both ages, and not whose is which", all(row["ages"] == arrests["ages"] for row in found["arrests"])),
        ("the offence", {row["offence"] for row in found["arrests"]} == {arrests["offence"]}),
        ("where they were arrested", sorted(row["place"] for row in found["arrests"]) == arrests["places"]),
        ("both in custody", found["stations"] == [arrests["station"]] * arrests["count"]),
        ("how many were found", found["potential_victims"] == victims["count"]),
        ("who was found and where they went", people == {k: {victims[k]} for k in ("sex", "age", "taken_to")}),
        ("that all were found in one house", len(found["people"]["found_at"]) == 1),
        ("the centre", all(found["reception"][key] == value for key, value in day["reception"].items())),
        ("what the report saw", set(day["indicators"]) <= set(found["indicators"])),
        *((f"the bulletin's words “{words}”", words in bulletin) for words in day["bulletin_says"]),
        *((f"silence about {words}", words not in bulletin) for words in day["bulletin_never_says"]),
        *((f"the reader's answer: {name}", found["outcomes"].get(name, False)) for name in day["outcomes"]),
        ("that six partners each read one copy of the order", found["briefs"] == 6),
        ("two refused tries", found["ledger"]["denied"] == 2),
        ("a confirmed subscriber", found["subscriptions"] >= 1),
        ("entries in the ledger", found["ledger"]["leaves"] > 0),
    ]
