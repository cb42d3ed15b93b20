"""A quarter is counted once in the database, goes out by two guardians, and never moves again."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.models import Q
from django.urls import reverse

from wilberforce.agencies import canaries
from wilberforce.base import clock
from wilberforce.base.errors import NotAllowed
from wilberforce.custody import actions as custody
from wilberforce.custody.tests.conftest import Suite
from wilberforce.custody.tests.test_policy import join_case
from wilberforce.ledger.doors import at_public_door
from wilberforce.ledger.models import Leaf
from wilberforce.ledger.sequencer import connect
from wilberforce.operations import actions as operations
from wilberforce.operations import board
from wilberforce.operations.policy import FOUND, OPERATIONS
from wilberforce.operations.tests.factories import ago, live, prepared, refused
from wilberforce.statistics import actions, rules, table

pytestmark = pytest.mark.django_db(transaction=True)
ONE, OTHER = "guardian_police", "guardian_redcross"


def last_quarter() -> date:
    return next(rules.quarters_over(clock.in_london(clock.now()).date()))


def operation(at: Any, cast: Any, people: int, *, started: datetime | None = None) -> UUID:
    """One of the quarter that is over, in which so many people were found; all but one were received at the centre."""
    day = live(at, cast)
    for number in range(people):
        with day.on_site() as actor:
            found = operations.record_found(actor, day.sites["B"], age="adult", at=ago(minutes=40))
            if number:
                operations.hand_over(actor, found.pk, to="hospital", at=ago(minutes=30))
    moved(day.operation, started or in_the_quarter())
    return day.operation


def in_the_quarter() -> datetime:
    return datetime.combine(last_quarter() + timedelta(days=20), ago().timetz())


def moved(operation_id: UUID, started: datetime) -> None:
    with connect("owner") as door:
        for table_name in ("operation", "handover"):
            door.execute(f"GRANT UPDATE ON operations_{table_name} TO wb_search")
        door.execute("SET ROLE wb_search")
        door.execute("UPDATE operations_operation SET started_at = %s WHERE id = %s", [started, operation_id])
        received = "UPDATE operations_handover SET received_at = given_at WHERE operation_id = %s"
        door.execute(received, [operation_id])


def exercise(at: Any, cast: Any, people: int) -> None:
    plan = prepared(at, cast, clock.now() + timedelta(days=3))
    with plan.planning() as actor:
        played = operations.rehearse(actor, plan.operation, players=[cast["op_member_a"].pk])
        site = board.plan(actor, played.pk)["sites"][1]["id"]
    with plan.on_site() as actor:
        operations.move_site(actor, site, state="entered")
        for _ in range(people):
            operations.record_found(actor, site, age="adult")
    moved(played.pk, in_the_quarter())


def drawn_up(at: Any, starts: date | None = None) -> None:
    with at(ONE, "statistics") as actor:
        actions.draw_up(actor, starts=starts or last_quarter())


def lines(at: Any, part: str = ONE) -> list[dict[str, str]]:
    with at(part, "statistics") as actor:
        return [{q.code: said for q, said in quarter["lines"]} for quarter in table.quarters(actor)]


def in_public() -> list[dict[str, Any]]:
    with at_public_door("statistics") as actor:
        return table.quarters(actor)


def test_the_figures_of_a_quarter_are_hidden_and_rounded(at: Any, cast: Any) -> None:
    operation(at, cast, 12)
    drawn_up(at)
    [said] = lines(at)
    assert said == {
        "found": "10", "safe": "10", "referred": "[c]", "arrested": "[c]", "charged": "[c]", "minutes": "[c]",
        "partners": "[c]",
    }  # fmt: skip


def invented(at: Any, reference: str) -> None:
    with at(ONE, "oversight") as first:
        planted = canaries.plant(first, reference)
    with at("guardian_police_2", "oversight") as second:
        canaries.let_live(second, planted.pk)


def test_an_invented_person_is_in_no_figure_and_stays_on_the_list(at: Any, cast: Any) -> None:
    its = operation(at, cast, 13)
    with at("op_commander", "op_safety") as commander:
        listed = FOUND.many(commander, Q(operation_id=its), projection="site_found")
    invented(at, listed[0]["reference"])
    drawn_up(at)
    assert lines(at)[0]["found"] == "10", "twelve are twelve: thirteen would be fifteen"
    with at("op_commander", "op_safety") as commander:
        assert FOUND.many(commander, Q(operation_id=its), projection="site_found") == listed


def test_an_invented_operation_is_in_no_figure(at: Any, cast: Any) -> None:
    its = operation(at, cast, 13)
    with at("op_commander", "op_safety") as commander:
        reference = OPERATIONS.one(commander, its, projection="day_log")["reference"]
    invented(at, reference)
    drawn_up(at)
    assert lines(at) == []


def charged(force: UUID) -> int:
    """Today's exact count, as the database alone sees it."""
    with connect("owner") as door:
        door.execute("SET ROLE wb_search")
        exact = "SELECT n FROM statistics_counted(%s, now() - interval '7 days', now()) WHERE question = 'charged'"
        [row] = door.execute(exact, [force]).fetchall()
    return int(row["n"])


def test_whoever_was_charged_by_post_is_among_those_charged_until_it_is_struck_out(at: Any, cast: Any) -> None:
    suite = Suite(live(at, cast))
    arrest = suite.arrest()
    join_case(suite, cast["investigator"])
    told: dict[str, Any] = {"offences": ["conspiracy-msa-2"], "unweighed": "The time to charge ends tonight"}
    with at("investigator", "criminal_investigation") as actor:
        made = custody.proceed(actor, arrest, kind="requisition", at=ago(minutes=1), **told)
    assert charged(made.controller_id) == 1
    with at("investigator", "criminal_investigation") as actor:
        custody.proceed(actor, arrest, kind="struck-out", at=ago(minutes=1), instead_of=made.pk)
    assert charged(made.controller_id) == 0


def test_under_ten_people_nothing_is_shown_then_or_later(at: Any, cast: Any) -> None:
    operation(at, cast, 9)
    drawn_up(at)
    assert lines(at) == []
    operation(at, cast, 3)
    with refused("starts", "does not change"):
        drawn_up(at)
    assert lines(at) == []


def test_one_more_record_after_it_was_drawn_up_moves_nothing(at: Any, cast: Any) -> None:
    operation(at, cast, 12)
    drawn_up(at)
    before = lines(at)
    operation(at, cast, 1)
    with refused("starts", "does not change"):
        drawn_up(at)
    assert lines(at) == before


def test_an_exercise_and_another_quarter_are_not_counted(at: Any, cast: Any) -> None:
    exercise(at, cast, 12)
    operation(at, cast, 5)
    operation(at, cast, 6, started=ago(hours=1))
    drawn_up(at)
    assert lines(at) == []


def test_the_public_sees_it_when_guardians_of_two_agencies_said_yes(at: Any, cast: Any) -> None:
    operation(at, cast, 11)
    drawn_up(at)
    with at(ONE, "statistics") as actor:
        quarter = table.quarters(actor)[0]["id"]
        actions.say_yes(actor, quarter)
    with at("guardian_police_2", "statistics") as actor, refused(match="already"):
        actions.say_yes(actor, quarter)
    assert in_public() == []
    with at(OTHER, "statistics") as actor:
        actions.say_yes(actor, quarter)
    [seen] = in_public()
    assert {q.code: said for q, said in seen["lines"]}["found"] == "10"


def test_every_look_at_figures_leaves_a_leaf(at: Any, cast: Any) -> None:
    operation(at, cast, 11)
    drawn_up(at)
    lines(at)
    with at(ONE, "oversight"):
        assert Leaf.objects.filter(subject_class="statistic", op="approval").exists()
        assert Leaf.objects.filter(subject_class="statistic", op="consultation").exists()


@pytest.mark.parametrize("part", ["op_commander", "investigator"])
def test_nobody_else_has_a_place_here(at: Any, part: str) -> None:
    with pytest.raises(NotAllowed), at(part, "statistics"):
        pass


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM statistics_counted(gen_random_uuid(), now(), now())",
        "INSERT INTO statistics_figure VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'found', 5)",
        "UPDATE statistics_figure SET shown = 50",
        "SELECT statistics_draw_up('2019-01-02')",
    ],
)
def test_no_exact_count_leaves_the_database_and_no_figure_is_written_by_hand(at: Any, sql: str) -> None:
    denied = pytest.raises((ProgrammingError, InternalError), match=r"permission denied|row-level|not now, or not you")
    with at(ONE, "statistics"), denied, transaction.atomic():
        connection.cursor().execute(sql)


def test_the_pages_draw_up_let_out_and_export_and_nothing_narrows_them(at: Any, cast: Any, signed_in: Any) -> None:
    operation(at, cast, 11)
    guardian, address = signed_in(ONE), reverse("statistics:index")
    form = {"purpose": "statistics", "once": str(uuid4()), "starts": str(last_quarter())}
    assert guardian.post(address, form).status_code == 302
    assert "does not change any more" in guardian.post(address, form | {"once": str(uuid4())}).content.decode()
    exported = guardian.get(reverse("statistics:export"))
    assert "People found,10" in exported.content.decode()
    assert guardian.get(reverse("statistics:export") + "?question=found&operation=1").content == exported.content
    assert "These may go out" in guardian.get(address).content.decode()
    with at(ONE, "statistics") as actor:
        quarter = table.quarters(actor)[0]["id"]
    for part in (ONE, OTHER):
        yes = reverse("statistics:say_yes", args=[quarter])
        assert signed_in(part).post(yes, {"purpose": "statistics"}).status_code == 302
    assert "10" in guardian.get(reverse("figures")).content.decode()
