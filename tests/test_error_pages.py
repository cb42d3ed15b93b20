"""When something is wrong the page says what to do, and keeps what was typed as far as a server can."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from wilberforce.ledger import strangers
from wilberforce.web import views

pytestmark = pytest.mark.django_db
TYPED = "Two vans each morning, before light"


def test_a_form_that_was_open_for_too_long_comes_back_with_what_was_typed() -> None:
    answer = Client(enforce_csrf_checks=True).post("/report/", {"body": TYPED})
    assert answer.status_code == 400
    assert TYPED in answer.content.decode()
    assert "Nothing was changed" in answer.content.decode()
    assert "OFFICIAL-SENSITIVE" not in answer.content.decode()


def test_what_staff_typed_bears_the_marking_also_where_the_page_knows_nobody(signed_in: Any) -> None:
    typed = {"purpose": "public_info", "text": TYPED}
    absent = signed_in("reception_worker").post(f"/public-info/bulletins/{uuid4()}/", typed)
    assert absent.status_code == 404
    assert all(words in absent.content.decode() for words in ("OFFICIAL-SENSITIVE", TYPED))


def test_a_password_is_never_shown_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@example.org", "password": TYPED})
    assert answer.status_code == 400
    assert TYPED not in answer.content.decode()


def test_what_is_absent_and_what_is_forbidden_look_the_same(signed_in: Any) -> None:
    worker = signed_in("reception_worker")
    forbidden, absent = worker.get("/oversight/ledger/"), worker.get("/oversight/nothing-of-the-kind/")
    assert (forbidden.status_code, forbidden.content) == (404, absent.content)


def test_a_reader_who_does_not_work_here_is_not_sent_to_whoever_gave_them_a_task(
    client: Client, signed_in: Any
) -> None:
    there, here = client.get("/news/nothing/here/"), signed_in("report_desk").get("/news/nothing/here/")
    assert "part of your work" not in there.content.decode()
    assert "Tell us what you have seen" in there.content.decode()
    assert "part of your work" in here.content.decode()
    arabic = client.get(f"/news/{uuid4()}/", headers={"accept-language": "ar"}).content.decode()
    assert "الصفحة غير موجودة" in arabic


def test_a_form_of_another_workspace_is_kept_and_not_saved(signed_in: Any) -> None:
    answer = signed_in("report_desk").post("/triage/tell/", {"purpose": "custody", "body": TYPED})
    assert answer.status_code == 409
    assert TYPED in answer.content.decode()


def test_what_is_too_large_says_how_to_send_it(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = client.post("/report/", {"body": TYPED * 50}, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert "your browser still has what you typed" in answer.content.decode()


def test_too_many_tries_say_how_long_to_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "too_many", lambda request: True)
    session = client.session
    session["seen"] = True
    session.save()
    answer = client.post("/my-work/", {"note": TYPED})
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()
    assert TYPED in answer.content.decode()


def test_our_own_mistake_needs_neither_session_nor_database_to_be_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(views, "render", _broken_once(views.render, RuntimeError("broken on purpose")))
    answer = client.post("/", {"note": TYPED, "password": "not for the screen"})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "It is our mistake, not yours" in page
    assert (TYPED in page, "not for the screen" in page) == (True, False)


def test_a_database_that_takes_nothing_more_is_not_called_a_mistake_of_ours(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(views, "render", _broken_once(views.render, OperationalError("No space left on device")))
    answer = client.post("/", {"note": TYPED})
    assert answer.status_code == 503
    page = answer.content.decode()
    assert (TYPED in page, "call 999" in page, "No space" in page) == (True, True, False)


def _broken_once(render: Any, why: Exception) -> Any:
    def broken(request: Any, template: str, *args: Any, **kwargs: Any) -> Any:
        if template in ("500.html", "503.html"):
            return render(request, template, *args, **kwargs)
        raise why

    return broken


def test_an_address_that_only_takes_forms_says_so_and_keeps_its_status(signed_in: Any) -> None:
    answer = signed_in("reception_worker").get("/sign-in/agency/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "It only takes what a form sends" in answer.content.decode()


def test_where_nothing_can_be_recorded_the_page_keeps_what_was_typed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wilberforce.base.errors import Unavailable
    from wilberforce.concerns import actions

    def cannot(*_: Any, **__: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(actions, "report", cannot)
    answer = client.post("/report/", {"body": TYPED, "danger_now": "no", "child": "no", "identity_choice": "anonymous",
                                      "language": "en"})  # fmt: skip
    assert answer.status_code == 503
    assert TYPED in answer.content.decode()
    assert "call 999" in answer.content.decode()
