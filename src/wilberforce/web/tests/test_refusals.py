"""A hidden record is refused as late as one that is not there: not the work of the answer says when it comes."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from wilberforce.base.ids import random_id
from wilberforce.web import middleware


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(middleware, "monotonic", lambda: clock.now)
    monkeypatch.setattr(middleware, "sleep", clock.sleep)
    return clock


def answered_after(clock: Clock, work: float, status: int, *, by_a_stranger: bool = False) -> float:
    request = RequestFactory().get("/support/")
    if not by_a_stranger:
        request.COOKIES[settings.SESSION_COOKIE_NAME] = "a sitting"

    def view(_: HttpRequest) -> HttpResponse:
        clock.now += work
        return HttpResponse(status=status)

    began = clock.now
    with override_settings(REFUSALS_EVERY=0.05):
        middleware.refusals_take_the_same_time(view)(request)
    return round(clock.now - began, 6)


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    ("work", "comes_at"), [(0.0036, 0.05), (0.011, 0.05), (0.049, 0.05), (0.051, 0.1), (0.31, 0.35)]
)
def test_a_refusal_comes_at_the_next_stroke(clock, work, comes_at, status):
    assert answered_after(clock, work, status) == comes_at


@pytest.mark.parametrize("status", [200, 302, 409, 503])
def test_what_is_no_refusal_comes_at_once(clock, status):
    assert answered_after(clock, 0.0036, status) == 0.0036


def test_a_stranger_who_knocks_holds_no_thread_of_ours(clock):
    assert answered_after(clock, 0.0036, 404, by_a_stranger=True) == 0.0036


def test_a_record_that_is_not_there_is_kept_back_by_the_pages_themselves(signed_in, clock):
    began = clock.now
    with override_settings(REFUSALS_EVERY=0.05):
        assert signed_in("housing_officer").get(f"/support/person/{random_id()}/").status_code == 404
    assert round(clock.now - began, 6) == 0.05
