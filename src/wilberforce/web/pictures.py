"""The handbook's pictures: one of every page at desktop and at phone size, and which of them show an older page."""

import fcntl
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from wilberforce.access.addresses import addresses
from wilberforce.base.words import spoken

from .bench.walk import Opened, Walk, name_of
from .looks import look_of
from .words import PURPOSES

SIZES = {"desktop": 1280, "phone": 320}
FRAME = ("base/", "django/")
"""Templates that every page stands in: a change there makes no single picture stale."""
PAGE = "text/html"
NOBODY = "is opened by nobody on the day"


@dataclass(frozen=True, slots=True)
class Shown:
    """``part``: who had the page open. ``look``: a fingerprint of what made it."""

    title: str
    part: str
    templates: tuple[str, ...]
    look: str


Kept = dict[str, Shown | str]
"""Of each address its picture, or what it is instead of a page."""


def folder() -> Path:
    return Path(settings.CHECKOUT) / "docs" / "handbook" / "pages"


def file_of(name: str, size: str) -> str:
    return f"{name.replace(':', '-')}-{size}.webp"


def shown(title: str, found: Opened) -> Shown:
    own = own_templates(found)
    return Shown(" ".join(title.split()), found.part, own, look_of(own, _views()[found.name]))


def own_templates(found: Opened) -> tuple[str, ...]:
    """The page's own first, then what stands in it."""
    return tuple(dict.fromkeys(one for one in found.templates if one and not one.startswith(FRAME)))


def keep(found: Mapping[str, Shown | str]) -> None:
    """At once, beside what is kept of the others: several may take pictures, and what was taken stays when one stops.
    The pictures of pages that are gone go."""
    with _alone():
        known = {**kept(), **found}
        names = _views()
        for name, one in known.items():
            if name not in names or isinstance(one, str):
                _without_pictures(name)
        listed = {name: _plain(one) for name, one in sorted(known.items()) if name in names}
        fresh = folder() / f"pages.{os.getpid()}"
        fresh.write_text(json.dumps(listed, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        fresh.replace(_list())


def _plain(one: Shown | str) -> object:
    return one if isinstance(one, str) else asdict(one)


def _without_pictures(name: str) -> None:
    for size in SIZES:
        (folder() / file_of(name, size)).unlink(missing_ok=True)


@contextmanager
def _alone() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True)
    door = os.open(folder(), os.O_RDONLY)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def _list() -> Path:
    return folder() / "pages.json"


def kept() -> Kept:
    found = json.loads(_list().read_text(encoding="utf-8")) if _list().exists() else {}
    return {
        name: one if isinstance(one, str) else Shown(**one | {"templates": tuple(one["templates"])})
        for name, one in found.items()
        if one
    }


def stale() -> dict[str, str]:
    """For each page whose picture is missing, is of an older page, or of a page that is gone, a sentence."""
    have, views = kept(), _views()
    wrong = {name: f"{name} has no picture" for name in views if name not in have}
    for name, one in have.items():
        if name not in views:
            wrong[name] = f"{name} is no page any more"
        elif isinstance(one, Shown) and one.look != look_of(one.templates, views[name]):
            wrong[name] = f"the picture of {name} is of an older page"
        elif isinstance(one, Shown) and not all((folder() / file_of(name, size)).exists() for size in SIZES):
            wrong[name] = f"a picture of {name} is missing"
    return wrong


def no_pages(walked: Walk) -> dict[str, str]:
    """What each address is that shows nobody a page."""
    found = dict.fromkeys(_views(), NOBODY)
    found |= {":".join(filter(None, key)): said for key, said in walked.answers_only.items()}
    opened = {one.name: one.kind for one in walked.worst()}
    return {name: said for name, said in (found | opened).items() if said != PAGE}


def unlike(walked: Walk) -> list[str]:
    """A sentence for each address that is something else today than the handbook shows: a page without a picture, a
    picture without its page, a page that takes another template."""
    have, others, wrong = kept(), no_pages(walked), []
    today = _templates_of(walked)
    for name in sorted(_views()):
        one, other = have.get(name), others.get(name)
        if other and one != other:
            wrong.append(f"{name}: {other}; the handbook says otherwise")
        elif not other and not isinstance(one, Shown):
            wrong.append(f"{name} is a page and has no picture: take it with --pictures={name}")
        elif isinstance(one, Shown) and today[name].isdisjoint(one.templates):
            wrong.append(f"{name} takes another template than in its picture")
    return wrong


def _templates_of(walked: Walk) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for openings in walked.opened.values():
        for one in openings:
            found[one.name].update(own_templates(one)[:1])
    return found


def page() -> str:
    """docs/handbook/pages.md: every page with its two pictures, by workspace; at the end what is no page."""
    by_workspace: dict[str, list[tuple[str, Shown]]] = defaultdict(list)
    others: dict[str, list[str]] = defaultdict(list)
    for name, one in kept().items():
        if isinstance(one, str):
            others[one].append(f"`{name}`")
            continue
        purpose = name.split(":")[0] if ":" in name else ""
        by_workspace[PURPOSES.get(purpose, "For everybody and for yourself")].append((name, one))
    lines = ["# Every page", "", "As it looks on the day of the demonstration, at a desk and on a phone.", ""]
    for workspace, found in sorted(by_workspace.items()):
        lines += [f"## {workspace}", ""]
        for name, one in found:
            lines += [f"### {one.title}", "", f"`{name}`, opened by {_who(one.part)}", ""]
            lines += ["| at a desk | on a phone |", "|---|---|", f"| {_cell(name, one)} |", ""]
    lines += ["## Addresses that are no page", ""]
    lines += [f"- {said}: {', '.join(names)}" for said, names in sorted(others.items())]
    return "\n".join(lines) + "\n"


def _cell(name: str, one: Shown) -> str:
    return " | ".join(f'<img src="pages/{file_of(name, size)}" alt="{one.title}, {size}">' for size in SIZES)


def _who(part: str) -> str:
    return "anybody" if part == "public" else spoken(part)


def _views() -> dict[str, Callable[..., object]]:
    return {name: one.view for one in addresses() if (name := name_of(one))}
