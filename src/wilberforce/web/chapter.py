"""The handbook's chapter of the centre: what staff and the person see on a tablet, in the light and in the dark."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings

from .looks import look_of as look

LIGHTS = ("light", "dark")
THE_DESK = (
    "assets/desk/desk.css", "assets/desk/door.js", "assets/desk/page.js", "assets/desk/reference.js",
    "assets/desk/screen.js",
)  # fmt: skip
THE_PERSON = ("assets/desk/desk.css", "assets/desk/welcome.js", "src/wilberforce/reception/data/welcome.yaml")


@dataclass(frozen=True, slots=True)
class Scene:
    """``address``: the name of the office's page that is shown; empty for what the desk shows by itself."""

    code: str
    title: str
    words: str
    address: str = ""
    sources: tuple[str, ...] = ()


SCENES = (
    Scene(
        "languages",
        "Point to your language",
        "Opened without a PIN. Whoever hands the tablet over locks the list of people away first. A filled button has "
        "words on the tablet; every other language leads to the right interpreter. Each shows its own name and the "
        "English.",
        sources=THE_PERSON,
    ),
    Scene(
        "arabic",
        "Welcome, in Arabic",
        "From right to left, with the English beside each line. No native reader has read it yet.",
        sources=THE_PERSON,
    ),
    Scene(
        "tigrinya",
        "Welcome, in Tigrinya",
        "The letters come with the tablet where it lacks them. No native reader has read it yet.",
        sources=THE_PERSON,
    ),
    Scene(
        "register",
        "Register somebody",
        "Three facts are enough: a reference, adult or child or not sure, a language. It works with the network cut; "
        "the count of what is unsent is always in sight.",
        sources=THE_DESK,
    ),
    Scene(
        "wrong",
        "A slip in a reference",
        "Said beside the field at once. A missing P- is added. Somebody who is here already, or nobody who is here, is "
        "said before it is kept; whoever has looked presses once more.",
        sources=THE_DESK,
    ),
    Scene(
        "unsent",
        "With the network cut",
        "Saved is said once it is on the tablet's disk; how much has not been sent stands above.",
        sources=THE_DESK,
    ),
    Scene(
        "not-saved",
        "Not saved",
        "When the tablet is full it says so, and the form stays as it was typed.",
        sources=THE_DESK,
    ),
    Scene(
        "give",
        "Give and do",
        "What is chosen stays for the next card. Before a shower or clean clothes the tablet asks that an examination "
        "be offered. The latest is undone at once, and the stock follows.",
        sources=THE_DESK,
    ),
    Scene("move", "Move", "Where somebody is now. Whoever is looked for starts the protocol.", sources=THE_DESK),
    Scene("note", "A note for the shift", "No story and no suspicion.", sources=THE_DESK),
    Scene(
        "picture",
        "A picture of belongings",
        "If they agree; never a face, never a paper with a name. It goes in sealed pieces after everything else.",
        sources=THE_DESK,
    ),
    Scene(
        "tablet",
        "The tablet itself",
        "The sealed outbox as a file for the last resort, a second person at the same tablet, a passkey, and closing "
        "down, which asks once more.",
        sources=THE_DESK,
    ),
    Scene(
        "locked",
        "Locked",
        "A PIN or a passkey, and without the network a printed shift card. Escape twice, or Blank now, locks at once; "
        "two minutes without a touch lock by themselves.",
        sources=THE_DESK,
    ),
    Scene(
        "centre",
        "Who is here",
        "The centre's own page in the office: who needs something now, who is here and where.",
        "reception:centre",
    ),
    Scene(
        "person",
        "One person",
        "What is to be done for them, and what two people answered differently.",
        "reception:here",
    ),
    Scene("queue", "Who waits for what", "Health, an interpreter, rest, information, a decision.", "reception:queue"),
    Scene(
        "leave",
        "They leave",
        "Nobody leaves without a card in their language and a day to ask after them.",
        "reception:leave",
    ),
    Scene(
        "tablets",
        "The tablets",
        "What each has not sent yet, when it was last heard, and the button for one that is lost.",
        "reception:tablets",
    ),
    Scene(
        "parked",
        "What waits for a decision",
        "What came from a tablet and could not be taken in by itself: with who wrote it and why it waits.",
        "reception:parked",
    ),
)


def folder() -> Path:
    return Path(settings.CHECKOUT) / "docs" / "handbook" / "centre"


def file_of(scene: Scene, light: str) -> str:
    return f"{scene.code}-{light}.webp"


def look_of(scene: Scene, templates: tuple[str, ...]) -> str:
    """A fingerprint of what made the picture."""
    if scene.address:
        return look(templates)
    digest = sha256()
    for source in scene.sources:
        digest.update((Path(settings.CHECKOUT) / source).read_bytes())
    return digest.hexdigest()[:16]


def write(taken: Mapping[str, tuple[str, ...]]) -> None:
    """``taken``: of each scene that was photographed the templates that made it, none for the desk's own."""
    listed = kept() | {
        scene.code: {"templates": list(taken[scene.code]), "look": look_of(scene, taken[scene.code])}
        for scene in SCENES
        if scene.code in taken
    }
    (folder() / "looks.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def kept() -> dict[str, dict[str, Any]]:
    path = folder() / "looks.json"
    found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def stale() -> dict[str, str]:
    """For each scene whose pictures are missing or show an older page, a sentence."""
    have, wrong = kept(), {}
    for scene in SCENES:
        one = have.get(scene.code)
        if one is None or not all((folder() / file_of(scene, light)).exists() for light in LIGHTS):
            wrong[scene.code] = f"the centre's chapter has no picture of {scene.code}"
        elif one["look"] != look_of(scene, tuple(one["templates"])):
            wrong[scene.code] = f"the centre's chapter shows an older {scene.code}"
    return wrong


def page() -> str:
    """docs/handbook/centre.md"""
    lead = "As it looks on the day of the demonstration, in the light and in the dark."
    lines = ["# The reception centre, on a tablet", "", lead, ""]
    for scene in SCENES:
        lines += [f"## {scene.title}", "", scene.words, "", "| in the light | in the dark |", "|---|---|"]
        cells = [f'<img src="centre/{file_of(scene, light)}" alt="{scene.title}, {light}">' for light in LIGHTS]
        lines += [f"| {' | '.join(cells)} |", ""]
    return "\n".join(lines)
