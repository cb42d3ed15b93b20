"""What still waits when the story ends: something to open on every page, for whoever looks at all of them."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID

from django.urls import reverse
from PIL import Image, ImageDraw
from pyrage import x25519

from wilberforce.access.context import Note
from wilberforce.agencies import actions as people
from wilberforce.agencies import areas, second, shifts
from wilberforce.base import clock
from wilberforce.base.ids import random_id
from wilberforce.concerns import actions as concerns
from wilberforce.concerns import keeping
from wilberforce.concerns.policy import SOURCES
from wilberforce.custody import actions as custody
from wilberforce.operations import actions as operations
from wilberforce.operations.phone import imitated as imitated_phones
from wilberforce.press import actions as press
from wilberforce.reception import actions as reception
from wilberforce.reception.desk import imitated, pictures
from wilberforce.referrals import actions as referrals
from wilberforce.referrals import supplements
from wilberforce.sharing import actions as sharing
from wilberforce.sharing import emergencies, outside, policy
from wilberforce.stewardship import actions as stewardship
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from . import seldom
from .police import agreed, own_data, police_ask
from .public import ALT, drawing
from .telling import Story

SOON = timedelta(days=20)


def everything_waits(story: Story) -> None:
    for scene in (
        _a_report, _referrals, _said_no_too, _on_the_way, _letters, _sharing, _outside, _care, _emergencies, _guardians,
        _areas, _bulletin, _phone, _tablet, _worry, _unused, _between_forces, police_ask, own_data,
        seldom.disclosed_to_police, seldom.emergency_in_support, seldom.a_plan_is_over, seldom.figures_of_a_quarter,
        seldom.a_job_failed, seldom.every_way_in, seldom.a_pack_is_sealed,
    ):  # fmt: skip
        scene(story)


def _a_report(story: Story) -> None:
    with story.public_door("triage") as reporter:
        told, words = concerns.report(
            reporter,
            body="A car wash where nobody is paid.",
            danger_now="no",
            child="no",
            identity_choice="confidential",
            contact="07700 900417",
            safe_times="After six, and never by message: somebody else reads it.",
        )
    story.words["second_receipt"] = words
    with story.door("report_desk", "triage") as actor:
        concerns.claim(actor, told.pk)
    with story.door("source_keeper", "intelligence") as actor:
        (waits,) = SOURCES.many(actor, projection="queue")
        keeping.take(actor, waits["id"])


def _referrals(story: Story) -> None:
    sent, open_, said_no = (story.ids[f"person_{number}"] for number in (0, 3, 2))
    with story.door("reception_manager", "reception") as actor:
        survivors.assign(actor, said_no, story.post("first_responder_city_2").pk, until=clock.now() + SOON)
    with story.door("first_responder_city", "nrm") as actor:
        for person in (sent, open_):
            form = referrals.begin_form(actor, person)
            if person == sent:
                referrals.record_submission(
                    actor, person, home_office_ref="NRM-000123", at=clock.now(), version=form.version
                )
                supplements.write(actor, person, text="They remember now that there was a second house.")
        survivors.record_legal_basis(
            actor, open_, basis="adult-safeguarding", data_classes=["health"], recipient="nhs", person_agrees="yes",
            told=True,
        )  # fmt: skip
        written = referrals.record_refusal(actor, said_no, text="An adult was found and declined.")
    with story.door("first_responder_city_2", "nrm") as actor:
        referrals.check_text(actor, said_no, version=written.version)


def _said_no_too(story: Story) -> None:
    """Another adult declines; what was sent of that under which reference can be put right."""
    person = story.ids["person_4"]
    with story.door("reception_manager", "reception") as actor:
        survivors.assign(actor, person, story.post("first_responder_city_2").pk, until=clock.now() + SOON)
    with story.door("first_responder_city", "nrm") as actor:
        referrals.record_answer(actor, person, answer="declined", language=story.languages[4], interpreter=True)
        referrals.duty(actor, person, found_in="Normanton (Derby)")
        written = referrals.record_refusal(actor, person, text="An adult was found and declined.")
    with story.door("first_responder_city_2", "nrm") as actor:
        checked = referrals.check_text(actor, person, version=written.version)
        referrals.notify(
            actor, person, checked.pk, home_office_ref="DTN-000124", at=clock.now(), version=checked.version
        )


def _on_the_way(story: Story) -> None:
    """Two more are handed over, and neither the centre nor custody has confirmed it."""
    for to in ("centre", "custody"):
        with story.door("op_member_b", "op_safety") as actor:
            found = operations.record_found(
                actor, story.ids["site_B"], age="adult", sex="male", languages=["ro"], injury="none", at=clock.now()
            )
            centre = story.ids["centre"] if to == "centre" else None
            operations.hand_over(actor, found.pk, to=to, centre_id=centre, at=clock.now())


def _letters(story: Story) -> None:
    """What comes by e-mail: an invitation, a way back."""
    with story.door("guardian_police", "oversight") as actor:
        invited = people.invite(actor, story.agency("derbyshire-police"), "newcomer@example.org", ["op_member"])
        asked = second.ask_way_back(actor, story.post("op_member_c"))
    with story.door("guardian_police_2", "oversight") as actor:
        _, secret = second.answer(actor, asked.pk, True)
        second.ask_way_back(actor, story.post("op_member_b"))
    story.letters += [reverse("join", args=[invited.token]), reverse("way_back", args=[secret])]


def _sharing(story: Story) -> None:
    """Agreed as a whole: one waits for the guardian, one was sent, and whoever it was sent to asks for more."""
    city = story.post("housing_officer").agency_id
    agreed(story, "guardian_redcross", "guardian_city", data_class="person_ref", purpose="support")
    _begun(story, story.ids["person_1"], city, "housing_need")
    sent = _begun(story, story.ids["person_4"], city, "")
    with story.door("guardian_redcross", "oversight") as actor:
        sharing.approve(actor, sent)
    with story.door("safeguarding_lead", "support") as actor:
        sharing.ask_for(actor, story.ids["person_4"], what="identity/", basis="adult-safeguarding")


def _unused(story: Story) -> None:
    with story.door("disclosure_officer", "criminal_investigation") as actor:
        for what, where in (("Body-worn video of the first room", "Store B, 14"), ("Notes of house calls", "File 3")):
            custody.list_unused(
                actor,
                story.ids["operation"],
                description=what,
                held_at=where,
                inspected="in part",
                sensitive="not sure",
            )


def _between_forces(story: Story) -> None:
    """A third man, arrested in Burton and held in Derby, is on the way to the force in whose area the site lies."""
    force = story.agency("staffordshire-police").pk
    for part in ("custody_officer", "custody_officer_host"):
        with story.door(part, "custody") as actor:
            shifts.sign_in(actor, actor.home, part="custody")
    with story.door("op_member_a", "op_safety") as actor:
        arrested = custody.arrest(
            actor, story.ids["operation"], site_id=story.ids["site_A"], label="man 3", sex="male", ages=[41],
            offences=["fraud-1"], at=clock.now() - timedelta(hours=2), place="Burton town centre",
        )  # fmt: skip
    with story.door("custody_officer", "custody") as actor:
        held = custody.book_in(actor, arrested.pk, station="derby", arrived_at=clock.now() - timedelta(minutes=80))
        custody.authorise(actor, held.pk, at=clock.now() - timedelta(minutes=75), grounds="To secure evidence.")
        left = clock.now() - timedelta(minutes=5)
        custody.hand_to_force(actor, held.pk, to_force=force, terms="their-offence", at=left)


def _outside(story: Story) -> None:
    """A support provider without a sign-in: its key was heard, both have signed, and a pack waits for the guardian."""
    key = str(x25519.Identity.generate().to_public())
    with story.door("guardian_redcross", "oversight") as actor:
        to = outside.introduce(
            actor, code="support_provider", name="Kestrel Support", reached="packs@example.org", public_key=key
        )
        outside.heard(actor, to.pk, number_from="published")
        terms = sharing.propose_agreement(
            actor, to_agency=to.pk, data_class="person_ref", purpose="support", fields=["housing_need"],
            basis="Care Act 2014 s.45", dpia_ref="DPIA-9", starts=story.day,
        )  # fmt: skip
        sharing.sign_agreement(actor, terms.pk)
        outside.signed_on_paper(actor, terms.pk, office="Head of services", on=story.day)
        to.refresh_from_db()
        story.ids["kestrel"] = to.pk
        outside.introduce(actor, code="nhs", name="Hill Lane Surgery", reached="01632 960 111", public_key=key)
    person, basis = story.ids["person_1"], "adult-safeguarding"
    with story.door("reception_manager", "reception") as actor:
        survivors.record_legal_basis(
            actor, person, basis=basis, data_classes=["person_ref"], recipient="support_provider", person_agrees="yes",
            told=True,
        )  # fmt: skip
    with story.door("reception_manager", "support") as actor:
        kind, until = policy.Kind("person_ref", "housing_need"), clock.now() + SOON
        outside.begin(actor, person, to=to, kind=kind, fields=["languages", "access_needs"], basis=basis, until=until)


def _begun(story: Story, person: UUID, city: UUID, projection: str) -> UUID:
    with story.door("reception_manager", "reception") as actor:
        for part in ("housing_officer", "safeguarding_lead"):
            survivors.assign(actor, person, story.post(part).pk, until=clock.now() + SOON)
        survivors.record_legal_basis(
            actor, person, basis="adult-safeguarding", data_classes=["person_ref", "identity"], recipient=city,
            person_agrees="yes", told=True,
        )  # fmt: skip
    with story.door("reception_manager", "support") as actor:
        begun = sharing.begin(
            actor, person, to_agency=city, data_class="person_ref", projection=projection,
            fields=policy.Kind("person_ref", projection).fields, basis="adult-safeguarding",
        )  # fmt: skip
    return begun.pk


def _care(story: Story) -> None:
    person = story.ids["person_1"]
    with story.door("reception_manager", "reception") as actor:
        survivors.assign(actor, person, story.post("reception_worker").pk, until=clock.now() + SOON)
        for number in (1, 2, 3, 4):
            one = story.ids[f"person_{number}"]
            survivors.assign(actor, one, story.post("health_worker").pk, until=clock.now() + SOON)
            reception.need_interpreter(actor, one, language=story.languages[number], way="phone", who="No. 12")
            survivors.record_next_place(actor, one, kind="victim-care", address="1 Nowhere Lane")
        tomorrow = clock.now() + timedelta(hours=20)
        driver = story.post("op_member_city").pk
        reception.set_up_shift(actor, story.ids["centre"], driver, tomorrow, tomorrow + timedelta(hours=4), "driver")
        reception.record_sentence(
            actor, story.ids["centre"], sentence="free", language="en", sound=b"OggS, as if it were spoken"
        )
        survivors.categorise(actor, person, "witness", "told")
    with story.door("health_worker", "reception") as actor:
        for number in (1, 2, 3, 4):
            one = story.ids[f"person_{number}"]
            survivors.care_flag(actor, one, kind="medicine-time", detail="At nine in the evening")
        reception.remind(actor, person, kind="medicine", due_at=clock.now() + timedelta(hours=3))
        allergic = {"allergies": "Penicillin", "allergy-shift": "No penicillin"}
        reception.note_screening(actor, person, "medicines", allergic)
        reception.note_practical(actor, person, "sizes", {"size": "M", "shoes": "38"})
        reception.note_practical(actor, person, "sizes", {"size": "M", "shoes": "39"}, version=1, why="Tried on.")


def _emergencies(story: Story) -> None:
    with story.door("reception_manager", "reception") as actor:
        reference = PEOPLE.one(actor, story.ids["person_1"])["reference"]
    with story.door("op_commander", "op_safety") as actor:
        emergencies.break_glass(actor, reference=reference, reason="threat", threat_reference="TTL/0142")
    with story.door("reception_manager", "reception") as actor:
        emergencies.break_glass(actor, reference=reference, reason="not sure")


def _guardians(story: Story) -> None:
    _many_people(story)
    day = story.day + SOON
    with story.door("guardian_police", "oversight") as actor:
        stewardship.place_hold(actor, story.ids["operation"], basis="appeal", reference="APP-7", review_on=day)
        stewardship.sign_paper(actor, kind="dpia", text="Kept by the records office, shelf 4.", review_on=day)
        stewardship.record_breach(
            actor, found_at=clock.now(), what="A brief went to the wrong printer.", people=0, high_risk=False
        )


def _areas(story: Story) -> None:
    """One side has asked, the other has not answered."""
    with story.door("guardian_police", "oversight") as actor:
        areas.ask(
            actor, place="Allenton (Derby)", police=actor.home, council=story.post("guardian_city").agency_id,
            why="A premises there lies in no area of the list.",
        )  # fmt: skip


def _many_people(story: Story) -> None:
    """Somebody comes near their cap, so that a guardian has somebody to ask."""
    whom = tuple(random_id() for _ in range(18))
    with story.door("safeguarding_lead", "support") as actor:
        actor.note(Note("consultation", "identity", "R", "", "A27", whom, people=whom))


def _bulletin(story: Story) -> None:
    with story.door("comms_officer", "public_info") as actor:
        sheet, text = story.ids["fact_sheet"], "Officers were at a house in Derby."
        press.draft(actor, sheet, title="A second bulletin", text=text)
        waits = press.draft(actor, sheet, title="A third bulletin", text=text)
        pictured = press.illustrate(actor, waits.pk, raw=drawing(), alt=ALT, version=waits.version)
        press.submit(actor, waits.pk, version=pictured.version)


def _phone(story: Story) -> None:
    """A bronze without a network wrote down a card that a colleague had written down already."""
    with story.door("op_member_b", "op_safety") as actor:
        phone = imitated_phones.enrolled(actor, story.ids["site_B"], "Phone of site B")
    phone.finds(story.words["found_0"])
    phone.sends()


def _worry(story: Story) -> None:
    """Nobody of the police has read it."""
    with story.door("reception_worker", "reception") as actor:
        reception.pass_worry(actor, story.ids["centre"], text="One of them answers for all the others.")


def _tablet(story: Story) -> None:
    """One answers what the office has answered otherwise, and writes down a card that nobody has."""
    with story.door("reception_manager", "reception") as actor:
        kept, secret, key = imitated.enrolled(actor, story.ids["centre"], "Tablet 1")
        people = [PEOPLE.one(actor, story.ids[f"person_{number}"])["reference"] for number in (1, 2, 3, 4)]
    with story.door("reception_worker", "reception") as actor:
        desk = imitated.Desk(kept, imitated.seated(actor, kept), secret, key)
    desk.writes("corrected", {"field": "age", "value": "not sure"}, ref=people[0])
    desk.writes("gave", {"thing": "meal", "quantity": 1}, ref="P-ZZZZZZ")
    taken = [desk.photographs(_a_bag(), ref=reference) for reference in people]
    desk.sends()
    for picture, pieces in taken:
        for n, piece in enumerate(pieces):
            pictures.take(kept, picture, n, piece)


def _a_bag() -> bytes:
    """Drawn, not photographed."""
    drawing, made = Image.new("RGB", (640, 480), "#d9d4c7"), BytesIO()
    brush = ImageDraw.Draw(drawing)
    brush.arc((230, 60, 410, 260), 180, 360, "#3a3127", 14)
    brush.rounded_rectangle((150, 160, 490, 400), 24, "#7a6a52", "#3a3127", 8)
    drawing.save(made, "JPEG", quality=75)
    return made.getvalue()
