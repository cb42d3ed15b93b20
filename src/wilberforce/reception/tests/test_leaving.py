"""Nobody leaves without their belongings, a card, and a day on which somebody asks after them."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db.models import Q
from django.urls import reverse
from pypdf import PdfReader

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.deadlines.models import Deadline
from wilberforce.reception import actions, lists, paper, policy
from wilberforce.reception.actions.belongings import bags_of
from wilberforce.reception.actions.follow_ups import usual_day

from .conftest import Open, leaves, ready_to_close
from .test_actions import broken
from .test_pages import LEFT, NOW, sent_form, words


def followed(centre: Open, person_id: Any) -> list[dict[str, Any]]:
    with centre.by() as actor:
        return policy.FOLLOW_UPS.many(actor, Q(person_id=person_id), projection="follow_up")


def test_a_child_leaves_to_somebody_who_answers_for_them(centre: Open) -> None:
    person = centre.arrived(age="not sure").pk
    refused = broken(centre, leaves, person, destination="own-choice", choice="To the station")
    assert (refused.field, "duty team" in refused.sentence) == ("destination", True)
    with centre.by() as actor:
        assert leaves(actor, person, destination="child-care").destination == "child-care"


def test_a_bag_is_taken_in_for_a_receipt_and_given_back_for_it(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        bag = actions.take_in(actor, person.pk, bag=" b 12", what="A blue coat")
    assert bag.receipt.startswith("R-")
    assert broken(centre, actions.give_back, person.pk, bag.pk, receipt="R-000000").field == "receipt"
    with centre.by("health_worker") as actor:
        actions.give_back(actor, person.pk, bag.pk, receipt=bag.receipt.lower(), version=1)
        (kept,) = bags_of(actor, person.pk)
    assert (kept["bag"], kept["what"], kept["returned_at"] is None) == ("B12", "A blue coat", False)
    assert "already" in broken(centre, actions.give_back, person.pk, bag.pk, receipt=bag.receipt).sentence


def test_a_bag_number_is_in_use_once(centre: Open) -> None:
    first, second = centre.arrived(), centre.arrived()
    with centre.by() as actor:
        actions.take_in(actor, first.pk, bag="7", what="")
    assert broken(centre, actions.take_in, second.pk, bag="7", what="").field == "bag"


def test_what_is_in_a_bag_is_corrected_by_one_at_a_time(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        bag = actions.take_in(actor, person.pk, bag="7", what="Shoes")
        actions.correct_belonging(actor, person.pk, bag.pk, what="Boots", why="Miscounted", version=1)
    with pytest.raises(Conflict) as refused, centre.by() as actor:
        actions.correct_belonging(actor, person.pk, bag.pk, what="Sandals", why="Miscounted", version=1)
    assert refused.value.theirs["what"] == "Boots"


def test_a_bag_of_somebody_else_is_absent(centre: Open) -> None:
    first, second = centre.arrived(), centre.arrived()
    with centre.by() as actor:
        bag = actions.take_in(actor, first.pk, bag="7", what="")
    with pytest.raises(NotAllowed), centre.by() as actor:
        actions.give_back(actor, second.pk, bag.pk, receipt=bag.receipt)


def test_nobody_leaves_their_belongings_behind(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        bag = actions.take_in(actor, person.pk, bag="7", what="")
    assert "bag 7" in broken(centre, leaves, person.pk, destination="refuge").sentence
    with centre.by() as actor:
        actions.give_back(actor, person.pk, bag.pk, receipt=bag.receipt)
        leaves(actor, person.pk, destination="refuge")


def test_somebody_always_asks_after_them_on_a_day(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        left = leaves(actor, person.pk, destination="refuge")
    (agreed,) = followed(centre, person.pk)
    assert (agreed["due_on"], agreed["way"]) == (usual_day(left.at), "call")
    assert Deadline.objects.filter(subject_id=agreed["id"], rule="follow-up", met_at=None).count() == 1


def test_somebody_who_wants_nobody_to_ask_after_them_is_left_in_peace(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        leaves(actor, person.pk, destination="friends", follow_up={"way": "none"})
    assert followed(centre, person.pk) == []


@pytest.mark.parametrize(
    ("without", "field"),
    [
        ({"card": ""}, "card"),
        ({"card": "not asked"}, "card"),
        ({"follow_up": {"way": ""}}, "way"),
        ({"follow_up": {"contact": " "}}, "contact"),
        ({"destination": ""}, "destination"),
    ],
)
def test_nobody_leaves_without_an_answer_to_each_question(centre: Open, without: dict[str, Any], field: str) -> None:
    person = centre.arrived()
    assert broken(centre, leaves, person.pk, **({"destination": "refuge"} | without)).field == field
    assert followed(centre, person.pk) == []


def test_a_card_that_they_did_not_want_is_an_answer(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        assert leaves(actor, person.pk, destination="refuge", card="not wanted").card == "not wanted"


def test_a_day_before_they_left_is_refused(centre: Open) -> None:
    person = centre.arrived()
    yesterday = clock.in_london(clock.now()).date() - timedelta(days=1)
    refused = broken(centre, leaves, person.pk, destination="refuge", follow_up={"on": yesterday})
    assert refused.field == "on"


def test_what_came_of_asking_is_written_once(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        leaves(actor, person.pk, destination="refuge")
    (agreed,) = followed(centre, person.pk)
    later = agreed["due_on"] + timedelta(days=2)
    with centre.by() as actor:
        given: dict[str, Any] = {"on": later, "way": "visit", "contact": "Robin"}
        actions.correct_follow_up(actor, centre.centre_id, agreed["id"], version=1, **given)
        actions.follow_up(actor, centre.centre_id, agreed["id"], outcome="reached", version=2)
    (done,) = followed(centre, person.pk)
    assert (done["due_on"], done["contact"], done["outcome"]) == (later, "Robin", "reached")
    assert Deadline.objects.get(subject_id=agreed["id"]).met_at is not None
    again = broken(centre, actions.follow_up, centre.centre_id, agreed["id"], outcome="ended")
    assert "stays as it was" in again.sentence
    with centre.by() as actor:
        (before,) = policy.FORMER_FOLLOW_UPS.many(actor, Q(record_id=agreed["id"]), projection="follow_up")
    assert str(agreed["due_on"]) in before["was"]


def test_another_centre_finds_nobody_to_ask_after(centre: Open, other_centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        leaves(actor, person.pk, destination="refuge")
    (agreed,) = followed(centre, person.pk)
    with other_centre.by("reception_worker_2") as actor:
        assert policy.FOLLOW_UPS.many(actor, projection="follow_up") == []
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        actions.follow_up(actor, other_centre.centre_id, agreed["id"], outcome="reached")


def test_no_decision_is_offered_before_rest_and_information_without_a_reason(centre: Open) -> None:
    person = centre.arrived()
    assert "not rested" in broken(centre, actions.offer_decision, person.pk).sentence
    with centre.by() as actor:
        actions.rest_recorded(actor, person.pk)
    assert broken(centre, actions.offer_decision, person.pk).field == "sooner_because"
    with centre.by() as actor:
        actions.information_given(actor, person.pk, language="sq")
        assert actions.offer_decision(actor, person.pk).thing == "decision-offered"


def test_a_person_who_wants_to_decide_sooner_is_heard_and_the_reason_is_kept(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        actions.offer_decision(actor, person.pk, sooner_because="Their daughter waits for them.")
        kept = policy.GIVEN.many(actor, Q(person_id=person.pk, thing="decision-sooner"), projection="given")
        assert actions.not_yet_decide(actor, person.pk) == ""
    assert [row["detail"] for row in kept] == ["Their daughter waits for them."]


@pytest.mark.parametrize("language", sorted(lists.CARD))
def test_the_card_is_printed_in_their_language_and_in_english(language: str) -> None:
    printed = paper.card(language, reference="P-7K3MQX", contact="Robin, 01632 960 104", on="01.12.2026")
    assert printed.startswith(b"%PDF-")
    assert len(BytesIO(printed).read()) > 2_000
    assert [side["code"] for side in paper.sides(language)] == list(dict.fromkeys([language, "en"]))


@pytest.mark.parametrize("language", ["ti", "ar"])
def test_the_letters_of_a_language_are_in_what_is_printed(language: str) -> None:
    said = {"reference": "P-7K3MQX", "contact": "", "on": ""}
    for printed in (paper.card(language, **said), paper.feedback(language)):
        pages = PdfReader(BytesIO(printed)).pages
        assert len(pages) == 2, "theirs and the English one, and none that says that letters are missing"
        fonts: Any = pages[0]["/Resources"]["/Font"]  # type: ignore[index]
        names = " ".join(font["/BaseFont"] for font in fonts.values())
        assert {"ti": "Ethiopic", "ar": "DejaVu"}[language] in names


def test_a_language_without_words_has_the_english_side_alone() -> None:
    assert [side["code"] for side in paper.sides("wo")] == ["en"]


def test_a_card_with_an_impossible_day_says_so_and_keeps_what_was_typed(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    typed = {"contact": "Robin, 01632 960 104", "on_0": "33", "on_1": "12", "on_2": "2026"}
    page = words(client.get(reverse("reception:card", args=[person.pk]), typed))
    assert "The day must be a real date" in page
    assert 'value="Robin, 01632 960 104"' in page
    assert "Print it" not in page
    mended = words(client.get(reverse("reception:card", args=[person.pk]), typed | {"on_0": "3"}))
    for said in ("Karta juaj", "03.12.2026", "Print it"):
        assert said in mended


def test_the_pages_of_leaving(centre: Open, signed_in: Any, statements: Any) -> None:
    person, client = centre.arrived(reference="P-7K3MQX"), signed_in("reception_worker")
    sent_form(client, "belongings", person.pk, bag="7", what="A blue coat", **NOW)
    with centre.by() as actor:
        (bag,) = bags_of(actor, person.pk)
    held = words(client.get(reverse("reception:belongings", args=[person.pk])))
    assert f"Bag 7, receipt {bag['receipt']}" in held
    receipt = reverse("reception:bag_receipt", args=[person.pk, bag["id"]])
    assert receipt in held
    with statements() as asked:
        slip = words(client.get(receipt)).partition("<main")[2].partition("</main>")[0]
    assert len(asked) <= 14
    for said in (bag["receipt"], "P-7K3MQX", "A blue coat", "by: reception worker", "Not yet"):
        assert said in slip
    refused = sent_form(client, "leave", person.pk, version=1, destination="refuge", **LEFT, **NOW)
    assert "Their belongings are still here: bag 7" in words(refused)
    sent_form(client, "given_back", person.pk, bag["id"], version=1, receipt=bag["receipt"])
    assert words(client.get(receipt)).count("by: reception worker") == 2
    said = {"contact": "Robin, 01632 960 104", "language": "sq"}
    card = words(client.get(reverse("reception:card", args=[person.pk]), said))
    assert "Karta juaj" in card
    assert "Robin, 01632 960 104" in card
    pdf = client.get(reverse("reception:card_pdf", args=[person.pk]), said)
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    answers = LEFT | {"destination": "refuge", "contact": "Robin"}
    assert sent_form(client, "leave", person.pk, version=1, **answers, **NOW).status_code == 302
    page = words(client.get(reverse("reception:follow_ups", args=[centre.centre_id])))
    assert "P-7K3MQX" in page
    (agreed,) = followed(centre, person.pk)
    sent_form(client, "followed_up", agreed["id"], version=1, outcome="not reached")
    assert "Not reached" in words(client.get(reverse("reception:follow_ups", args=[centre.centre_id])))


def test_asking_what_they_want_shows_why_not_yet_and_takes_a_reason(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    assert "has not rested yet" in words(client.get(reverse("reception:decide", args=[person.pk])))
    assert "write why" in words(sent_form(client, "decide", person.pk, sooner_because=""))
    assert sent_form(client, "decide", person.pk, sooner_because="They asked.").status_code == 302


def test_a_centre_does_not_close_with_belongings_in_it(centre: Open) -> None:
    person = centre.arrived()
    with centre.by() as actor:
        bag = actions.take_in(actor, person.pk, bag="7", what="")
    with pytest.raises(RuleBroken, match="bag 7"), centre.by("reception_manager") as actor:
        actions.close_centre(actor, centre.centre_id)
    with centre.by() as actor:
        actions.give_back(actor, person.pk, bag.pk, receipt=bag.receipt)
        leaves(actor, person.pk, destination="refuge")
    with centre.by("reception_manager") as actor:
        ready_to_close(actor, centre.centre_id)
        assert actions.close_centre(actor, centre.centre_id, keeper_id=actor.me).state == "closed"


def test_what_was_in_a_bag_before_is_read_also_once_it_is_back(centre: Open, signed_in: Any) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    with centre.by() as actor:
        bag = actions.take_in(actor, person.pk, bag="7", what="A watch")
    said: dict[str, Any] = {"what": "Two watches", "version": 1}
    assert sent_form(client, "belonging", person.pk, bag.pk, **said, why=" ").status_code == 200
    assert sent_form(client, "belonging", person.pk, bag.pk, **said, why="Counted again").status_code == 302
    with centre.by() as actor:
        actions.give_back(actor, person.pk, bag.pk, receipt=bag.receipt)
    assert "What was written before" in words(client.get(reverse("reception:belongings", args=[person.pk])))
    page = words(client.get(reverse("reception:belonging", args=[person.pk, bag.pk])))
    assert "In it was: A watch Why: Counted again" in page
    assert "stays as it was written" in page


def test_where_somebody_went_is_put_right_by_one_at_a_time_with_a_reason(
    centre: Open, other_centre: Open, signed_in: Any
) -> None:
    person, client = centre.arrived(), signed_in("reception_worker")
    with centre.by() as actor:
        left = leaves(actor, person.pk, choice="To a friend")
    gone = reverse("reception:gone", args=[centre.centre_id])
    assert person.reference in words(client.get(gone))
    right = {"destination": "refuge", "choice": "To a friend", "transport": "not-known", "card": "given"}
    assert sent_form(client, "left", centre.centre_id, left.pk, version=0, **right).status_code == 200
    assert sent_form(client, "left", centre.centre_id, left.pk, version=0, **right, why="Misheard").status_code == 302
    assert sent_form(client, "left", centre.centre_id, left.pk, version=0, **right, why="Misheard").status_code == 409
    assert lists.DESTINATIONS["refuge"].label in words(client.get(gone))
    page = words(client.get(reverse("reception:left", args=[centre.centre_id, left.pk])))
    assert f"Where they went was: {lists.DESTINATIONS['unknown'].label}" in page
    assert "Why: Misheard" in page
    with pytest.raises(NotAllowed), other_centre.by("reception_worker_2") as actor:
        policy.LEAVINGS.one(actor, left.pk, projection="given")
