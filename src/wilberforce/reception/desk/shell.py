"""The shell: one page, its script, its style and its worker, named by what is in them, so that one version is whole."""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.templatetags.static import static

from wilberforce.base.lists import Entry
from wilberforce.concerns.lists import LANGUAGES
from wilberforce.concerns.models import Age
from wilberforce.reception import lists
from wilberforce.reception.actions.care import EXAMINATION
from wilberforce.reception.models import Where
from wilberforce.survivors.lists import ON_THE_REFERENCE

from . import rules

NOT_GIVEN = rules.NOT_AT_THE_DESK | {"note"}
PARTS = ("base/desk.css", "base/desk.js", "base/desk-lock.js")
MANIFEST = {
    "name": "Wilberforce desk",
    "short_name": "Desk",
    "start_url": "/desk/",
    "scope": "/desk/",
    "display": "standalone",
    "background_color": "#ffffff",
    "theme_color": "#1d70b8",
    "icons": [{"src": "/static/base/mark.svg", "sizes": "any", "type": "image/svg+xml"}],
}


def words() -> dict[str, Any]:
    """The lists that the desk's buttons show."""
    return {
        "ages": [[value, str(label)] for value, label in Age.choices],
        "languages": _pairs(LANGUAGES),
        "places": [[value, str(label)] for value, label in Where.choices],
        "things": [[t.code, t.label, t.washing] for t in lists.THINGS.values() if t.kind not in NOT_GIVEN],
        "needs": _pairs(ON_THE_REFERENCE),
        "named": [[one.code, one.label, one.rtl] for one in lists.OWN_NAMES.values()],
        "english": {one.code: one.label for one in LANGUAGES.values()},
        "welcome": [one.words for one in lists.WELCOME.values()],
        "schema": rules.SCHEMA,
        "most": rules.MOST_EVENTS,
        "washing": EXAMINATION,
        "wrong": rules.WRONG_PINS.value,
    }


def _pairs(entries: Any) -> list[list[str]]:
    found: list[Entry] = list(entries.values())
    return [[entry.code, entry.label] for entry in found]


@lru_cache(maxsize=1)
def version() -> str:
    """Changes with any part of the shell."""
    total = hashlib.sha256(json.dumps(words()).encode())
    package = files("wilberforce")
    for path in ("base/static/" + part for part in (*PARTS, "base/desk-worker.js")):
        total.update(package.joinpath(path).read_bytes())
    total.update(package.joinpath("reception/templates/reception/desk.html").read_bytes())
    return total.hexdigest()[:12]


def shown() -> dict[str, Any]:
    parts = {part.split("/")[1].replace(".", "_").replace("-", "_"): _address(part) for part in PARTS}
    return {"words": words(), "version": version(), **parts}


def _address(part: str) -> str:
    return f"{static(part)}?v={version()}"


def parts() -> list[str]:
    return [static("base/mark.svg"), *(_address(part) for part in PARTS)]


def worker() -> str:
    """The worker with the list of what it keeps: a change of any part is a change of the worker."""
    kept = ["/desk/", "/desk/manifest.webmanifest", *parts()]
    later = [static("base/ethiopic.woff2")]
    script = files("wilberforce").joinpath("base/static/base/desk-worker.js").read_text(encoding="utf-8")
    told = {"NAME": "desk", "VERSION": version(), "KEPT": kept, "LATER": later}
    return f"const {','.join(f'{name}={json.dumps(value)}' for name, value in told.items())};\n{script}"
