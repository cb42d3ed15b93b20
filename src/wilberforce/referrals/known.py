"""What was answered already, each with where it comes from: it stands beside the draft, so that nobody asks it again.

The person's reference comes from the centre. Urgent needs come once a clinician disclosed them for the referral, and
what they told of their safety once they said yes to that. Nothing else of the centre's is read here, and whatever was
not asked or not sure is left out.
"""

import json
from typing import Any

from django.db.models import Q

from wilberforce.access.context import Actor
from wilberforce.access.protect import Row
from wilberforce.agencies.models import Agency
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import YesNo
from wilberforce.reception.lists import ASKED, NOT_NOW, NOT_SURE
from wilberforce.reception.policy import STORIES
from wilberforce.survivors import lists
from wilberforce.survivors.models import Interpreter
from wilberforce.survivors.policy import CARE

MOST = 50
OPEN = (NOT_SURE, NOT_NOW, "")


def already(actor: Actor, person: Row) -> list[dict[str, Any]]:
    """What they were asked, what they answered, and who wrote it down when."""
    registered = Agency.objects.get(pk=person["controller_id"]).name
    source = {"by": registered, "at": person["begun_at"]}
    said = [{"asked": asked, "answer": answer, **source} for asked, answer in _of_reference(person) if answer]
    disclosed = CARE.many(actor, Q(person_id=person["id"], ended_at=None), projection="nrm_health", limit=MOST)
    urgent = [
        {
            "asked": f"Urgent need: {lists.CARE[flag['kind']].label.lower()}",
            "answer": flag["detail"] or "Yes",
            "by": "Their clinician, who disclosed it for the referral",
            "at": flag["recorded_at"],
        }
        for flag in disclosed
    ]
    return [*said, *urgent, *_of_safety(actor, person)]


def _of_safety(actor: Actor, person: Row) -> list[dict[str, Any]]:
    told = STORIES.many(actor, Q(person_id=person["id"]), projection="nrm_safety", limit=1)
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
