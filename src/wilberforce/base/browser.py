"""A Chromium for the browser tests: the system's, else the one that came with the page kit's packages.

Standard library only. Nothing is downloaded here and nothing is installed.
"""

from __future__ import annotations

import contextlib
import fcntl
import html
import os
import platform
import select
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGE = CHECKOUT / "node_modules" / "@sparticuz" / "chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
OPEN_A_PAGE = b'{"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}}\0'
PATIENCE = 20.0
UNPACK = """
import { pathToFileURL } from "node:url";
const { inflate } = await import(pathToFileURL(process.argv[1] + "/build/index.js"));
for (const part of ["chromium.br", "fonts.tar.br", "swiftshader.tar.br", "al2023.tar.br"])
  await inflate(process.argv[1] + "/bin/" + part);
"""
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{home}/fonts</dir>
  <cachedir>{home}/fonts-cache</cachedir>
</fontconfig>
"""


class BrowserMissing(Exception):
    """Why no browser test can run here."""


@dataclass(frozen=True)
class Browser:
    path: str
    args: tuple[str, ...] = ARGUMENTS
    env: dict[str, str] = field(default_factory=dict)


def chromium() -> Browser:
    """The first Chromium that answers; otherwise the reason why there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and _answers(browser := Browser(path)):
            return browser
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise BrowserMissing("no Chromium is installed, and the packaged one is for Linux on x86_64 only")
    if not PACKAGE.exists():
        raise BrowserMissing("no Chromium is installed, and node_modules has none: run ./wb setup")
    browser = _packaged()
    if not _answers(browser):
        raise BrowserMissing("the packaged Chromium does not start here: apt install chromium")
    return browser


def _packaged() -> Browser:
    home = CHECKOUT / "var" / "chromium"
    home.parent.mkdir(exist_ok=True)
    with (home.parent / "chromium.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "chromium").exists():
            _unpack(home)
        (home / "fonts.conf").write_text(FONTS.format(home=html.escape(str(home))))
    environment = {"FONTCONFIG_FILE": str(home / "fonts.conf")}
    if _lacks_libraries(home / "chromium"):
        environment["LD_LIBRARY_PATH"] = str(home / "al2023" / "lib")
    return Browser(str(home / "chromium"), (*ARGUMENTS, "--no-zygote"), environment)


def _unpack(home: Path) -> None:
    """Let the package inflate itself, once, into a folder that appears only when it is whole."""
    fresh = home.with_name("chromium.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    bundled = CHECKOUT / ".venv" / "bin" / "node"
    node = str(bundled) if bundled.exists() else shutil.which("node")
    if node is None:
        raise BrowserMissing("unpacking Chromium needs Node: run ./wb setup")
    command = [node, "--input-type=module", "--eval", UNPACK, str(PACKAGE)]
    environment = os.environ | {"TMPDIR": str(fresh)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BrowserMissing(f"unpacking Chromium failed: {done.stderr.strip()[-300:]}")
    fresh.rename(home)


def _lacks_libraries(binary: Path) -> bool:
    ldd = shutil.which("ldd")
    if ldd is None:
        return True
    return "not found" in subprocess.run([ldd, str(binary)], capture_output=True, text=True, check=False).stdout


def _answers(browser: Browser) -> bool:
    """Whether it opens a page; one that can print its version may still lack a library or a sandbox."""
    shell = 'exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = [*browser.args, "--headless", f"--user-data-dir={profile}", "--remote-debugging-pipe"]
        process = subprocess.Popen(
            ["/bin/sh", "-c", shell, browser.path, *options],
            env=os.environ | browser.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        if process.stdin is None or process.stdout is None:
            return False
        try:
            process.stdin.write(OPEN_A_PAGE)
            process.stdin.flush()
            heard, _, _ = select.select([process.stdout], [], [], PATIENCE)
            return bool(heard) and b"targetId" in os.read(process.stdout.fileno(), 4096)
        except BrokenPipeError:
            return False
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
