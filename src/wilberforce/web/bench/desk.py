"""What the desk costs: sync on the server, ten clerks at once, the page over the wire, a start without a network.

A copy of the database, the pages as they run in life, and a Chromium slowed down six times.
"""

import http.client
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import quantiles
from typing import Any
from uuid import UUID

from django.test import Client

from wilberforce.agencies.cast import Cast, found_cast
from wilberforce.agencies.demo import seat_without_browser
from wilberforce.base import clock
from wilberforce.base.browser import chromium
from wilberforce.ledger.doors import at_work
from wilberforce.reception import actions
from wilberforce.reception.desk import boxes, imitated, shell, sync, tablets
from wilberforce.reception.desk.boxes import Row
from wilberforce.reception.desk.imitated import Desk
from wilberforce.web.starting import read_ahead

from .board import servers
from .copies import CannotMeasure, copied
from .walk import statements

EVENTS, CLERKS, EACH = 2_000, 10, 8
SLOWER, LATENCY_MS, BYTES_PER_S = 6, 400, 50_000
NAMED = """() => document.querySelector('main h1').textContent !== 'Desk' && performance.now()"""


def measure() -> dict[str, Any]:
    with copied() as name:
        cast = found_cast()
        read_ahead()
        centre = _centre(cast)
        found: dict[str, Any] = {f"events_per_s_{size}": _rate(cast, centre, size) for size in (50, 200)}
        found["register_sql"] = _register_sql(cast, centre)
        clerks = [_desk(cast, centre, f"Clerk {number}") for number in range(CLERKS)]
        with servers(name) as (web, _, _):
            found["clerks10_p95_ms"] = _at_once(web, clerks)
            found["page_kb"] = _page_kb(web)
            found |= _starts(web)
    return found


def _centre(cast: Cast) -> UUID:
    now = clock.now()
    with at_work(seat_without_browser(cast["reception_manager"]), "reception") as actor:
        opened = actions.open_centre(actor, name="Measured", capacity=200).pk
        shift = actions.set_up_shift(
            actor, opened, cast["reception_worker"].pk, now - timedelta(hours=1), now + timedelta(hours=7)
        )
    with at_work(seat_without_browser(cast["reception_worker"]), "reception") as actor:
        actions.sign_in_to_shift(actor, shift.pk)
    return opened


def _desk(cast: Cast, centre: UUID, label: str) -> Desk:
    with at_work(seat_without_browser(cast["reception_manager"]), "reception") as actor:
        kept, secret, key = imitated.enrolled(actor, centre, label)
    with at_work(seat_without_browser(cast["reception_worker"]), "reception") as actor:
        return Desk(kept, imitated.seated(actor, kept), secret, key)


def _said(rows: list[Row]) -> bytes:
    text = boxes.text64
    events = [
        {"id": str(r.id), "dseq": r.dseq, "prev": text(r.prev), "kid": r.kid, "box": text(r.box), "sig": text(r.sig)}
        for r in rows
    ]
    told = {"events": events, "device_ms": round(time.time() * 1000), "unsent": 0, "epoch": str(sync.current_epoch())}
    return json.dumps(told).encode()


def _client(desk: Desk) -> Client:
    """Of a server that has answered before: its first answer loads everything."""
    client = Client()
    client.cookies[tablets.COOKIE] = desk.secret
    client.get("/live/")
    return client


def _sends(client: Client, body: bytes) -> None:
    answer = client.post("/desk/v1/sync", body, content_type="application/json")
    if {ack["status"] for ack in answer.json()["acks"]} != {"accepted"}:
        raise CannotMeasure("The server did not take in what was to be measured.")


def _rate(cast: Cast, centre: UUID, size: int) -> int:
    """One person in ten is new; the others are given something or move. All is sealed before the clock starts."""
    desk = _desk(cast, centre, f"Batches of {size}")
    for number in range(EVENTS // 10):
        card = f"P-{size}N{number:04}"
        desk.meets(card)
        for _ in range(7):
            desk.writes("gave", {"thing": "meal", "quantity": 1}, ref=card)
        desk.writes("noted", {"text": "Asked for a charger"}, ref=card)
        desk.writes("moved", {"to": "rest"}, ref=card)
    batches = [_said(desk.outbox[first : first + size]) for first in range(0, len(desk.outbox), size)]
    client = _client(desk)
    began = time.perf_counter()
    for batch in batches:
        _sends(client, batch)
    return round(len(desk.outbox) / (time.perf_counter() - began))


def _register_sql(cast: Cast, centre: UUID) -> int:
    desk = _desk(cast, centre, "Counted")
    desk.meets("P-COUNT2")
    client, body = _client(desk), _said(desk.outbox)
    with statements() as sent:
        _sends(client, body)
    return len(sent)


def _at_once(web: int, clerks: list[Desk]) -> int:
    """Each registers somebody, and the next as soon as the answer is there."""
    prepared: list[list[tuple[dict[str, str], bytes]]] = []
    for number, desk in enumerate(clerks):
        for turn in range(EACH + 1):
            desk.meets(f"P-C{number}T{turn}")
        head = {"Cookie": f"{tablets.COOKIE}={desk.secret}", "Content-Type": "application/json"}
        prepared.append([(head, _said([row])) for row in desk.outbox])
    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(lambda turns: _posted(web, *turns.pop(0)), prepared))  # a worker's first answer loads everything
        each = pool.map(lambda turns: [_posted(web, *turn) for turn in turns], prepared)
        took = [one for turns in each for one in turns]
    return round(1000 * quantiles(took, n=20)[-1])


def _posted(web: int, head: dict[str, str], body: bytes) -> float:
    began = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", web, timeout=60)
    line.request("POST", "/desk/v1/sync", body, head)
    answer = line.getresponse()
    answer.read()
    if answer.status != 200:
        raise CannotMeasure(f"The server answered {answer.status} to a clerk.")
    return time.perf_counter() - began


def _page_kb(web: int) -> float:
    """What a first visit fetches: the shell and its parts, as a browser asks for them."""
    total = 0
    for path in ("/desk/", "/desk/worker.js", "/desk/manifest.webmanifest", *shell.SHELL.addresses()):
        line = http.client.HTTPConnection("127.0.0.1", web, timeout=60)
        line.request("GET", path, headers={"Accept-Encoding": "br, gzip"})
        total += len(line.getresponse().read())
    return round(total / 1000, 1)


def _starts(web: int) -> dict[str, int]:
    """Milliseconds until the first heading, on a slow machine: over a slow line, and without one."""
    from playwright.sync_api import sync_playwright

    found = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.path, args=list(found.args))
        context = browser.new_context()
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        wire.send("Network.enable")
        slow = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_PER_S, "uploadThroughput": -1}
        wire.send("Network.emulateNetworkConditions", slow)
        cold = _until_named(page.evaluate, lambda: page.goto(f"http://localhost:{web}/desk/"))
        page.evaluate("async () => { await navigator.serviceWorker.ready }")
        wire.send("Network.emulateNetworkConditions", slow | {"offline": True})
        context.set_offline(True)
        offline = _until_named(page.evaluate, page.reload)
        browser.close()
    return {"cold_start_ms": cold, "offline_start_ms": offline}


def _until_named(ask: Callable[[str], Any], opens: Callable[[], Any]) -> int:
    opens()
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if ready := ask(NAMED):
            return round(float(ready))
        time.sleep(0.02)
    raise CannotMeasure("The desk did not start within a minute.")
