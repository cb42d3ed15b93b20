"""The reception centre: people are met, warmed, fed, told and heard; each is asked once, and in their own time."""

from contextlib import suppress
from datetime import timedelta

from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.operations import actions as operations
from wilberforce.reception import actions as reception
from wilberforce.reception.actions.belongings import bags_of
from wilberforce.referrals import actions as referrals
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .telling import Story

STAFF = ("reception_manager", "reception_worker", "reception_worker_2", "health_worker")
GIVEN = (
    ("health", "examination-offered", 2),
    ("health", "health-offered", 3),
    ("refreshments", "hot-drink", 5),
    ("practical help", "interpreting", 12),
    ("clothing", "clothes", 20),
    ("first aid", "first-aid", 30),
    ("emotional support", "listening", 45),
    ("practical help", "shower", 60),
)
ANSWERS = ("given", "not now", "declined", "given", "not now")


def stand_by(story: Story) -> None:
    story.scene("The reception centre")
    begins, ends = clock.now() - timedelta(minutes=5), clock.now() + timedelta(hours=9)
    with story.door("reception_manager", "reception") as actor:
        centre = reception.open_centre(actor, name="Kingfisher", premises_id=story.ids["premises"])
        story.ids["centre"] = centre.pk
        for part in STAFF:
            reception.set_up_shift(actor, centre.pk, story.post(part).pk, begins, ends)
    with story.door("op_commander", "op_planning") as actor:
        operations.link_centre(actor, story.ids["operation"], centre.pk, expected="1-5", languages=["sq", "ro"])
        reception.say_where(actor, story.ids["operation"], centre_id=centre.pk, premises_id=story.ids["premises"])
    for part in STAFF:
        with story.door(part, "reception") as actor:
            reception.sign_in_to_shift(actor, reception.own_shifts(actor)[0].pk)
    story.tell(
        story.at(hours=-3), "reception_manager", "opens the centre under a code name; its address is nowhere here"
    )


def arrivals(story: Story) -> None:
    with story.door("reception_manager", "reception") as actor:
        for number in range(5):
            person = reception.arrive(
                actor, story.ids["centre"], found_id=story.ids[f"found_{number}"], at=story.at(minutes=60 + number)
            )
            story.ids[f"person_{number}"] = person.pk
            worker = story.post("reception_worker" if number % 2 else "reception_worker_2")
            survivors.assign(actor, person.pk, worker.pk, until=clock.now() + timedelta(days=14))
    story.tell(story.at(minutes=60), "reception_manager", "registers five people: a reference, an age, a language")


def care(story: Story) -> None:
    with story.door("reception_manager", "reception") as actor:
        for number in range(5):
            person = story.ids[f"person_{number}"]
            for kind, thing, minutes in GIVEN:
                reception.give(actor, person, kind=kind, thing=thing, at=story.at(minutes=66 + minutes))
            reception.rest_recorded(actor, person, at=story.at(hours=3))
            reception.take_in(actor, person, bag=f"{number + 1}", what="A bag of clothes", at=story.at(minutes=65))
        apart = PEOPLE.one(actor, story.ids["person_2"])["reference"]
        reception.keep_apart(actor, story.ids["person_1"], reference=apart)
    story.tell(
        story.at(minutes=71), "reception_worker", "a hot drink, clothes, first aid, somebody to talk to, a shower, rest"
    )


def told_and_asked(story: Story) -> None:
    with story.door("reception_manager", "reception") as actor:
        for number in range(5):
            person, language = story.ids[f"person_{number}"], story.languages[number]
            reception.information_given(actor, person, language=language, at=story.at(hours=3.4))
            for step in ("where-you-are", "may-leave", "who-is-here", "choices"):
                survivors.tell(actor, person, step=step, language=language, interpreter=True)
            survivors.assign(
                actor, person, story.post("first_responder_city").pk, until=clock.now() + timedelta(days=14)
            )
    story.tell(
        story.at(hours=3.5), "reception_manager", "each is told, with an interpreter, what happens and who decides"
    )
    with story.door("first_responder_city", "nrm") as actor:
        for number, answer in enumerate(ANSWERS):
            referrals.record_answer(
                actor,
                story.ids[f"person_{number}"],
                answer=answer,
                language=story.languages[number],
                interpreter=True,
            )
    story.tell(
        story.at(hours=4),
        "first_responder_city",
        "asks each about a referral: two say yes, two not now, one no; care goes on",
    )


def duties(story: Story) -> None:
    """Duties follow place: the house is in Derby, a unitary city."""
    with story.door("first_responder_city", "nrm") as actor:
        for number in range(5):
            referrals.duty(actor, story.ids[f"person_{number}"], found_in="Normanton (Derby)")
    story.tell(
        story.at(hours=4.2), "first_responder_city", "the duty is the city's, never the Red Cross's; its clock runs"
    )


def leaving(story: Story) -> None:
    """One leaves that day for a place that only those who drive and house her know; the others stay the night."""
    with story.door("reception_manager", "reception") as actor:
        bag = bags_of(actor, story.ids["person_0"])[0]
        reception.give_back(actor, story.ids["person_0"], bag["id"], receipt=bag["receipt"])
        reception.leave(
            actor,
            story.ids["person_0"],
            destination="victim-care",
            transport="provider",
            at=story.at(hours=4.6),
            next_place={"kind": "victim-care", "address": "A safe address that no page of this story shows"},
            card="given",
            follow_up={"way": "they call", "contact": "Any worker of the centre, 01632 960 104"},
        )
    story.tell(story.at(hours=4.6), "reception_manager", "one person leaves for a safe place; four stay the night")


def curiosity(story: Story) -> None:
    """An officer with a valid sign-in looks for a person found. Nothing opens, and the ledger keeps that they tried."""
    for part, purpose in (("investigator", "criminal_investigation"), ("op_member_hmrc", "op_planning")):
        with suppress(NotAllowed), story.door(part, purpose) as actor:
            PEOPLE.one(actor, story.ids["person_1"])
            raise AssertionError("the person's record opened to somebody who does not need it")
    story.tell(
        story.at(hours=4.65),
        "investigator",
        "looks for one of the people: nothing is there for them, and the try is kept",
    )
