"""When something is wrong the page says what to do, and keeps what was typed as far as a server can."""

from __future__ import annotations

from typing import Any

import pytest
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


def test_a_password_is_never_shown_again() -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "a@example.org", "password": TYPED})
    assert answer.status_code == 400
    assert TYPED not in answer.content.decode()


def test_what_is_absent_and_what_is_forbidden_look_the_same(signed_in: Any) -> None:
    worker = signed_in("reception_worker")
    forbidden, absent = worker.get("/oversight/ledger/"), worker.get("/oversight/nothing-of-the-kind/")
    assert (forbidden.status_code, forbidden.content) == (404, absent.content)


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
    answer = client.get("/my-work/")
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()


def test_our_own_mistake_needs_neither_session_nor_database_to_be_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(views, "render", _broken_once(views.render))
    answer = client.get("/")
    assert answer.status_code == 500
    assert "It is our mistake, not yours" in answer.content.decode()


def _broken_once(render: Any) -> Any:
    def broken(request: Any, template: str, *args: Any, **kwargs: Any) -> Any:
        if template == "500.html":
            return render(request, template, *args, **kwargs)
        raise RuntimeError("broken on purpose")

    return broken


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
