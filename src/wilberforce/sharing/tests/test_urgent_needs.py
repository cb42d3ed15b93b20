"""What a clinician disclosed for the referral stands beside the draft, until it is recalled."""

import pytest
from django.urls import reverse

from wilberforce.referrals import actions as referrals
from wilberforce.sharing import actions, policy
from wilberforce.survivors import actions as survivors

FOR_NRM = {"data_class": "health", "purpose": "nrm"}
HOW = {"language": "ro", "interpreter": True}


@pytest.fixture
def disclosed(person, agree, at, cast):
    """The person said yes, two agencies agreed, a clinician chose it and a guardian let it go."""
    city = cast["first_responder_city"].agency_id
    agree("guardian_redcross", "guardian_city", fields=["nrm_health"], **FOR_NRM)
    with at("reception_manager", "reception") as actor:
        for part in ("health_worker", "first_responder_city"):
            survivors.assign(actor, person, cast[part].pk)
        said = {"answer": "given", "legal_basis": "consent", "recipient": city, **FOR_NRM, **HOW}
        survivors.answer(actor, person, **said)
    with at("health_worker", "support") as actor:
        survivors.care_flag(actor, person, kind="medicine-time", detail="Insulin at 8 and 20")
    with at("health_worker", "nrm") as actor:
        begun = actions.begin(
            actor,
            person,
            to_agency=city,
            fields=policy.Kind("health", "nrm_health").fields,
            basis="consent",
            projection="nrm_health",
            **FOR_NRM,
        )
    with at("guardian_redcross", "oversight") as actor:
        actions.approve(actor, begun.pk)
    return begun


def draft(client, person):
    return client.get(reverse("nrm:form", args=[person])).content.decode()


def test_an_urgent_need_is_read_beside_the_draft_by_the_first_responder_once_the_person_agreed(
    disclosed, person, at, signed_in
):
    responder = signed_in("first_responder_city")
    assert "Insulin" not in draft(responder, person)
    with at("first_responder_city", "nrm") as actor:
        referrals.record_answer(actor, person, answer="given", **HOW)
    page = draft(responder, person)
    assert "Insulin at 8 and 20" in page
    assert "who disclosed it for the referral" in page
    with at("guardian_redcross", "oversight") as actor:
        actions.recall(actor, disclosed.pk)
    assert "Insulin" not in draft(responder, person)
