"""The handbook's pictures: one of every page at desktop and at phone size, and which of them show an older page."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import cast

from django.conf import settings
from django.template import TemplateDoesNotExist, engines
from django.template.backends.django import DjangoTemplates

from wilberforce.access.addresses import addresses
from wilberforce.base.words import spoken

from .bench.walk import name_of
from .words import PURPOSES

SIZES = {"desktop": 1280, "phone": 320}
FRAME = "base/"
"""Templates that every page stands in: a change there makes no single picture stale."""


@dataclass(frozen=True, slots=True)
class Shown:
    """``part``: who had the page open. ``look``: a fingerprint of the templates that made it."""

    title: str
    part: str
    templates: tuple[str, ...]
    look: str


def folder() -> Path:
    return Path(settings.CHECKOUT) / "docs" / "handbook" / "pages"


def file_of(name: str, size: str) -> str:
    return f"{name.replace(':', '-')}-{size}.webp"


def shown(title: str, part: str, templates: list[str]) -> Shown:
    own = tuple(sorted({one for one in templates if one and not one.startswith(FRAME)}))
    return Shown(title, part, own, look_of(own))


def look_of(templates: tuple[str, ...]) -> str:
    engine = cast(DjangoTemplates, engines["django"]).engine
    digest = sha256()
    for name in templates:
        try:
            digest.update(str(engine.get_template(name).source).encode())
        except TemplateDoesNotExist:
            digest.update(b"gone")
    return digest.hexdigest()[:16]


def write(found: dict[str, Shown], to: Path) -> None:
    """``found``: each page that was seen now; the others keep what they had. An address that is no page is listed
    as one without a picture, and the pictures of pages that are gone go."""
    known = {name: one for name, one in kept().items() if one} | found
    listed = {name: asdict(known[name]) if name in known else None for name in _names()}
    for name in known.keys() - listed.keys():
        for size in SIZES:
            (to / file_of(name, size)).unlink(missing_ok=True)
    (to / "pages.json").write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept() -> dict[str, Shown | None]:
    path = folder() / "pages.json"
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: one and Shown(**one | {"templates": tuple(one["templates"])}) for name, one in found.items()}


def stale() -> dict[str, str]:
    """For each page whose picture is missing, is of an older page, or of a page that is gone, a sentence."""
    have = kept()
    wrong = {name: f"{name} has no picture" for name in _names() if name not in have}
    for name, one in have.items():
        if name not in _names():
            wrong[name] = f"{name} is no page any more"
        elif one and one.look != look_of(one.templates):
            wrong[name] = f"the picture of {name} is of an older page"
        elif one and not all((folder() / file_of(name, size)).exists() for size in SIZES):
            wrong[name] = f"a picture of {name} is missing"
    return wrong


def page() -> str:
    """docs/handbook/pages.md: every page with its two pictures, by workspace."""
    by_workspace: dict[str, list[tuple[str, Shown]]] = defaultdict(list)
    for name, one in kept().items():
        if one:
            purpose = name.split(":")[0] if ":" in name else ""
            by_workspace[PURPOSES.get(purpose, "For everybody and for yourself")].append((name, one))
    lines = ["# Every page", "", "As it looks on the day of the demonstration, at a desk and on a phone.", ""]
    for workspace, found in sorted(by_workspace.items()):
        lines += [f"## {workspace}", ""]
        for name, one in found:
            lines += [f"### {one.title}", "", f"`{name}`, opened by {_who(one.part)}", ""]
            lines += ["| at a desk | on a phone |", "|---|---|", f"| {_cell(name, one)} |", ""]
    return "\n".join(lines)


def _cell(name: str, one: Shown) -> str:
    return " | ".join(f'<img src="pages/{file_of(name, size)}" alt="{one.title}, {size}">' for size in SIZES)


def _who(part: str) -> str:
    return "anybody" if part == "public" else spoken(part)


def _names() -> list[str]:
    return sorted({name_of(one) for one in addresses()} - {""})
