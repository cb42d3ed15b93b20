"""The day: three doors, two arrests, five people found; custody with its clocks."""

from typing import Any

from wilberforce.agencies import shifts
from wilberforce.custody import actions as custody
from wilberforce.operations import actions as operations

from .telling import Story

CONSPIRACY = "conspiracy-msa-2"


def the_doors(story: Story) -> None:
    story.scene("The doors")
    with story.door("op_commander", "op_safety") as actor:
        operations.go_live(actor, story.ids["operation"], at=story.at(minutes=-30))
        operations.log(
            actor, story.ids["operation"], text="Briefing held; all teams in place.", at=story.at(minutes=-20)
        )
        operations.decide(
            actor,
            story.ids["operation"],
            information="Graded 2C; five people or fewer at each site.",
            threat="Harm to those inside; they may be moved.",
            powers="Warrants under PACE section 8; PACE section 17 to save life.",
            options="All doors at once, or one after the other.",
            rejected="One after the other: whoever is warned moves the people.",
            decision="All three doors in the same minutes.",
            at=story.at(minutes=-25),
        )
    story.tell(
        story.at(minutes=-30), "op_commander", "starts the operation; every line of the log has its time and hand"
    )
    for ref, part, minutes in (("A", "op_member_a", 0), ("B", "op_member_b", 2), ("C", "op_member_c", 3)):
        entering = [story.cast.agencies["derbyshire-fire"].pk, story.agency("labour").pk] if ref == "B" else []
        with story.door(part, "op_safety") as actor:
            site = story.ids[f"site_{ref}"]
            operations.move_site(actor, site, state="entered", at=story.at(minutes=minutes), entering=entering)
            operations.move_site(actor, site, state="secured", at=story.at(minutes=minutes + 12))
        story.tell(story.at(minutes=minutes), part, f"enters site {ref}")


def people_found(story: Story) -> None:
    with story.door("op_member_b", "op_safety") as actor:
        for number, language in enumerate(story.languages):
            found = operations.record_found(
                actor,
                story.ids["site_B"],
                age="adult",
                sex="female",
                languages=[language],
                injury="none",
                at=story.at(minutes=15 + number),
            )
            story.ids[f"found_{number}"] = found.pk
            story.words[f"found_{number}"] = found.reference
    story.tell(story.at(minutes=15), "op_member_b", "finds five women in the house in Derby: five references, no names")


def arrests(story: Story) -> None:
    """Two ages are known, and not which man is which."""
    told: dict[str, Any] = {"sex": "male", "ages": [27, 32], "offences": [CONSPIRACY]}
    with story.door("op_member_a", "op_safety") as actor:
        first = custody.arrest(
            actor,
            story.ids["operation"],
            site_id=story.ids["site_A"],
            label="man 1",
            at=story.at(minutes=9),
            place="Burton town centre",
            **told,
        )
    story.tell(
        story.at(minutes=9), "op_member_a", "arrests a man in Burton: conspiracy to traffic, Criminal Law Act 1977 s.1"
    )
    with story.door("op_member_c", "op_safety") as actor:
        second = custody.arrest(
            actor,
            story.ids["operation"],
            site_id=None,
            label="man 2",
            at=story.at(minutes=14),
            place="An address in Derby",
            ages_shared_with=first.pk,
            **told,
        )
    story.ids |= {"arrest_1": first.pk, "arrest_2": second.pk}
    story.tell(story.at(minutes=14), "op_member_c", "arrests a second man; one is 32 and one is 27, nobody knows which")


def exhibits(story: Story) -> None:
    """A passport is found with the man who kept it, and goes to the store by way of one officer."""
    with story.door("op_member_a", "op_safety") as actor:
        seized = custody.seize(
            actor, story.ids["operation"], site_id=story.ids["site_A"], mark="BT/1", kind="passport", power="pace-32",
            description="A passport with a torn cover.", place="Inside pocket of his coat.", bag="C 0142",
            owner_id=story.ids["found_0"], control_id=story.ids["arrest_1"], at=story.at(minutes=18),
        )  # fmt: skip
        custody.hand_on(
            actor, seized.pk, kind="handed-over", received_by="Exhibits officer", place="Store 2", at=story.at(hours=2)
        )
    story.ids["exhibit"] = seized.pk
    story.tell(story.at(minutes=18), "op_member_a", "finds a passport of one of the women in the man's coat: BT/1")


def detention(story: Story) -> None:
    story.scene("Custody in Derby")
    _on_duty(story, "custody_officer")
    for number, arrived in ((2, 40), (1, 45)):
        with story.door("custody_officer", "custody") as actor:
            held = custody.book_in(
                actor, story.ids[f"arrest_{number}"], station="derby", arrived_at=story.at(minutes=arrived)
            )
            custody.authorise(
                actor,
                held.pk,
                at=story.at(minutes=arrived + 10),
                grounds="To secure and preserve evidence and to obtain evidence by questioning.",
            )
            custody.care(
                actor,
                held.pk,
                rights=["someone-told", "solicitor", "codes"],
                at=story.at(minutes=arrived + 15),
                language="sq",
                interpreter="yes",
                appropriate_adult="no",
                possible_victim="not sure",
            )
        story.ids[f"detention_{number}"] = held.pk
        story.tell(
            story.at(minutes=arrived + 10), "custody_officer", f"authorises detention {held.reference}: two clocks run"
        )


def _on_duty(story: Story, part: str) -> None:
    with story.door(part, "custody") as actor:
        shifts.sign_in(actor, actor.home)
