"""Compile the catalogues of the public pages' languages: python -m tools.tongues."""

from __future__ import annotations

from pathlib import Path

import polib

CHECKOUT = Path(__file__).resolve().parents[1]


def main() -> None:
    for path in sorted((CHECKOUT / "src").glob("wilberforce/*/locale/*/LC_MESSAGES/*.po")):
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    main()
