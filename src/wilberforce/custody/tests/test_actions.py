"""What may happen to an arrested person, in which order, and what is refused with a sentence."""

from datetime import timedelta
from typing import Any

import pytest

from wilberforce.base import clock
from wilberforce.base.errors import Conflict, NotAllowed, RuleBroken
from wilberforce.custody import actions, policy
from wilberforce.custody.clocks import clocks
from wilberforce.deadlines.models import OPEN, Deadline
from wilberforce.deadlines.rules import State
from wilberforce.operations.tests.factories import ago

from .conftest import HOUR, MINUTE, Suite


def arrest_of(suite: Suite, arrest: Any) -> dict[str, Any]:
    with suite.day.on_site() as actor:
        return policy.ARRESTS.one(actor, arrest, projection="arrest")


def record_of(suite: Suite, held: Any) -> dict[str, Any]:
    with suite.duty() as actor:
        return policy.DETENTIONS.one(actor, held, projection="detention")


# Arrests


def test_the_same_man_is_not_arrested_twice(suite: Suite) -> None:
    suite.arrest("Ábel Invented")
    with pytest.raises(RuleBroken, match="not arrested twice: open that arrest") as refused:
        suite.arrest("  ábel   INVENTED ", part="op_member_b")
    assert refused.value.field == "label"


def test_another_man_with_another_label_is_arrested(suite: Suite) -> None:
    assert suite.arrest("man 1") != suite.arrest("man 2")


def test_a_name_in_tigrinya_is_kept_as_it_was_written(suite: Suite) -> None:
    assert arrest_of(suite, suite.arrest("ሰላም"))["label"] == "ሰላም"


@pytest.mark.parametrize("age", [200, 9, -1])
def test_an_age_that_cannot_be_is_refused(suite: Suite, age: int) -> None:
    with pytest.raises(RuleBroken, match="between 10 and 120") as refused:
        suite.arrest(ages=[age])
    assert refused.value.field == "ages"


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"offences": ["being-rude"]}, "offences"),
        ({"offences": []}, "offences"),
        ({"offences": ["soa-59a"]}, "offences"),
        ({"at": clock.now() + 48 * HOUR}, "at"),
        ({"label": "  "}, "label"),
        ({"place": ""}, "place"),
        ({"sex": "m"}, "sex"),
    ],
)
def test_an_arrest_that_cannot_be_names_the_wrong_answer(suite: Suite, answers: Any, field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        suite.arrest(**answers)
    assert refused.value.field == field


def test_two_ages_are_known_but_not_which_man_is_which(suite: Suite) -> None:
    first = suite.arrest("man 1", ages=[32, 27])
    second = suite.arrest("man 2", ages=[27, 32], ages_shared_with=first)
    rows = [arrest_of(suite, first), arrest_of(suite, second)]
    assert [row["age_one_of"] for row in rows] == [[27, 32], [27, 32]]
    assert rows[0]["ages_group"] == rows[1]["ages_group"] is not None


def test_settling_one_age_settles_the_other(suite: Suite) -> None:
    first = suite.arrest("man 1", ages=[32, 27])
    second = suite.arrest("man 2", ages=[27, 32], ages_shared_with=first)
    with suite.day.on_site() as actor:
        actions.settle_age(actor, first, age=32)
    assert arrest_of(suite, first)["age_one_of"] == [32]
    assert arrest_of(suite, second)["age_one_of"] == [27]


def test_a_third_man_cannot_share_two_ages(suite: Suite) -> None:
    first = suite.arrest("man 1", ages=[32, 27])
    suite.arrest("man 2", ages=[27, 32], ages_shared_with=first)
    with pytest.raises(RuleBroken, match="as many people as ages"):
        suite.arrest("man 3", ages=[27, 32], ages_shared_with=first)


def test_a_site_of_another_operation_is_refused(suite: Suite, at: Any, cast: Any) -> None:
    from wilberforce.operations.tests.factories import prepared

    other = prepared(at, cast)
    with pytest.raises(RuleBroken, match="site of this operation"):
        suite.arrest(site_id=other.sites["A"])


# Detention


def test_somebody_is_booked_in_once(suite: Suite) -> None:
    arrest = suite.arrest()
    suite.booked(arrest)
    with pytest.raises(RuleBroken, match="Open their custody record"):
        suite.booked(arrest)


@pytest.mark.parametrize("arrived_at", [ago(hours=5), clock.now() + 48 * HOUR])
def test_an_arrival_before_the_arrest_or_in_the_future_is_refused(suite: Suite, arrived_at: Any) -> None:
    with pytest.raises(RuleBroken) as refused:
        suite.booked(arrived_at=arrived_at)
    assert refused.value.field == "arrived_at"


def test_another_forces_custody_suite_is_refused(suite: Suite) -> None:
    with pytest.raises(RuleBroken, match="your own force's custody suites"):
        suite.booked(station="burton")


def test_detention_is_not_authorised_before_arrival(suite: Suite) -> None:
    held = suite.booked()
    with suite.duty() as actor, pytest.raises(RuleBroken, match="before the arrival"):
        actions.authorise(actor, held, at=ago(minutes=30), grounds="To secure evidence")


def test_a_review_officer_does_not_authorise_detention(suite: Suite) -> None:
    held = suite.booked()
    with suite.duty("review_officer") as actor, pytest.raises(RuleBroken, match="Only a custody officer"):
        actions.authorise(actor, held, at=ago(minutes=5), grounds="To secure evidence")


def test_the_custody_officer_does_not_review(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty() as actor, pytest.raises(RuleBroken, match=r"inspector outside the case.*s\.40\(1\)\(b\)"):
        actions.review(actor, held, at=clock.now(), decision="continue", reason="Still needed")


def test_a_review_in_the_future_is_refused(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty("review_officer") as actor, pytest.raises(RuleBroken, match="in the future"):
        actions.review(actor, held, at=clock.now() + HOUR, decision="continue", reason="Still needed")


def test_a_late_review_stays_late(suite: Suite) -> None:
    held = suite.detained(7 * HOUR)
    with suite.duty("review_officer") as actor, pytest.raises(RuleBroken, match="say too why it is late"):
        actions.review(actor, held, at=ago(minutes=1), decision="continue", reason=" ")
    with suite.duty("review_officer") as actor:
        kept = actions.review(actor, held, at=ago(minutes=1), decision="continue", reason="Inspector at another scene")
    assert kept.at > kept.due_at
    with suite.duty("review_officer") as actor:
        row = policy.REVIEWS.one(actor, kept.pk, projection="detention")
    assert row["at"] - row["due_at"] > 50 * MINUTE


def test_a_postponed_review_stays_due(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    with suite.duty("review_officer") as actor:
        actions.postpone_review(actor, held, at=ago(minutes=5), reason="They are asleep; the interpreter comes at six")
        rows = policy.REVIEWS.many(actor, projection="detention")
        found = clocks(policy.DETENTIONS.one(actor, held, projection="detention"), rows, [], clock.now())
    assert (found.next.what, found.next.state) == ("Review", State.DUE_SOON)


def test_the_second_review_falls_due_nine_hours_after_the_first(suite: Suite) -> None:
    held = suite.detained(6 * HOUR)
    with suite.duty("review_officer") as actor:
        kept = actions.review(actor, held, at=ago(hours=1), decision="continue", reason="Evidence still to be secured")
        rows = policy.REVIEWS.many(actor, projection="detention")
        found = clocks(policy.DETENTIONS.one(actor, held, projection="detention"), rows, [], clock.now())
    assert next(due for due in found.due if due.what == "Review").at == kept.at + 9 * HOUR


def test_a_superintendent_extends_only_after_the_second_review(suite: Suite) -> None:
    held = suite.detained(16 * HOUR)
    with suite.duty("review_officer") as actor:
        actions.review(actor, held, at=ago(hours=10), decision="continue", reason="Needed")
        with pytest.raises(RuleBroken, match="second review has not been held"):
            actions.extend(actor, held, at=ago(minutes=3), reason="Phones still to be read")
        actions.review(actor, held, at=ago(minutes=2), decision="continue", reason="Needed")
        actions.extend(actor, held, at=ago(minutes=1), reason="Phones still to be read")
    record = record_of(suite, held)
    assert clocks(record, [], [], clock.now()).hours == 36


def test_time_in_hospital_does_not_count_towards_the_limit(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    with suite.duty() as actor:
        actions.hospital_out(actor, held, at=ago(hours=3))
        with pytest.raises(RuleBroken, match="in hospital already"):
            actions.hospital_out(actor, held, at=ago(hours=2))
        actions.hospital_back(actor, held, at=ago(hours=1))
        away = policy.ABSENCES.many(actor, projection="detention")
    record = record_of(suite, held)
    limit = next(due for due in clocks(record, [], away, clock.now()).due if due.what == "Charge or release")
    assert abs(limit.at - record["relevant_at"] - 26 * HOUR) < MINUTE
    assert "s.41(6)" in limit.why


def test_coming_back_before_leaving_is_refused(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    with suite.duty() as actor:
        actions.hospital_out(actor, held, at=ago(hours=1))
        with pytest.raises(RuleBroken, match="before the departure"):
            actions.hospital_back(actor, held, at=ago(hours=2))


def test_somebody_who_may_be_a_child_has_an_appropriate_adult(suite: Suite) -> None:
    held = suite.booked(suite.arrest(ages=[17, 19]))
    with suite.duty() as actor, pytest.raises(RuleBroken, match="may be under 18"):
        actions.care(actor, held, appropriate_adult="no")


def test_two_custody_officers_do_not_overwrite_one_another(suite: Suite) -> None:
    held = suite.booked()
    version = record_of(suite, held)["version"]
    with suite.duty() as actor:
        actions.care(actor, held, language="ti", interpreter="yes", version=version)
    with suite.duty() as actor, pytest.raises(Conflict) as conflict:
        actions.care(actor, held, language="ro", interpreter="no", version=version)
    assert conflict.value.theirs["language"] == "ti"


# Outcomes


def test_bail_ends_on_the_day_that_the_law_of_the_arrest_says(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty() as actor:
        ended = actions.outcome(actor, held, kind="bailed", at=ago(minutes=1))
    assert ended.bail_until is not None
    assert timedelta(days=88) <= ended.bail_until - ended.at <= timedelta(days=93)


def test_nothing_happens_after_the_end(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty() as actor:
        actions.outcome(actor, held, kind="under-investigation", at=ago(minutes=1))
        with pytest.raises(RuleBroken, match="is over"):
            actions.hospital_out(actor, held, at=clock.now())


def test_a_charge_names_its_offences(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty() as actor, pytest.raises(RuleBroken, match="offences charged"):
        actions.outcome(actor, held, kind="charged", at=ago(minutes=1))


def test_holding_somebody_past_the_limit_is_explained_and_not_hidden(suite: Suite) -> None:
    held = suite.detained(25 * HOUR)
    with suite.duty() as actor:
        with pytest.raises(RuleBroken, match=r"time ran out.*s\.41\(1\)"):
            actions.outcome(actor, held, kind="no-further-action", at=ago(minutes=1))
        actions.outcome(actor, held, kind="no-further-action", at=ago(minutes=1), reason="Released late: cell error")


def test_whoever_is_off_duty_touches_no_custody_record(suite: Suite, at: Any) -> None:
    held = suite.booked()
    from wilberforce.agencies.models import Shift

    Shift.objects.update(signed_out_at=ago(hours=3), starts=ago(hours=9), signed_in_at=ago(hours=9), ends=ago(hours=3))
    with pytest.raises(NotAllowed), at("custody_officer", "custody") as actor:
        actions.hospital_out(actor, held, at=clock.now())


# What the watcher reads


def filed(held: Any) -> dict[str, Any]:
    return {row.rule: row for row in Deadline.objects.filter(OPEN, subject_id=held)}


def test_the_watcher_knows_both_clocks_from_the_authorising_on(suite: Suite) -> None:
    due = filed(suite.detained())
    roles = {"review": "review_officer", "detention": "custody_officer", "custody-rest": "custody_officer"}
    assert {code: row.role for code, row in due.items()} == roles


def test_a_review_that_is_held_files_the_next(suite: Suite) -> None:
    held = suite.detained(5 * HOUR)
    before = filed(held)["review"].due_at
    with suite.duty("review_officer") as actor:
        kept = actions.review(actor, held, at=ago(minutes=1), decision="continue", reason="Still needed")
    assert filed(held)["review"].due_at == kept.at + 9 * HOUR > before


def test_after_bail_only_its_end_is_due(suite: Suite) -> None:
    held = suite.detained()
    with suite.duty() as actor:
        ended = actions.outcome(actor, held, kind="bailed", at=ago(minutes=1))
    assert {code: row.due_at for code, row in filed(held).items()} == {"bail": ended.bail_until}
