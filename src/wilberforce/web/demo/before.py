"""Before the doors: somebody tells the police, the item is graded, the operation is planned with seven partners."""

from typing import Any

from wilberforce.agencies.models import Area
from wilberforce.concerns import actions as concerns
from wilberforce.intelligence import actions as intelligence
from wilberforce.operations import actions as operations
from wilberforce.operations import board
from wilberforce.reception import actions as reception
from wilberforce.sharing import actions as sharing

from .telling import Story

PARTNERS = {
    "derbyshire-fire": ("op_member_fire", "Hazards, and ways in and out", "Fire and Rescue Services Act 2004 s.44"),
    "derbyshire-county": ("op_member_county", "Safeguarding outside the city", "Care Act 2014 s.42"),
    "derby-city": ("op_member_city", "Safeguarding and housing in the city", "Care Act 2014 s.42; Housing Act 1996"),
    "red-cross": ("", "The reception centre", "Asked by the police and the councils"),
    "hmrc": ("op_member_hmrc", "Wages and tax of those who profit", "Finance Act 2008 Sch 36"),
    "labour": ("op_member_labour", "Working conditions", "Employment Rights Act 2025 Part 5"),
    "dwp": ("op_member_dwp", "Benefits drawn in others' names", "Social Security Administration Act 1992 s.109B"),
}
SITES = {
    "A": ("Burton town centre", "multiple-occupation", "14 Invented Row"),
    "B": ("Normanton (Derby)", "suspected-brothel", "3 Nowhere Walk"),
    "C": ("Derby city centre", "suspected-brothel", "27 Madeup Passage"),
}


def somebody_tells(story: Story) -> None:
    story.scene("Somebody tells the police")
    when = story.at(hours=-30)
    with story.public_door("triage") as reporter:
        report, words = concerns.report(
            reporter,
            body="Different women every week in the flats above the shops. They never go out alone. A man holds the "
            "passports and takes the money.",
            where="Flats in the town centre, and a house in Derby",
            area=Area.objects.get(place="Derby"),
            danger_now="not sure",
            child="no",
            identity_choice="anonymous",
            indicators=["papers-taken", "little-pay", "sold-for-sex", "bad-housing"],
        )
    story.ids["report"], story.words["receipt"] = report.pk, words
    story.tell(when, "A member of the public", "tells what they have seen, without a name, and keeps a code")


def the_desk_grades(story: Story) -> None:
    when = story.at(hours=-29)
    with story.door("report_desk", "triage") as actor:
        concerns.claim(actor, story.ids["report"])
        item = intelligence.write_item(
            actor,
            report_id=story.ids["report"],
            text="Women are moved weekly between flats in Burton town centre and houses in Normanton and Derby city "
            "centre. A man keeps their passports and takes the money that they earn.",
            source_grade=2,
            assessment="C",
            handling="P",
        )
        concerns.triage(actor, story.ids["report"], outcome="intelligence", priority=2, version=1)
    story.ids["item"] = item.pk
    story.tell(when, "report_desk", "claims the report, opens it, and writes one sanitised item: 2C, handling P")
    with story.door("intel_officer", "intelligence") as actor:
        for number in range(2):
            noted = intelligence.note_suspect(
                actor,
                description="A man said to keep passports and to collect money. Two ages are reported, 32 and 27; "
                "which man is which is not known.",
                ages_known=[32, 27],
            )
            intelligence.link(actor, noted.pk, item.pk, kind="suspected")
            story.ids[f"suspect_{number}"] = noted.pk
    story.tell(story.at(hours=-28), "intel_officer", "notes two men; two ages are known, not which man is which")


GUARDIANS = {
    "derbyshire-fire": "guardian_fire",
    "derbyshire-county": "guardian_county",
    "derby-city": "guardian_city",
    "hmrc": "guardian_hmrc",
    "labour": "guardian_labour",
    "dwp": "guardian_dwp",
}


def agreements(story: Story) -> None:
    """Partners read their briefs only while an agreement lives that both guardians signed."""
    for code, guardian in GUARDIANS.items():
        with story.door("guardian_police", "oversight") as actor:
            proposed = sharing.propose_agreement(
                actor,
                to_agency=story.agency(code).pk,
                data_class="operation",
                purpose="op_planning",
                fields=["brief"],
                basis="Crime and Disorder Act 1998 s.115",
                dpia_ref="DPIA-1",
                starts=story.day,
            )
            sharing.sign_agreement(actor, proposed.pk)
        with story.door(guardian, "oversight") as actor:
            sharing.sign_agreement(actor, proposed.pk)
    story.tell(
        story.at(hours=-26), "guardian_police", "signs a sharing agreement with each partner; their guardians sign too"
    )


def a_place_is_known(story: Story) -> None:
    """A council looked at a hall long ago; a commander and the Red Cross choose from its directory under agreements."""
    for code, purpose, fields in (
        ("derbyshire-police", "op_planning", "premises"),
        ("red-cross", "reception", "premises_plan"),
    ):
        with story.door("guardian_city", "oversight") as actor:
            proposed = sharing.propose_agreement(
                actor, to_agency=story.cast.agencies[code].pk, data_class="operation", purpose=purpose, fields=[fields],
                basis="Modern Slavery Act 2015 s.49 guidance", dpia_ref="DPIA-3", starts=story.day,
            )  # fmt: skip
            sharing.sign_agreement(actor, proposed.pk)
        with story.door("guardian_police" if "police" in code else "guardian_redcross", "oversight") as actor:
            sharing.sign_agreement(actor, proposed.pk)
    with story.door("op_member_city", "op_planning") as actor:
        place = reception.keep_premises(
            actor, actor.home, name="Invented Hall", district="Derby", address="2 Invented Way, Derby",
            contact="The caretaker, day and night: 01632 960 171", capacity=20, beds_women=12, toilets=6, showers=4,
            rooms=["desk", "waiting", "sleeping-women", "quiet", "family", "health"],
            features=["kitchen", "one-door", "step-free", "speak-alone", "parking"], looked_on=story.day,
        )  # fmt: skip
    story.ids["premises"] = place.pk
    story.tell(story.at(hours=-26), "op_member_city", "keeps a directory of halls that can become a centre")


def the_plan(story: Story) -> None:
    story.scene("The operation is planned")
    with story.door("op_commander", "op_planning") as actor:
        operation = operations.plan(
            actor,
            name="Operation Wilberforce",
            objectives="Find whoever is exploited and bring them to safety. Arrest those who exploit them. Keep everybody alive.",
            threat="Harm to the people inside, who may be moved or punished if somebody is warned; violence at the doors.",
            proportionality="Watching longer leaves people in harm; asking at the door warns whoever keeps them. "
            "Warrants are asked for these three addresses alone.",
            strand="pursue",
            planned_for=story.doors,
        )
        story.ids["operation"] = operation.pk
        for code, (_, brings, power) in PARTNERS.items():
            partner = story.agency(code).pk
            operations.ask_partner(actor, operation.pk, agency_id=partner, brings=brings, power=power)
            operations.partner_answers(actor, operation.pk, agency_id=partner, answer="yes", at=story.at(hours=-24))
    story.tell(story.at(hours=-25), "op_commander", f"plans {operation.reference} and asks seven partners; all say yes")
    _stands_on(story, operation.reference)
    _sites(story)
    _people(story)


def _stands_on(story: Story, reference: str) -> None:
    with story.door("intel_officer", "intelligence") as actor:
        operations.adopt_item(actor, story.ids["item"], reference=reference)
        for number in range(2):
            operations.adopt_suspect(actor, story.ids[f"suspect_{number}"], reference=reference)
    story.tell(story.at(hours=-25), "intel_officer", "gives the item and both men to the operation, by its reference")


def _sites(story: Story) -> None:
    lead = story.cast.agencies["derbyshire-police"].pk
    entering = [lead, story.cast.agencies["derbyshire-fire"].pk, story.agency("labour").pk]
    with story.door("op_commander", "op_planning") as actor:
        for ref, (place, premises, address) in SITES.items():
            site = operations.add_site(
                actor,
                story.ids["operation"],
                ref=ref,
                place=place,
                premises=premises,
                address=address,
                expected="1-5",
                languages=["sq", "ro"],
                plan="Two floors. Front door to the street, back door to the yard; the stairs begin behind the kitchen.",
                hazards="Locked inner doors",
            )
            story.ids[f"site_{ref}"] = site.pk
            operations.add_warrant(
                actor,
                site.pk,
                power="pace-8",
                court="The magistrates' court at Nowhere",
                grounds="Indictable offences against section 2 of the Modern Slavery Act 2015",
                issued_at=story.at(hours=-20),
                named_agencies=entering,
            )
        operations.ask_host(actor, story.ids["site_A"], at=story.at(hours=-19))
        operations.record_host_agreement(
            actor, story.ids["site_A"], agreed_by="The duty superintendent", at=story.at(hours=-18)
        )
    story.tell(
        story.at(hours=-20), "op_commander", "adds three sites with their warrants, and who may enter under them"
    )
    story.tell(story.at(hours=-18), "op_commander", "Burton lies in Staffordshire Police's area: asked, and agreed")


def _people(story: Story) -> None:
    with story.door("op_commander", "op_planning") as actor:
        for part in ("op_member_a", "op_member_b", "op_member_c", "op_member_host"):
            operations.join_roster(actor, story.ids["operation"], membership_id=story.post(part).pk, part="search")
        for part, task in (("intel_officer", "intelligence"), ("custody_officer", "custody")):
            operations.join_roster(actor, story.ids["operation"], membership_id=story.post(part).pk, part=task)
        for part in ("investigator", "disclosure_officer"):
            operations.case_team(actor, story.ids["operation"], story.post(part).pk)
        for code, (part, brings, _) in PARTNERS.items():
            if part:
                operations.join_roster(actor, story.ids["operation"], membership_id=story.post(part).pk, part="search")
            operations.write_brief(
                actor, story.ids["operation"], agency_id=story.agency(code).pk, text=f"Your part: {brings}."
            )
    story.tell(story.at(hours=-16), "op_commander", "puts people on the roster and gives each agency its own brief")


ORDER = {
    "information": "Reports and graded intelligence of women held in flats and houses. Nothing here names a source.",
    "intent": "Everybody alive. Whoever is exploited brought to safety. Those who exploit them arrested.",
    "method": "All sites are entered in the same minute. Partners wait outside until a site is secured.",
    "administration": "Radio check half an hour before. Meals and relief at the reception centre.",
    "risk": "Locked inner doors. Do not let anybody who was found stay alone with somebody who was arrested.",
    "communications": "The board and the operation's channel. Nothing to the press but from the press office.",
    "humanitarian": "The people found are not suspects. Ask what they need first; interpreters are on call.",
}


CONTINGENCIES: dict[str, dict[str, Any]] = {
    "more-found": {
        "sign": "A bronze counts more people than the band of the site.",
        "answer": "Silver calls the second minibus and the interpreters on call; the centre opens its second hall.",
        "decides": "silver",
        "resource": "One minibus and two interpreters on call; 15 more places at the centre.",
    },
    "children": {
        "sign": "Anybody who is, or may be, under 18.",
        "answer": "Nobody asks them about their age. The council's duty team comes to the site.",
        "decides": "bronze",
        "resource": "The emergency duty team of the council.",
    },
    "network": {
        "sign": "The board says that its picture is old.",
        "answer": "Bronzes write on their phones' site page; whoever has the radio reads the counts to silver.",
        "decides": "bronze",
    },
}


def what_may_go_wrong(story: Story) -> None:
    operation = story.ids["operation"]
    with story.door("op_commander", "op_planning") as actor:
        for chance, told in CONTINGENCIES.items():
            operations.plan_for(actor, operation, chance=chance, **told)
        for ref, part in (("A", "op_member_a"), ("B", "op_member_b"), ("C", "op_member_c")):
            bronze = {"membership_id": story.post(part).pk, "site_id": story.ids[f"site_{ref}"]}
            operations.name_bronze(actor, operation, charge="site", **bronze)
        for charge, part in (("custody", "custody_officer"), ("intelligence", "intel_officer")):
            operations.name_bronze(actor, operation, charge=charge, membership_id=story.post(part).pk)
    story.tell(
        story.at(hours=-15), "op_commander", "names a bronze for each site, and plans for more people than are expected"
    )


def the_order(story: Story) -> None:
    """One text; each partner gets it with its own task, in a copy with its own number."""
    with story.door("op_commander", "op_planning") as actor:
        for heading, text in ORDER.items():
            operations.write_part(actor, story.ids["operation"], heading=heading, text=text)
        for code, (_, brings, power) in PARTNERS.items():
            task = f"Your task: {brings}. You act by: {power}."
            agency = story.agency(code).pk
            operations.write_part(actor, story.ids["operation"], heading="method", text=task, agencies=[agency])
        version = operations.issue_order(actor, story.ids["operation"])
    story.tell(story.at(hours=-14), "op_commander", f"issues version {version} of the operation order")


def briefs_are_read(story: Story) -> None:
    """Each partner's own copy, and nobody else's."""
    read = 0
    for _code, (part, _, _) in PARTNERS.items():
        if part:
            with story.door(part, "op_planning") as actor:
                copies = [copy for copy in board.briefs(actor) if copy["order"]]
                read += len([operations.read_order(actor, copy["id"]) for copy in copies])
    story.counts["briefs"] = read
    told = f"reads the fire service's copy of the order; {read} partners read one copy each"
    story.tell(story.at(hours=-12), "op_member_fire", told)
