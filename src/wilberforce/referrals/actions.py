"""What can happen: the duty is decided, a form is begun once the person agreed and sent, a no is notified."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.history import corrected
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency, Area
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.concerns.rules import AgeClass
from wilberforce.deadlines import actions as deadlines
from wilberforce.deadlines.calendar import bank_holidays
from wilberforce.ledger.doors import action
from wilberforce.survivors.actions import consents
from wilberforce.survivors.policy import PEOPLE
from wilberforce.survivors.rules import Answer

from . import policy, rules
from .lists import RESPONDERS
from .models import Decision, DutyDecided, Notification, NrmForm

SEND = "referral-duty"
GROUNDS = "reasonable-grounds"
RECOVERY, RECONSIDERATION = "recovery", "reconsideration"
EXIT, MOVE_ON = "exit-support", "move-on"
ROLE = "first_responder"
FORM_CLASS = "immigration"
NARRATIVE = "dtn_narrative"


@action("person_ref", "W", about={"person": "person_id"}, projection="referral_duty")
def duty(actor: Actor, person_id: UUID, *, found_in: str, believed: bool = True) -> DutyDecided:
    """Which duty is due, by whom and by when. Decided anew when the person's answer or age changes."""
    now = clock.now()
    _only_a_first_responder(actor, _day(now))
    area = _area(found_in)
    people = PEOPLE.one(actor, person_id)
    agencies = _agencies_of(area, _day(now))
    due = rules.duty_due(
        AgeClass(people["age"]),
        policy.stance(person_id).answer,
        believed,
        [(str(agency.pk), agency.kind) for agency in agencies],
        _day(now),
        RESPONDERS,
        already_sent=_sent(actor, person_id),
    )
    decided = DutyDecided(
        controller_id=actor.home,
        person_id=person_id,
        area_id=area.pk,
        duty=due.duty.value,
        agency_id=UUID(due.by) if due.by else None,
        why=due.reason,
        decided_at=now,
        decided_by=actor.me,
    )
    _file_clock(actor, decided)
    return policy.DUTIES.add(actor, decided, projection="referral_duty")


def _only_a_first_responder(actor: Actor, on: date) -> None:
    if actor.kind == "redcross":
        raise RuleBroken("The Red Cross gives neutral information and never refers. A first responder decides this.")
    if not rules.may_refer(actor.kind, on, RESPONDERS):
        raise RuleBroken("Your agency is not a first responder. Ask the police or the council of the place.")


def _area(found_in: str) -> Area:
    found = Area.objects.live().select_related("council__successor", "police__successor")
    area = found.filter(place__iexact=found_in.strip()).first()
    if area is None:
        raise RuleBroken("Choose the area where they were found from the list.", field="found_in")
    return area


def _agencies_of(area: Area, on: date) -> list[Agency]:
    """The council of the place first: it has the duties that follow."""
    return [one.acting_on(on) or one for one in (area.council, area.police)]


def _sent(actor: Actor, person_id: UUID) -> bool:
    sent = Q(person_id=person_id, sent_at__isnull=False)
    return bool(policy.DUTIES.many(actor, sent, projection="referral_duty", limit=1))


def _file_clock(actor: Actor, decided: DutyDecided) -> None:
    """Waiting for the person has no clock."""
    before = policy.latest_duties(actor, [decided.person_id]).get(decided.person_id)
    whose = decided.agency_id if decided.duty in {rules.Duty.REFER, rules.Duty.NOTIFY} else None
    if before and before["agency_id"] and before["agency_id"] != whose:
        deadlines.cancel(actor, decided.person_id, SEND, agency_id=before["agency_id"])
    if whose is not None:
        due = rules.duty_due_at(decided.decided_at, bank_holidays())
        deadlines.file(actor, decided.person_id, rule=SEND, due_at=due.due_at, role=ROLE, agency_id=whose)


def record_answer(
    actor: Actor, person_id: UUID, *, answer: str, language: str, interpreter: bool, sooner_because: str = ""
) -> None:
    """The first step: the person was told who decides, and answers. Any answer may follow any other; a yes or a no
    comes after rest and information, or with a reason."""
    matter = consents.Matter(FORM_CLASS, consents.HOME_OFFICE, "nrm")
    about: dict[str, Any] = {"data_class": matter.data_class, "recipient": matter.recipient, "purpose": matter.purpose}
    how: dict[str, Any] = {"language": language, "interpreter": interpreter}
    current = consents.latest(actor, person_id, matter)
    said = {"legal_basis": "public-task", **about, **how}
    if answer == Answer.WITHDRAWN or current is Answer.GIVEN:
        consents.withdraw(actor, person_id, language=language, **about)
        current = Answer.WITHDRAWN
    if answer != Answer.WITHDRAWN:
        consents.tell(actor, person_id, step=consents.WHO_DECIDES, **how)
        if current is not Answer.NOT_ASKED:
            consents.answer(actor, person_id, answer=Answer.ASKED, **said)
        consents.answer(actor, person_id, answer=answer, sooner_because=sooner_because, **said)
    _decided_anew(actor, person_id)


def _decided_anew(actor: Actor, person_id: UUID) -> None:
    """The duty follows the answer at once, by the place that was said before, so that its clock runs from now."""
    latest = policy.latest_duties(actor, [person_id]).get(person_id)
    area = Area.objects.live().filter(pk=latest["area_id"]).first() if latest else None
    if latest is None or area is None:
        return
    age, said = AgeClass(PEOPLE.one(actor, person_id)["age"]), policy.stance(person_id).answer
    if rules.overtaken(rules.Duty(latest["duty"]), age, said, _sent(actor, person_id)):
        duty(actor, person_id, found_in=area.place)


@action("person_ref", "W", about={"person": "person_id"}, projection="referral_duty")
def begin_form(actor: Actor, person_id: UUID) -> NrmForm:
    """Consent first: until an adult has said yes there is no form, and nothing in it is asked."""
    _decided(actor, person_id)
    if not policy.stance(person_id).agreed:
        raise RuleBroken(
            "The person has not agreed to be referred. Tell them who decides, ask, and write down any answer: "
            "not now is one of them."
        )
    if policy.form_of(actor, person_id):
        raise RuleBroken("A form is open for this person already. Go on with that one.")
    form = NrmForm(controller_id=actor.home, person_id=person_id, begun_by=actor.me)
    return policy.FORMS.add(actor, form)


@action("immigration", "D", about={"person": "person_id"})
def record_submission(actor: Actor, person_id: UUID, *, home_office_ref: str, at: datetime, version: int) -> NrmForm:
    """It went through the Home Office's own portal; what comes back is the reference and a decision to wait for."""
    form = policy.form_of(actor, person_id)
    if form is None:
        raise RuleBroken("Begin the form first.", field="home_office_ref")
    if form["submitted_at"]:
        raise RuleBroken("This form has been sent already.", field="home_office_ref")
    reference = reference_of(home_office_ref)
    in_time(at, form["begun_at"])
    sent = {"submitted_at": at, "changed_at": clock.now(), "home_office_ref": reference}
    changed = policy.FORMS.change(actor, form["id"], sent, version=version)
    _mark_sent(actor, person_id, at)
    due = rules.reasonable_grounds_due(at, bank_holidays())
    deadlines.file(actor, person_id, rule=GROUNDS, due_at=due.due_at, role=ROLE)
    return changed


@action("account", "W", about={"person": "person_id"}, projection="dtn_narrative")
def record_refusal(actor: Actor, person_id: UUID, *, text: str, version: int | None = None) -> Notification:
    """An adult said no: the notification says what happened and nothing that points to them.

    A changed text has to be checked again; the words before it are kept.
    """
    _decided(actor, person_id)
    _refused(person_id)
    words = _narrative(text, PEOPLE.one(actor, person_id)["reference"])
    before = policy.notification_of(actor, person_id)
    if before is None:
        fresh = Notification(controller_id=actor.home, person_id=person_id, text=words, written_by=actor.me)
        return policy.NOTIFICATIONS.add(actor, fresh, projection="dtn_narrative")
    _not_sent(before)
    changes = {"text": words, "written_by": actor.me, "written_at": clock.now(), "checked_by": None, "checked_at": None}
    if words == before["text"]:
        return policy.NOTIFICATIONS.change(actor, before["id"], {"text": words}, version=version, projection=NARRATIVE)
    return corrected(
        actor, policy.NOTIFICATIONS, policy.FORMER_NOTIFICATIONS, before["id"], changes, version=version,
        projection=NARRATIVE,
    )  # fmt: skip


@action("account", "W", about={"person": "person_id"}, projection="dtn_narrative")
def check_text(actor: Actor, person_id: UUID, *, version: int) -> Notification:
    """A second first responder of the agency found nothing in the words that identifies the person."""
    found = _notification(actor, person_id)
    _not_sent(found)
    if found["written_by"] == actor.me:
        raise RuleBroken("Somebody else has to read it: you wrote these words.")
    changes = {"checked_by": actor.me, "checked_at": clock.now()}
    return policy.NOTIFICATIONS.change(actor, found["id"], changes, version=version, projection="dtn_narrative")


@action("account", "D", about={"person": "person_id", "record": "notification_id"}, projection="dtn_narrative")
def notify(
    actor: Actor, person_id: UUID, notification_id: UUID, *, home_office_ref: str, at: datetime, version: int
) -> Notification:
    """Only what a second person has checked; no name goes with it."""
    found = _notification(actor, person_id)
    _not_sent(found)
    _refused(person_id)
    in_time(at, found["written_at"])
    sent = {"sent_at": at, "home_office_ref": reference_of(home_office_ref)}
    changed = policy.NOTIFICATIONS.change(actor, notification_id, sent, version=version, projection="dtn_narrative")
    _mark_sent(actor, person_id, at)
    return changed


@action("immigration", "W", about={"person": "person_id"})
def record_grounds(actor: Actor, person_id: UUID, *, decision: str, at: datetime, version: int) -> NrmForm:
    """The first decision. A positive one begins the recovery period, a negative one the time to ask again."""
    form = _sent_form(actor, person_id)
    if form["grounds_at"]:
        raise RuleBroken("The reasonable grounds decision is recorded already.", field="decision")
    _decision(decision)
    in_time(at, form["submitted_at"])
    deadlines.meet(actor, person_id, GROUNDS, at)
    positive = decision == Decision.POSITIVE
    due = rules.recovery_ends(at) if positive else rules.reconsideration_ends(at)
    deadlines.file(actor, person_id, rule=RECOVERY if positive else RECONSIDERATION, due_at=due.due_at, role=ROLE)
    changes = {"grounds": decision, "grounds_at": at, "changed_at": clock.now()}
    return policy.FORMS.change(actor, form["id"], changes, version=version)


@action("immigration", "W", about={"person": "person_id"})
def record_conclusive(actor: Actor, person_id: UUID, *, decision: str, at: datetime, version: int) -> NrmForm:
    """The last decision, never before the recovery period is over. From it runs the time until support ends."""
    form = _sent_form(actor, person_id)
    if form["grounds"] != Decision.POSITIVE:
        raise RuleBroken("A conclusive decision follows positive reasonable grounds.", field="decision")
    if form["conclusive_at"]:
        raise RuleBroken("The conclusive decision is recorded already.", field="decision")
    _decision(decision)
    in_time(at, form["grounds_at"])
    if at < rules.recovery_ends(form["grounds_at"]).due_at:
        raise RuleBroken("The recovery period is not over then. Check the time of both decisions.", field="at")
    deadlines.meet(actor, person_id, RECOVERY, at)
    _file_what_follows(actor, person_id, decision == Decision.POSITIVE, at)
    changes = {"conclusive": decision, "conclusive_at": at, "changed_at": clock.now()}
    return policy.FORMS.change(actor, form["id"], changes, version=version)


def _file_what_follows(actor: Actor, person_id: UUID, positive: bool, at: datetime) -> None:
    ends = rules.support_ends(at, positive, bank_holidays()).due_at
    deadlines.file(actor, person_id, rule=MOVE_ON if positive else EXIT, due_at=ends, role=ROLE)
    if not positive:
        again = rules.reconsideration_ends(at).due_at
        deadlines.file(actor, person_id, rule=RECONSIDERATION, due_at=again, role=ROLE)


@action("immigration", "W", about={"person": "person_id"})
def close_form(actor: Actor, person_id: UUID, *, version: int) -> NrmForm:
    """Once it is decided, or a draft that goes no further. Nothing more falls due from it."""
    form = policy.form_of(actor, person_id)
    if form is None:
        raise RuleBroken("There is no open form.")
    waiting = form["submitted_at"] and not (form["conclusive_at"] or form["grounds"] == Decision.NEGATIVE)
    if waiting:
        raise RuleBroken("A decision is still to come. The form stays open until then.")
    if policy.waiting_supplement(actor, form):
        raise RuleBroken("A supplement waits to be sent. Send it or give it up first.")
    for rule in (RECOVERY, RECONSIDERATION, EXIT, MOVE_ON):
        deadlines.cancel(actor, person_id, rule)
    return policy.FORMS.change(actor, form["id"], {"closed_at": clock.now()}, version=version)


def _sent_form(actor: Actor, person_id: UUID) -> Row:
    form = policy.form_of(actor, person_id)
    if form is None or not form["submitted_at"]:
        raise RuleBroken("Record first that the form was sent.", field="decision")
    return form


def _decision(said: str) -> None:
    if said not in Decision.values:
        raise RuleBroken("Choose positive or negative.", field="decision")


def _refused(person_id: UUID) -> None:
    if not policy.stance(person_id).refused:
        raise RuleBroken("A notification without a name is only for an adult who said no. Ask them first.")


def _notification(actor: Actor, person_id: UUID) -> Row:
    found = policy.notification_of(actor, person_id)
    if found is None:
        raise RuleBroken("Write the notification first.")
    return found


def _not_sent(notification: Row) -> None:
    if notification["sent_at"]:
        raise RuleBroken("This notification has been sent already.")


def _mark_sent(actor: Actor, person_id: UUID, at: datetime) -> None:
    """The duty is done, for whichever agency had it."""
    decided = _decided(actor, person_id)
    policy.DUTIES.change(actor, decided["id"], {"sent_at": at}, projection="referral_duty")
    deadlines.meet(actor, person_id, SEND, at, agency_id=decided["agency_id"])


def _decided(actor: Actor, person_id: UUID) -> Row:
    decided = policy.own_duty(actor, person_id)
    if decided is None:
        raise RuleBroken("Say first where the person was found, so that it is known which duty is due.")
    return decided


def _narrative(text: str, reference: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken("Say what happened, in words that point to nobody.", field="text")
    if len(words) > 4_000:
        raise RuleBroken(f"Use 4,000 characters or fewer. You have used {len(words):,}.", field="text")
    if marks := rules.words_that_identify(words, reference):
        shown = ", ".join(f"“{mark}”" for mark in marks)
        raise RuleBroken(f"This could identify the person: {shown}. Write it without (s.52(3)).", field="text")
    return words


def reference_of(text: str) -> str:
    reference = text.strip()
    if not reference or len(reference) > 40 or not reference.isprintable():
        raise RuleBroken(
            "Enter the reference that the Home Office gave, 40 characters or fewer.", field="home_office_ref"
        )
    return reference


def in_time(at: datetime, not_before: datetime, *, field: str = "at") -> None:
    if at > clock.now():
        raise RuleBroken("This time has not come yet. Enter when it was sent or decided.", field=field)
    if at < not_before.replace(second=0, microsecond=0):
        raise RuleBroken("This is earlier than the step before it. Check both times.", field=field)


def _day(moment: datetime) -> date:
    return clock.in_london(moment).date()
