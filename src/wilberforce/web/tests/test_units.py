"""systemd itself reads the units that we give away."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

UNITS = sorted(path for path in Path(settings.CHECKOUT).glob("deploy/wilberforce-*") if path.suffix != ".example")
VERIFY = shutil.which("systemd-analyze") or ""


def complaints(folder: Path) -> str:
    units = sorted(str(path) for path in folder.iterdir())
    told = subprocess.run([VERIFY, "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    return "".join(line for line in (told.stdout + told.stderr).splitlines(keepends=True) if "wilberforce" in line)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """As installed, but with a program that is here."""
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/wilberforce/bin/wilberforce", "/bin/true"))
    return tmp_path


@pytest.mark.skipif(not VERIFY, reason="systemd is not here")
def test_systemd_finds_nothing_wrong_in_the_units(copies: Path) -> None:
    assert len(UNITS) == 6
    assert complaints(copies) == ""


@pytest.mark.skipif(not VERIFY, reason="systemd is not here")
def test_systemd_would_tell_of_a_setting_that_does_not_exist(copies: Path) -> None:
    with (copies / "wilberforce-web.service").open("a") as unit:
        unit.write("\n[Service]\nNoNewPrivilege=yes\n")
    assert "NoNewPrivilege" in complaints(copies)
