"""What the person puts right or adds once the form has gone: sent as a supplement, and never put into what went.

One waits at a time; whatever comes after it was sent is another.
"""

from datetime import datetime
from uuid import UUID

from wilberforce.access.context import Actor
from wilberforce.access.history import Shown, corrected
from wilberforce.access.protect import Row
from wilberforce.base import clock
from wilberforce.base.errors import RuleBroken
from wilberforce.ledger.doors import action

from . import policy
from .actions import in_time
from .models import Supplement

LONGEST = 4_000
PERSON = {"person": "person_id"}
SAID: Shown = {"text": ("Text", str)}


@action("immigration", "W", about=PERSON)
def write(actor: Actor, person_id: UUID, *, text: str, version: int | None = None, why: str = "") -> Supplement:
    """Begun, or written anew while it has not gone; what it said before is kept beside it."""
    form = _gone(actor, person_id)
    words = _words(text)
    draft = policy.waiting_supplement(actor, form)
    if draft is None:
        fresh = Supplement(
            controller_id=actor.home, person_id=person_id, form_id=form["id"], text=words, written_by=actor.me
        )
        return policy.SUPPLEMENTS.add(actor, fresh)
    changes = {"text": words, "written_by": actor.me, "written_at": clock.now()}
    return corrected(actor, policy.SUPPLEMENTS, policy.FORMER_FORMS, draft["id"], changes, version=version, why=why)


@action("immigration", "D", about=PERSON)
def send(actor: Actor, person_id: UUID, *, at: datetime, version: int) -> Supplement:
    """It went to whoever decides, under the form's reference. From now on nobody changes it."""
    draft = _draft(actor, person_id)
    in_time(at, draft["written_at"])
    return policy.SUPPLEMENTS.change(actor, draft["id"], {"sent_at": at}, version=version)


@action("immigration", "W", about=PERSON)
def give_up(actor: Actor, person_id: UUID, *, version: int) -> Supplement:
    draft = _draft(actor, person_id)
    return policy.SUPPLEMENTS.change(actor, draft["id"], {"given_up_at": clock.now()}, version=version)


def _gone(actor: Actor, person_id: UUID) -> Row:
    form = policy.form_of(actor, person_id)
    if form is None or not form["submitted_at"]:
        raise RuleBroken("The form has not been sent yet. Put it right in the form itself.", field="text")
    return form


def _draft(actor: Actor, person_id: UUID) -> Row:
    draft = policy.waiting_supplement(actor, _gone(actor, person_id))
    if draft is None:
        raise RuleBroken("No supplement waits to be sent.")
    return draft


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise RuleBroken("Write what is put right or added.", field="text")
    if len(words) > LONGEST:
        raise RuleBroken(f"Use {LONGEST:,} characters or fewer. You have used {len(words):,}.", field="text")
    return words
