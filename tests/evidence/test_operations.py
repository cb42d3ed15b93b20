"""What programs ask of us, as docs/openapi.yaml describes it, with sense and without, from known devices and others."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
import schemathesis
import yaml
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from wilberforce.access.addresses import addresses
from wilberforce.base.ids import random_id
from wilberforce.base.outbox import text64
from wilberforce.base.watching import ticket
from wilberforce.operations.phone import imitated as phone_imitated
from wilberforce.operations.phone import phones
from wilberforce.reception.desk import imitated, tablets
from wilberforce.web import readiness, stream

pytestmark = pytest.mark.django_db

DESCRIBED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
FOR_PROGRAMS = ("desk/v1/", "site/v1/", "live/", "ready/", "news/feed/")
LEAVING, STREAM = "news/updates/<str:code>/leave/", "/stream/"
HERE = "http://testserver"
EACH, ALL = 15, 300
UNKNOWN = (400, 401)
"""Without a device: what can't be read at all is nonsense to anybody, before it is asked who sent it."""


@pytest.fixture
def devices(centre: Any, day: Any, at: Any) -> dict[str, tuple[str, str, str]]:
    """By the security that an operation names: the cookie, its value, and a seat that somebody took."""
    with at("reception_manager", "reception") as actor:
        tablet, secret, _ = imitated.enrolled(actor, centre.centre_id, "Tablet 1")
    with at("reception_worker", "reception") as actor:
        seat = imitated.seated(actor, tablet)
    with day.on_site("op_member_a") as actor:
        phone = phone_imitated.enrolled(actor, day.sites["B"], "Phone 1")
    return {
        "tablet": (tablets.COOKIE, secret, str(seat.pk)),
        "phone": (phones.COOKIE, phone.secret, str(phone.seat.pk)),
    }


def described(devices: dict[str, tuple[str, str, str]], code: str) -> Any:
    """With what only this database knows as one of the words to try: seats, the proof of their PIN, a code."""
    raw = deepcopy(DESCRIBED)
    known = raw["components"]["requestBodies"]["Proof"]["content"]["application/json"]["schema"]["properties"]
    known["seat"] = {"type": "string", "enum": [seat for _, _, seat in devices.values()] + [str(random_id())]}
    known["proof"] = {"type": "string", "enum": [text64(imitated.PROOF), text64(b"000000"), ""]}
    raw["paths"]["/news/updates/{code}/leave/"]["parameters"][0]["schema"]["enum"] = [code, "none-such", "²", "a b"]
    raw["paths"][STREAM]["get"]["parameters"][0]["schema"]["enum"] = [ticket(random_id()), "", "²"]
    return schemathesis.openapi.from_dict(raw)


def asked(case: Case, cookie: tuple[str, str] | None) -> Response:
    sent = requests.Request(**_plain(case.as_transport_kwargs(base_url=HERE))).prepare()
    if case.path == STREAM:
        status, headers, body = asyncio.run(_of_the_stream(sent))
    else:
        status, headers, body = _of_the_pages(sent, cookie)
    return Response(status, headers, body, sent, 0.0, False)


def _plain(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given.get(name) for name in ("method", "url", "headers", "params", "data", "json") if given.get(name)}


def _of_the_pages(sent: Any, cookie: tuple[str, str] | None) -> tuple[int, dict[str, list[str]], bytes]:
    client = Client(raise_request_exception=False)
    if cookie:
        client.cookies[cookie[0]] = cookie[1]
    with transaction.atomic(), patch.object(readiness, "HEARTBEAT", "SELECT true"):
        answer = client.generic(
            sent.method, sent.path_url, sent.body or b"", sent.headers.get("Content-Type", "application/json")
        )
        transaction.set_rollback(True)
    return answer.status_code, {name.lower(): [value] for name, value in answer.headers.items()}, answer.content


async def _of_the_stream(sent: Any) -> tuple[int, dict[str, list[str]], bytes]:
    """Nobody listens to the database here, so that a good ticket is told to come back later."""
    heard: list[Any] = []

    async def send(message: Any) -> None:
        heard.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    path, _, query = sent.path_url.partition("?")
    scope = {"type": "http", "path": path, "method": sent.method, "query_string": query.encode()}
    await stream.application(scope, receive, send)
    headers = {name.decode(): [value.decode()] for name, value in heard[0]["headers"]}
    return heard[0]["status"], headers, b"".join(message.get("body", b"") for message in heard[1:])


def each(operation: Any, mode: GenerationMode, times: int, then: Callable[[Case], None]) -> None:
    @settings(
        max_examples=times, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Case) -> None:
        then(case)

    run()


@dataclass
class Asked:
    """``ignored``: operations that answered a device which nobody enrolled."""

    devices: dict[str, tuple[str, str, str]]
    told: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[Any, ...]] = field(default_factory=list)
    ignored: list[tuple[Any, ...]] = field(default_factory=list)

    def once(self, case: Case) -> None:
        raw = case.operation.definition.raw
        device = next((self.devices[name][:2] for one in raw.get("security", []) for name in one), None)
        answer = asked(case, device)
        status = str(answer.status_code)
        self.told[status] += 1
        if answer.status_code >= 500 and status not in raw["responses"]:
            self.broken.append((case.operation.label, status, case.body))
        case.validate_response(
            answer, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
        )
        other = (device[0], "invented") if device and self.told.total() % 2 else None
        if device and asked(case, other).status_code not in UNKNOWN:
            self.ignored.append((case.operation.label, other))


def test_no_operation_breaks_or_answers_what_is_not_described_or_forgets_to_ask_who(
    devices: dict[str, tuple[str, str, str]], long: bool, evidence: Any
) -> None:
    heard = Asked(devices)
    operations = [one.ok() for one in described(devices, "none-such-either").get_all_operations()]
    for operation in operations:
        each(operation, GenerationMode.POSITIVE, ALL if long else EACH, heard.once)
        if _takes_anything(operation):
            each(operation, GenerationMode.NEGATIVE, ALL if long else EACH, heard.once)
    evidence(
        "every operation of programs", operations=len(operations), asked=dict(heard.told),
        server_errors=len(heard.broken), ignored_authentication=len(heard.ignored),
    )  # fmt: skip
    assert not heard.broken
    assert not heard.ignored
    assert heard.told["200"] > len(operations)


def _takes_anything(operation: Any) -> bool:
    return bool(operation.body) or bool(operation.query)


def test_every_address_for_programs_is_described_and_nothing_else() -> None:
    ours = {f"/{a.route}" for a in addresses() if a.route.startswith(FOR_PROGRAMS)}
    ours |= {"/" + LEAVING.replace("<str:code>", "{code}"), STREAM}
    assert ours == set(DESCRIBED["paths"])
    assert LEAVING in {a.route for a in addresses()}
