"""What a day seldom leaves behind, and what a page stands for all the same: a person disclosed to police, a plan that
is over, a quarter's figures, a sealed pack, somebody who signs in with all that there is."""

import hashlib
import secrets
import time
from datetime import datetime, timedelta
from datetime import time as time_of_day
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from procrastinate.contrib.django import app

from wilberforce.access.context import Actor
from wilberforce.base import clock
from wilberforce.ledger import checkpoint, sequencer
from wilberforce.operations import actions as operations
from wilberforce.sharing import actions as sharing
from wilberforce.sharing import emergencies, outside, policy
from wilberforce.statistics import actions as statistics
from wilberforce.statistics.policy import QUARTERS
from wilberforce.statistics.rules import quarters_over
from wilberforce.stewardship import actions as stewardship
from wilberforce.stewardship.jobs import look_at_what_is_over
from wilberforce.survivors import actions as survivors
from wilberforce.survivors.policy import PEOPLE

from .police import agreed
from .public import the_post_goes_out
from .telling import Story

SOON = timedelta(days=20)
PASSWORD = "three little invented words"  # noqa: S105 - of somebody invented, in a database of the day
LEFT = "SELECT 1 FROM ledger_leaf l WHERE NOT EXISTS (SELECT FROM ledger_position p WHERE p.leaf_id = l.id) LIMIT 1"
EVERY_WAY = "auditor"
ENOUGH = 12
"""People found in a quarter: fewer than ten, and nothing of it is shown."""


def disclosed_to_police(story: Story) -> None:
    """They said who they are, one thing was put right, and a guardian let it go to the team of the case."""
    person, police = story.ids["person_3"], story.agency("derbyshire-police").pk
    with story.door("reception_manager", "reception") as actor:
        said = {"given_names": "Ilinca", "family_name": "Invented", "stated_age": "24", "nationality": "Romanian",
                "age_confidence": "documented", "contact_is_safe": "not sure"}  # fmt: skip
        kept = survivors.record_identity(actor, person, **said)
        said["stated_age"] = "25"
        survivors.correct_identity(actor, person, version=kept.version, why="She read it and said 25.", **said)
        survivors.record_legal_basis(
            actor, person, basis="vital-interests", data_classes=["person_ref", "identity"], recipient=police,
            person_agrees="yes", told=True,
        )  # fmt: skip
    for data_class in ("person_ref", "identity"):
        agreed(story, "guardian_redcross", "guardian_police", data_class=data_class, purpose="criminal_investigation")
        with story.door("reception_manager", "criminal_investigation") as actor:
            fields = policy.Kind(data_class, "").fields
            begun = sharing.begin(
                actor, person, to_agency=police, data_class=data_class, fields=fields, basis="vital-interests"
            )
        with story.door("guardian_redcross", "oversight") as actor:
            sharing.approve(actor, begun.pk)


def emergency_in_support(story: Story) -> None:
    with story.door("reception_manager", "reception") as actor:
        reference = PEOPLE.one(actor, story.ids["person_3"])["reference"]
    with story.door("reception_manager", "support") as actor:
        emergencies.break_glass(actor, reference=reference, reason="not sure")


def a_plan_is_over(story: Story) -> None:
    """Two were stood down longer ago than a plan is kept. One guardian has begun to erase the first."""
    over = [_stood_down(story, name) for name in ("Operation Invented", "Operation Nowhere")]
    look_at_what_is_over()
    with story.door("guardian_police", "oversight") as actor:
        stewardship.begin_erasure(actor, "operation", over[0], why="The commander looked: nothing of it is needed.")


def _stood_down(story: Story, name: str) -> UUID:
    with story.door("op_commander", "op_planning") as actor:
        planned = _planned(actor, name)
        operations.stand_down(actor, planned, at=clock.now() - timedelta(days=400))
    return planned


def _planned(actor: Actor, name: str) -> UUID:
    return operations.plan(
        actor, name=name, objectives="Find whoever is exploited.", threat="Whoever is inside may be moved.",
        proportionality="Asking at the door would warn those who keep them.", strand="pursue",
        planned_for=clock.now() - timedelta(hours=12),
    ).pk  # fmt: skip


def figures_of_a_quarter(story: Story) -> None:
    """An operation of the last quarter that is over, written down from paper afterwards."""
    starts = next(quarters_over(clock.in_london(clock.now()).date()))
    at = datetime.combine(starts + timedelta(days=20), time_of_day(5), clock.LONDON)
    with story.door("op_commander", "op_planning") as actor:
        operation = _planned(actor, "Operation Paper")
        site = operations.add_site(actor, operation, ref="A", place="Normanton (Derby)", premises="house").pk
        operations.join_roster(actor, operation, membership_id=story.post("op_member_a").pk, part="entry")
    with story.door("op_commander", "op_safety") as actor:
        operations.go_live(actor, operation, at=at)
    with story.door("op_member_a", "op_safety") as actor:
        operations.move_site(actor, site, state="entered", at=at, power="pace-17")
        for _ in range(ENOUGH):
            found = operations.record_found(actor, site, age="adult", at=at)
            operations.hand_over(actor, found.pk, to="hospital", at=at)
        operations.move_site(actor, site, state="left", at=at)
    with story.door("op_commander", "op_safety") as actor:
        operations.close(actor, operation, at=at)
    with story.door("guardian_police", "statistics") as actor:
        statistics.draw_up(actor, starts=starts)
    for part in ("guardian_police", "guardian_redcross"):
        with story.door(part, "statistics") as actor:
            (quarter,) = QUARTERS.many(actor)
            statistics.say_yes(actor, quarter["id"])


def a_pack_is_sealed(story: Story) -> None:
    """The guardian let it go, and its receipt stands under a checkpoint: whoever sends it can take the file."""
    person = story.ids["person_1"]
    with story.door("guardian_redcross", "oversight") as actor:
        to = policy.outsider_of(actor, story.ids["kestrel"])
    with story.door("reception_manager", "support") as actor:
        kind, until = policy.Kind("person_ref", "housing_need"), clock.now() + SOON
        begun = outside.begin(
            actor,
            person,
            to=to,
            kind=kind,
            fields=["languages", "access_needs"],
            basis="adult-safeguarding",
            until=until,
        )
    with story.door("guardian_redcross", "oversight") as actor:
        sharing.approve(actor, begun.pk)
    _under_a_checkpoint()


def _under_a_checkpoint() -> None:
    """Whatever still runs beside it on this server keeps the newest leaves back for a while."""
    with sequencer.connect() as at:
        for _ in range(100):
            checkpoint.go_round(at, checkpoint.signer(), (), clock.now())
            if at.execute(LEFT).fetchone() is None:
                return
            time.sleep(0.1)


def a_job_failed(story: Story) -> None:
    """It was put in before an upgrade that no longer knows its task."""
    app.configure_task("wilberforce.press.jobs.before_the_upgrade", queue="mail").defer()
    the_post_goes_out()


def every_way_in(story: Story) -> None:
    """One has only a password, one an app for codes as well, and one a passkey besides."""
    some, codes, every = (story.post(part).user for part in ("disclosure_officer", "sysadmin", EVERY_WAY))
    for user in (some, codes, every):
        user.set_password(PASSWORD)
        user.save()
    for user in (codes, every):
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
    WebAuthn.add(every, "Work phone", _passkey())


def _passkey() -> dict[str, object]:
    """As a phone would have answered."""
    name = secrets.token_bytes(16)
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    kept = AttestedCredentialData.create(bytes(16), name, public)
    told = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, kept
    )
    client = CollectedClientData.create("webauthn.create", secrets.token_bytes(32), "http://localhost")
    return {
        "id": websafe_encode(name), "rawId": websafe_encode(name), "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(
                AttestationObject.create("none", told, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }  # fmt: skip
