"""What a clinician or a manager disclosed for the referral stands beside the draft, until it is recalled."""

import pytest
from django.urls import reverse

from wilberforce.reception import actions as reception
from wilberforce.reception.policy import STORIES
from wilberforce.referrals import actions as referrals
from wilberforce.sharing import actions, outgoing, policy
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


def test_what_they_told_of_their_safety_is_read_beside_the_draft_and_nothing_else_of_their_story(
    person, agree, at, cast, signed_in
):
    city = cast["first_responder_city"].agency_id
    of_support = {"data_class": "support", "purpose": "nrm"}
    agree("guardian_redcross", "guardian_city", fields=["nrm_safety"], **of_support)
    with at("reception_manager", "reception") as actor:
        survivors.assign(actor, person, cast["first_responder_city"].pk)
        reception.note_story(actor, person, "safety", {"wanted-back": "yes", "threats": "They know my village"})
        reception.note_story(actor, person, "feelings", {"feelings-note": "Cries at night"})
        said = {"answer": "given", "legal_basis": "consent", "recipient": city, **of_support, **HOW}
        survivors.answer(actor, person, **said)
    kind = policy.Kind("support", "nrm_safety")
    with at("reception_manager", "nrm") as actor:
        begun = actions.begin(
            actor, person, to_agency=city, fields=kind.fields, basis="consent", projection="nrm_safety", **of_support
        )
    with at("guardian_redcross", "oversight") as actor:
        shown = outgoing.written(outgoing.preview(actor, begun))
        actions.approve(actor, begun.pk)
    assert "my village" in shown
    assert "Cries" not in shown
    with at("first_responder_city", "nrm") as actor:
        assert STORIES.many(actor, projection="nrm_safety") == []
        referrals.record_answer(actor, person, answer="given", **HOW)
    page = draft(signed_in("first_responder_city"), person)
    assert "They know my village" in page
    assert "Would somebody want them back?" in page
    assert "Cries" not in page
    with at("first_responder_city", "nrm"):
        assert [row.group for row in STORIES.model.objects.all()] == ["safety"]
