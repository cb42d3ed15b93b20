"""What pip installs serves the pages with their style sheet, on a machine without Node or a checkout."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.long
CHECKOUT = Path(__file__).resolve().parents[1]
UV = Path(sys.executable).parent / "uv"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A virtual environment with the locked packages and the built wheel, and nothing of this checkout."""
    place = tmp_path_factory.mktemp("wheel")
    source, home = place / "source", place / "venv"
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements"):
        copy = shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy
        copy(CHECKOUT / name, _made(source) / name)
    shutil.copytree(CHECKOUT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    _run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", place, source)
    _run(sys.executable, "-m", "venv", "--without-pip", home)
    python, lock = home / "bin/python", CHECKOUT / "requirements/base.txt"
    try:
        _run(UV, "pip", "install", "--quiet", "--python", python, "--require-hashes", "-r", lock)
    except AssertionError:  # uv does not read pip's own settings
        _run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--require-hashes", "-r", lock)
    (wheel,) = place.glob("wilberforce-*.whl")
    _run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", wheel)
    return home


def _made(folder):
    folder.mkdir(exist_ok=True)
    return folder


def _run(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _surroundings(installed, tmp_path):
    """Only what an operator gives: no path of ours, no Node."""
    return {"PATH": f"{installed}/bin", "WB_STATE": str(tmp_path), "WB_PG": "url", "WB_PG_HOST": "/nowhere"}


def test_the_installed_wheel_serves_without_node_or_checkout(installed, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(installed / "bin/wilberforce"), "serve", "--port", str(port), "--workers", "1"]
    pages = subprocess.Popen(command, cwd=tmp_path, env=_surroundings(installed, tmp_path), stderr=subprocess.PIPE)
    try:
        assert _asked(port, "/live/") == b"live\n"
        assert b"govuk" in _asked(port, "/static/base/app.css")
        assert b"/static/base/app.css" in _asked(port, "/")
    finally:
        pages.terminate()
        pages.wait(timeout=20)
    assert shutil.which("node", path=str(installed / "bin")) is None


def _asked(port, address):
    for _ in range(60):
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=5).read()
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.5)
    raise AssertionError("The pages did not come up.")


def test_the_installed_command_refuses_live_use_without_its_settings(installed, tmp_path):
    live = _surroundings(installed, tmp_path) | {"WB_LIVE": "1"}
    command = [str(installed / "bin/wilberforce"), "serve"]
    done = subprocess.run(command, cwd=tmp_path, env=live, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Wilberforce does not start:" in done.stderr
    assert str(os.environ.get("WB_PG_HOST", "nobody")) not in done.stderr
