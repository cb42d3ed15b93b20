"""Nothing that somebody typed, and nobody's name, ever reaches a log."""

import json
import logging

import pytest
from django.http import HttpResponse
from django.urls import include, path

from wilberforce.ledger.pages import open_page
from wilberforce.web import logs, urls

CANARIES = ("Tesfay", "tesfay@example.org", "07700 900123", "secret-code")


@open_page("a page that fails with what was typed in its message")
def failing(request, code):
    raise ValueError(f"Key (email)=({request.GET.get('email')}) of {request.POST.get('name')} with {code}")


@open_page("a page that logs what it should not")
def chatty(request, code):
    name = request.GET["name"]
    logs.log.warning(f"read by {name}", name=name, email="tesfay@example.org", status="Tesfay", route="a b Tesfay")
    logs.log.warning("opened", percent=12, phone="07700 900123")
    logging.getLogger("some.library").error("Sent to %s", "tesfay@example.org", extra={"name_typed": name})
    logging.getLogger("some.library").error(f"Sent to {name}")
    return HttpResponse("done")


class Addresses:
    handler500 = urls.handler500
    urlpatterns = [
        path("fails/<str:code>/", failing),
        path("chats/<str:code>/", chatty),
        path("", include(urls.urlpatterns)),
    ]


@pytest.fixture
def lines(settings):
    """Each line that live use would write."""
    settings.ROOT_URLCONF = Addresses
    written = []

    class Kept(logging.Handler):
        def emit(self, record):
            written.append(self.format(record))

    handler = Kept(logging.DEBUG)
    handler.setFormatter(logs.formatter())
    root, said = logging.getLogger(), logging.getLogger("wilberforce")
    before = root.level, said.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    said.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(before[0])
    said.setLevel(before[1])


def of(lines, event):
    return [line for line in map(json.loads, lines) if line["event"] == event]


def test_a_page_that_fails_tells_the_way_and_not_the_words(client, lines):
    client.raise_request_exception = False
    answer = client.post("/fails/secret-code/?email=tesfay@example.org", {"name": "Tesfay", "phone": "07700 900123"})
    assert answer.status_code == 500
    assert not [line for line in lines for canary in CANARIES if canary in line]
    (fault,) = [line for line in map(json.loads, lines) if line.get("error")]
    assert fault["error"] == "ValueError"
    assert ":failing" in fault["frames"]
    (asked,) = of(lines, "request")
    assert (asked["method"], asked["route"], asked["status"]) == ("POST", "fails/<str:code>/", 500)
    assert fault["request"] == asked["request"]


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere/Tesfay/?q=tesfay@example.org", 404),
        ("/chats/secret-code/?name=Tesfay", 200),
        ("/my-work/?name=Tesfay", 302),
        ("/op-safety/Tesfay/?email=tesfay@example.org", 404),
    ],
)
def test_an_address_is_logged_by_its_shape(client, lines, address, status, db):
    assert client.get(address).status_code == status
    assert not [line for line in lines for canary in CANARIES if canary in line]
    (asked,) = of(lines, "request")
    assert asked["status"] == status


def test_a_host_that_is_not_ours_is_not_repeated(client, lines, db):
    assert client.get("/my-work/", HTTP_HOST="tesfay.example.org").status_code == 400
    assert "tesfay" not in "".join(lines)


def test_what_is_said_in_the_wrong_words_is_dropped_and_the_rest_kept(client, lines):
    client.get("/chats/secret-code/?name=Tesfay")
    (opened,) = of(lines, "opened")
    assert opened["percent"] == 12
    assert set(opened) == {"event", "level", "at", "logger", "request", "percent"}
    (unnamed,) = of(lines, "unnamed")
    assert set(unnamed) == {"event", "level", "at", "logger", "request"}
    assert {line["logger"] for line in of(lines, "library")} >= {"some.library"}


def test_a_job_that_failed_is_known_by_its_number(lines):
    try:
        raise OSError("tesfay@example.org refused")
    except OSError:
        logging.getLogger("procrastinate.worker").exception(
            "Job press.send(subscriber='Tesfay') failed",
            extra={
                "action": "job_error",
                "job": {"id": 12, "task_name": "wilberforce.press.jobs.send", "queue": "mail", "args": "Tesfay"},
            },
        )
    (line,) = map(json.loads, lines)
    assert (line["action"], line["job"], line["task"], line["error"]) == (
        "job_error",
        12,
        "wilberforce.press.jobs.send",
        "OSError",
    )
    assert "esfay" not in lines[0]


def test_each_request_has_a_number_of_its_own(client, lines, db):
    client.get("/live/", HTTP_X_REQUEST_ID="Tesfay")
    client.get("/live/")
    first, second = of(lines, "request")
    assert first["request"] != second["request"]
