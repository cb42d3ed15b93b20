"""The operator sees how the worker does and never what its jobs are about."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from wilberforce.ledger.models import Leaf

pytestmark = pytest.mark.django_db
SECRET = "0192f0c1-aaaa-7bbb-8ccc-ddddeeeeffff"


def put_in(task: str, status: str = "todo", *, tries: int = 0, queue: str = "mail") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, attempts, args)"
            " VALUES (%s, %s, %s, jsonb_build_object('subscriber', %s::text)) RETURNING id",
            [queue, f"wilberforce.{task}", tries, SECRET],
        )
        (number,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, number])
        return int(number)


@pytest.fixture
def operator(signed_in: Any) -> Any:
    return signed_in("sysadmin")


def page_of(operator: Any, query: str = "") -> str:
    answer = operator.get(f"/platform-ops/jobs/{query}")
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


def test_the_operator_sees_name_state_and_tries(operator: Any) -> None:
    put_in("press.jobs.send_digest", "failed", tries=41)
    page = page_of(operator)
    assert ("press: send digest" in page, ">Failed</strong>" in page, ">41<" in page) == (True, True, True)


def test_nothing_tells_what_a_job_is_about_and_its_arguments_are_not_even_fetched(
    operator: Any, statements: Any
) -> None:
    put_in("press.jobs.send_digest", "doing")
    with statements() as sent:
        page = page_of(operator)
    asked = [statement for statement in sent if '"procrastinate_jobs"' in statement]
    assert (SECRET in page, len(asked), any('"args"' in statement for statement in asked)) == (False, 1, False)


def test_the_list_is_narrowed_to_what_failed(operator: Any) -> None:
    put_in("press.jobs.send_digest", "failed")
    put_in("deadlines.jobs.watch", "succeeded")
    page = page_of(operator, "?state=failed")
    assert ("press: send digest" in page, "deadlines: watch" in page) == (True, False)


def test_an_empty_list_says_what_to_do(operator: Any) -> None:
    assert "Nothing fits what you chose." in page_of(operator, "?state=aborted")


@pytest.mark.parametrize("address", ["/platform-ops/", "/platform-ops/jobs/"])
def test_letters_that_wait_for_the_mail_server_are_said_to_the_operator(operator: Any, address: str) -> None:
    waits = "1 message waits for the mail server"
    put_in("press.jobs.ask_to_confirm")
    assert waits not in operator.get(address).content.decode()
    put_in("press.jobs.ask_to_confirm", tries=3)
    assert waits in operator.get(address).content.decode()


@pytest.mark.parametrize("part", ["guardian_police", "op_commander"])
def test_nobody_else_sees_the_jobs(signed_in: Any, part: str) -> None:
    assert signed_in(part).get("/platform-ops/jobs/").status_code in (404, 409)


@pytest.mark.parametrize("address", ["/platform-ops/", "/platform-ops/jobs/"])
def test_the_operators_pages_ask_few_questions_of_the_database(operator: Any, statements: Any, address: str) -> None:
    operator.get(address)
    with statements() as sent:
        assert operator.get(address).status_code == 200
    assert len(sent) <= 14, sent


# A failed job is tried again


def failed(task: str = "press.jobs.send_digest") -> int:
    return put_in(task, "failed", tries=2)


def state_of(number: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text FROM procrastinate_jobs WHERE id = %s", [number])
        return str(cursor.fetchone()[0])


def try_again(client: Any, number: int) -> int:
    form = {"purpose": "platform_ops", "once": str(uuid4())}
    return int(client.post(f"/platform-ops/jobs/{number}/again/", form).status_code)


def test_the_operator_tries_a_failed_job_again_and_the_ledger_says_so(operator: Any, at: Any) -> None:
    number = failed()
    assert f"/platform-ops/jobs/{number}/again/" in page_of(operator)
    assert try_again(operator, number) == 302
    assert state_of(number) == "todo"
    with at("auditor", "oversight"):
        leaves = Leaf.objects.filter(subject_class="audit", action="W", projection="failed_job", allowed=True)
        assert [leaf.role for leaf in leaves] == ["sysadmin"]


@pytest.mark.parametrize("state", ["todo", "doing", "succeeded"])
def test_only_what_failed_is_tried_again(operator: Any, state: str) -> None:
    number = put_in("press.jobs.send_digest", state)
    assert "/again/" not in page_of(operator)
    assert try_again(operator, number) == 422
    assert state_of(number) == state


def test_a_job_that_waits_already_is_not_put_beside_itself(operator: Any) -> None:
    number = failed()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET queueing_lock = 'digest' WHERE id = %s", [number])
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('mail', 'x', 'digest')"
        )
    assert try_again(operator, number) == 422
    assert state_of(number) == "failed"


@pytest.mark.parametrize("part", ["guardian_police", "op_commander"])
def test_nobody_else_tries_a_job_again(signed_in: Any, part: str) -> None:
    number = failed()
    assert try_again(signed_in(part), number) == 404
    assert state_of(number) == "failed"


def test_work_of_many_jobs_says_how_far_it_is(operator: Any) -> None:
    put_in("deadlines.jobs.watch", "doing")
    assert "Under way</h2>" not in page_of(operator)
    for state in ("succeeded", "failed", "doing", "todo"):
        put_in("press.jobs.send_digest", state)
    page = page_of(operator)
    assert "2 of 4 in the last day" in page
    assert '<progress class="wb-progress" max="4" value="2"' in page


def test_what_comes_round_by_the_clock_is_not_shown_as_half_done(operator: Any) -> None:
    for state in ("succeeded", "todo"):
        put_in("web.jobs.look_at_the_disk", state, queue="watch")
    assert "in the last day" not in page_of(operator)
