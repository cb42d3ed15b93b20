"""The shell of a page that a device keeps, named by what is in it, so that one version is whole."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Any

from django.templatetags.static import static


@dataclass(frozen=True)
class Shell:
    """``home``: its address. ``words``: the lists that its buttons show. ``template``: in the package.

    ``later``: what is kept once the page stands, without which it opens too."""

    name: str
    title: str
    home: str
    parts: tuple[str, ...]
    template: str
    words: Callable[[], dict[str, Any]]
    later: tuple[str, ...] = ()

    @cached_property
    def version(self) -> str:
        """Changes with any part."""
        total = hashlib.sha256(json.dumps(self.words()).encode())
        package = files("wilberforce")
        for path in (*("base/static/" + part for part in (*self.parts, "base/desk-worker.js")), self.template):
            total.update(package.joinpath(path).read_bytes())
        return total.hexdigest()[:12]

    def address(self, part: str) -> str:
        return f"{static(part)}?v={self.version}"

    def addresses(self) -> list[str]:
        return [static("base/mark.svg"), *map(self.address, self.parts)]

    def shown(self) -> dict[str, Any]:
        parts = {part.split("/")[1].replace(".", "_").replace("-", "_"): self.address(part) for part in self.parts}
        return {"words": self.words(), "version": self.version, **parts}

    def worker(self) -> str:
        """With the list of what it keeps: a change of any part is a change of the worker."""
        kept = [self.home, f"{self.home}manifest.webmanifest", *self.addresses()]
        script = files("wilberforce").joinpath("base/static/base/desk-worker.js").read_text(encoding="utf-8")
        told = {
            "VERSION": self.version,
            "KEPT": kept,
            "LATER": [static(part) for part in self.later],
            "NAME": self.name,
        }
        return f"const {','.join(f'{name}={json.dumps(value)}' for name, value in told.items())};\n{script}"

    def manifest(self) -> dict[str, Any]:
        return {
            "name": f"Wilberforce {self.title.lower()}",
            "short_name": self.title,
            "start_url": self.home,
            "scope": self.home,
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#1d70b8",
            "icons": [{"src": "/static/base/mark.svg", "sizes": "any", "type": "image/svg+xml"}],
        }
