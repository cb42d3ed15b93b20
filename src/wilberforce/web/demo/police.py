"""Police ask for a victim's records: of a senior officer, of the centre with and without a notice; one is open."""

from datetime import timedelta
from typing import Any

from pyrage import x25519

from wilberforce.base import clock
from wilberforce.sharing import access_requests, outside, victim_requests
from wilberforce.sharing import actions as sharing
from wilberforce.sharing.models import VictimRequest
from wilberforce.sharing.rules.material import Case
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .telling import Story

SOON = timedelta(days=20)


def own_data(story: Story) -> None:
    """Somebody asks the charity for their own data, and who they are was checked."""
    with story.door("reception_manager", "reception") as actor:
        reference = PEOPLE.one(actor, story.ids["person_1"])["reference"]
    with story.door("guardian_redcross", "oversight") as actor:
        asked = access_requests.receive(actor, reference=reference)
        access_requests.check(actor, asked.pk, how="known")


def police_ask(story: Story) -> None:
    """One request waits for a senior officer, two for the centre, one of them without a notice; one is open."""
    agreed(story, "guardian_redcross", "guardian_police", data_class="support", purpose="criminal_investigation")
    with story.door("reception_manager", "reception") as actor:
        reference = PEOPLE.one(actor, story.ids["person_1"])["reference"]
        note = survivors.note_support(actor, story.ids["person_1"], "They were driven in a blue van.")
    later = _asked(
        story, reference, notice_form="none", ground="interfere", ground_why="Whoever drove them is still free."
    )
    with story.door("op_commander", "op_planning") as actor:
        victim_requests.senior_says(actor, later.pk, agrees=True)
    by_letter(story, reference)
    _asked(story, reference, counselling=True, probative="The only account of who gave the orders.")
    for _ in range(2):
        asked = _asked(story, reference)
    with story.door("reception_manager", "support") as actor:
        victim_requests.told(actor, asked.pk, language=story.languages[1], view="agrees")
        victim_requests.choose(actor, asked.pk, records=[note.pk], until=clock.now() + SOON)
    with story.door("reception_manager", "criminal_investigation") as actor:
        begun = victim_requests.send(actor, asked.pk)
    with story.door("guardian_redcross", "oversight") as actor:
        sharing.approve(actor, begun.pk)


def by_letter(story: Story, reference: str) -> None:
    """A hospital without a sign-in: of three requests one waits for the notice, one for its letter, one for the yes."""
    with story.door("guardian_police", "oversight") as actor:
        key = str(x25519.Identity.generate().to_public())
        to = outside.introduce(actor, code="nhs", name="Hill Lane Hospital", reached="01632 960 112", public_key=key)
        outside.heard(actor, to.pk, number_from="published")
    for step in range(3):
        one = _asked(story, reference, to_agency=to.pk)
        with story.door("investigator", "criminal_investigation") as actor:
            if step > 0:
                victim_requests.told(actor, one.pk, language=story.languages[1], view="not now")
            if step > 1:
                victim_requests.write_letter(actor, one.pk, called="The patient with your number 4711")


def _asked(story: Story, reference: str, **more: Any) -> VictimRequest:
    to_agency = more.pop("to_agency", story.post("reception_manager").agency_id)
    case = Case(
        line="Who drove people to the car wash.",
        necessary="Nobody else saw the driver.",
        proportionate="The notes of one day.",
        alternatives="Cameras were asked for; none worked that day.",
        notice="Police ask to see notes about who drove you. Only the officers of this case would read them.",
        **more,
    )
    with story.door("investigator", "criminal_investigation") as actor:
        return victim_requests.ask(
            actor, reference=reference, operation_id=story.ids["operation"], data_class="support", case=case,
            to_agency=to_agency, covers_from=story.day,
            covers_to=clock.in_london(clock.now()).date(),
        )  # fmt: skip


def agreed(story: Story, giver: str, receiver: str, *, data_class: str, purpose: str) -> None:
    with story.door(giver, "oversight") as actor:
        begun = sharing.propose_agreement(
            actor, to_agency=story.post(receiver).agency_id, data_class=data_class, purpose=purpose, fields=["all"],
            basis="Care Act 2014 s.45", dpia_ref="DPIA-2", starts=story.day,
        )  # fmt: skip
        sharing.sign_agreement(actor, begun.pk)
    with story.door(receiver, "oversight") as actor:
        sharing.sign_agreement(actor, begun.pk)
