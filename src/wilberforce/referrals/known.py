"""What was answered already, each with where it comes from: it stands beside the draft, so that nobody asks it again.

The person's reference comes from the centre. Urgent needs come once a clinician disclosed them for the referral, and
what they told of their safety once they said yes to that. Nothing else of the centre's is read here, and whatever was
not asked or not sure is left out.
"""

import json
from datetime import datetime
from typing import Any

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.access.together import together
from wilberforce.agencies.models import Agency
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import YesNo
from wilberforce.reception.lists import ASKED, NOT_NOW, NOT_SURE
from wilberforce.reception.policy import STORIES
from wilberforce.survivors import lists
from wilberforce.survivors.models import Interpreter
from wilberforce.survivors.policy import CARE, FORMER_PEOPLE

MOST = 50
OPEN = (NOT_SURE, NOT_NOW, "")


def already(actor: Actor, person: Row, sent_at: datetime | None = None) -> list[dict[str, Any]]:
    """What they were asked, what they answered, who wrote it down when, and whether it came after the form went."""
    registered = Agency.objects.get(pk=person["controller_id"]).name
    disclosed, told, corrected = together(
        actor,
        CARE.asked(actor, Q(person_id=person["id"], ended_at=None), projection="nrm_health", limit=MOST),
        STORIES.asked(actor, Q(person_id=person["id"]), projection="nrm_safety", limit=1),
        FORMER_PEOPLE.asked(actor, Q(record_id=person["id"]), order_by=("-replaced_at",), limit=1),
    )
    source = {"by": registered, "at": corrected[0]["replaced_at"] if corrected else person["begun_at"]}
    said = [{"asked": asked, "answer": answer, **source} for asked, answer in _of_reference(person) if answer]
    urgent = [
        {
            "asked": f"Urgent need: {lists.CARE[flag['kind']].label.lower()}",
            "answer": flag["detail"] or "Yes",
            "by": "Their clinician, who disclosed it for the referral",
            "at": flag["recorded_at"],
        }
        for flag in disclosed
    ]
    every = (*said, *urgent, *_of_safety(told))
    return [one | {"later": sent_at is not None and one["at"] > sent_at} for one in every]


def _of_safety(told: list[Row]) -> list[dict[str, Any]]:
    answers = {code: value for row in told for code, value in json.loads(row["answers"]).items()}
    by = "Told at the centre, and disclosed for the referral"
    return [
        {"asked": ASKED[code].label, "answer": ", ".join(words), "by": by, "at": told[0]["at"]}
        for code, value in answers.items()
        if code in ASKED
        and (words := [one for one in ([value] if isinstance(value, str) else value) if one not in OPEN])
    ]


def _of_reference(person: Row) -> list[tuple[str, str]]:
    gender = person["interpreter_gender"]
    needs = _said(lists.NEEDS, person["needs"]) + _said(lists.ACCESS_NEEDS, person["access_needs"])
    return [
        ("Languages", ", ".join(_said(LANGUAGES, person["languages"]))),
        (
            "Do they need an interpreter?",
            "" if person["interpreter"] == YesNo.NOT_SURE else person["interpreter"].title(),
        ),
        ("Who should interpret?", "" if gender == Interpreter.NOT_SURE else Interpreter(gender).label),
        ("What do they need?", "; ".join(needs)),
        ("How many are in their household?", str(person["household_size"] or "")),
    ]


def _said(known: Any, codes: list[str]) -> list[str]:
    return [known[code].label for code in codes if code in known]
