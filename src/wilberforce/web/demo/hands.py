"""From hand to hand: site, minibus, centre, each side confirming; and what the desk is asked meanwhile."""

from uuid import UUID

from wilberforce.operations import actions as operations

from .telling import Story

PEOPLE = range(5)


def the_desk_is_asked(story: Story) -> None:
    questions = ("Is the name on the letter box known?", "Is a white van with a dented door known?")
    with story.door("op_member_b", "op_safety") as actor:
        asked = [
            operations.ask_desk(actor, story.ids["operation"], question=question, site_id=story.ids["site_B"])
            for question in questions
        ]
    with story.door("intel_officer", "intelligence") as actor:
        operations.answer_site(actor, asked[0].pk, answer="Known from two other addresses. Nothing that warns of harm.")
    story.tell(
        story.at(minutes=20), "intel_officer", "answers a question from site B at once; the file stays at the desk"
    )


def on_the_way(story: Story) -> None:
    """Whoever drives is not whoever hands over."""
    with story.door("op_commander", "op_planning") as actor:
        force = story.cast.agencies["derbyshire-police"].pk
        bus = operations.add_unit(
            actor, story.ids["operation"], kind="vehicle", agency_id=force, label="Minibus 1", seats=5
        )
    for number in PEOPLE:
        _hand_over(story, number, "op_member_b", "op_member_a", 40 + number, to="vehicle", vehicle_id=bus.pk)
    story.tell(story.at(minutes=40), "op_member_b", "hands five people over to the minibus; its driver confirms each")


def at_the_centre(story: Story) -> None:
    for number in PEOPLE:
        _hand_over(story, number, "op_member_a", "reception_manager", 58 + number, to="centre")
    story.tell(story.at(minutes=58), "reception_manager", "confirms that all five are with the centre now")


def _hand_over(
    story: Story, number: int, giver: str, receiver: str, minutes: int, *, to: str, vehicle_id: UUID | None = None
) -> None:
    found, centre, at = story.ids[f"found_{number}"], story.ids["centre"], story.at(minutes=minutes)
    with story.door(giver, "op_safety") as actor:
        given = operations.hand_over(actor, found, to=to, vehicle_id=vehicle_id, centre_id=centre, at=at)
    with story.door(receiver, "reception" if to == "centre" else "op_safety") as actor:
        operations.receive(actor, given.pk, at=at)
