"""The operator sees how the worker does and never what its jobs are about."""

from typing import Any

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
SECRET = "0192f0c1-aaaa-7bbb-8ccc-ddddeeeeffff"


def put_in(task: str, status: str = "todo", *, tries: int = 0, queue: str = "mail") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args)"
            " VALUES (%s, %s, %s, %s, jsonb_build_object('subscriber', %s::text))",
            [queue, f"wilberforce.{task}", status, tries, SECRET],
        )


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
