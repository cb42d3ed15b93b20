"""The ground under the command: virtual environment, packages, assets, database. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from wilberforce.base import postgres

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
VAR = CHECKOUT / "var"
STAMPS = VAR / "stamps"
LOCKS = [CHECKOUT / "requirements" / f"{name}.txt" for name in ("base", "dev", "uv")]
PIP: list[str | Path] = [
    PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
]  # fmt: skip
SETTINGS = CHECKOUT / "src/wilberforce/web/settings.py"
DEMO = "wilberforce_demo"
TEMPLATE_LIFETIME = 3600.0
FULL = "the disk is full. 2 GB must be free; see how much is: df -h"
LEFT_AT_LEAST = 100 * 1024 * 1024
CAUSES = {
    r"No space left|ENOSPC|[Dd]isk quota": FULL,
    r"Read-only file system|EROFS": f"the disk is read-only. Clone to another one: git clone {CHECKOUT} ~/wilberforce",
    r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|unable to get local issuer": (
        "the certificate of the package index is not trusted here. Try: apt install ca-certificates"
    ),
    r"NewConnectionError|ConnectTimeout|name resolution|EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|ENETUNREACH": (
        "the package index can't be reached. Connect to the network and start again; nothing done so far is lost."
    ),
}


class Stopped(Exception):
    """We can't go on; the sentence says what to do."""


def say(sentence: str) -> None:
    print(f"wb: {sentence}", file=sys.stderr, flush=True)


def environment(**more: str) -> dict[str, str]:
    """What every child sees: our sources, our packages first on the path, our settings."""
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    ours = {"PYTHONPATH": str(CHECKOUT / "src"), "PATH": path, "PYTHONUNBUFFERED": "1"}
    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        ours["DJANGO_SETTINGS_MODULE"] = "wilberforce.web.settings"
    return os.environ | ours | more


def call(*command: str | Path, doing: str, mend: str = "") -> None:
    """Run a step quietly; if it fails, show its last words and what to do."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=CHECKOUT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        if cause := known_cause(done.stdout) or _full():
            raise Stopped(f"{doing} failed: {cause}")
        words = "\n".join(done.stdout.strip().splitlines()[-25:])
        raise Stopped(f"{doing} failed.{' ' + mend if mend else ''}\n{words}")


def known_cause(words: str) -> str:
    """One sentence for what a stranger's machine most often lacks, or nothing."""
    return next((sentence for sign, sentence in CAUSES.items() if re.search(sign, words)), "")


def _full() -> str:
    """Not every program says why it failed; Python's own venv keeps it to itself."""
    return FULL if shutil.disk_usage(CHECKOUT).free < LEFT_AT_LEAST else ""


def refused(reason: postgres.PostgresFailed) -> Stopped:
    """PostgreSQL's own words, unless we know what they mean here."""
    cause = known_cause(str(reason))
    return Stopped(f"PostgreSQL did not start: {cause}" if cause else str(reason))


def digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(CHECKOUT)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _is_done(step: str, state: str) -> bool:
    stamp = STAMPS / step
    return stamp.exists() and stamp.read_text() == state


def _mark_done(step: str, state: str) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(state)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One set-up at a time; a second command waits for the first."""
    try:
        VAR.mkdir(exist_ok=True)
        lock = (VAR / "setup.lock").open("a")
    except PermissionError:
        raise Stopped(f"{CHECKOUT} can't be written by this user. Clone it as the user who runs it.") from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def packages() -> None:
    """The virtual environment with exactly the locked packages."""
    state = digest(LOCKS) + sys.version
    if _is_done("packages", state) and PYTHON.exists():
        return
    if not PYTHON.exists() or not (VENV / "bin" / "pip").exists():
        if importlib.util.find_spec("ensurepip") is None:
            raise Stopped("Python's venv is missing. Install it with: apt install python3-venv")
        say("making the virtual environment")
        shutil.rmtree(VENV, ignore_errors=True)
        call(sys.executable, "-m", "venv", VENV, doing="Making .venv", mend="apt install python3-venv may mend it.")
    if not _is_done("uv", state):
        say("fetching the installer")
        call(*PIP, "-r", LOCKS[2], doing="Fetching uv", mend="Is the package index reachable?")
        _mark_done("uv", state)
    say("installing the locked packages")
    locks = [str(path) for path in LOCKS]
    try:
        call(VENV / "bin/uv", "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", *locks, doing="uv")
    except Stopped:  # uv does not read pip's own settings, so an index known only to pip needs pip
        several = [word for lock in locks for word in ("-r", lock)]
        call(*PIP, *several, doing="Installing the packages", mend="Is the package index reachable?")
    _mark_done("packages", state)


def assets() -> None:
    """Style sheets and scripts, by the Node that came as a package."""
    lock = CHECKOUT / "package-lock.json"
    if not lock.exists():
        say("no package-lock.json: the pages are served without their style sheet")
        return
    npm, state = VENV / "bin" / "npm", digest([lock])
    if not (_is_done("node_modules", state) and (CHECKOUT / "node_modules").exists()):
        say("fetching the page kit's parts")
        quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline", "--fetch-retry-maxtimeout=10000"]
        call(npm, "ci", "--ignore-scripts", *quiet, doing="npm ci", mend="Is the npm registry reachable?")
        _mark_done("node_modules", state)
    sources = [path for path in (CHECKOUT / "assets").rglob("*") if path.is_file()]
    state = digest([lock, CHECKOUT / "package.json", *sources])
    if not (_is_done("assets", state) and (CHECKOUT / "src/wilberforce/base/static/base").exists()):
        say("building the style sheets and scripts")
        call(npm, "run", "--silent", "build", doing="Building the assets")
        _mark_done("assets", state)
    catalogues = sorted((CHECKOUT / "src").glob("wilberforce/*/locale/*/LC_MESSAGES/*.po"))
    state = digest(catalogues)
    if not (_is_done("languages", state) and all(path.with_suffix(".mo").exists() for path in catalogues)):
        call(PYTHON, "-m", "tools.tongues", doing="Compiling the languages")
        _mark_done("languages", state)


def _schema() -> str:
    """What decides the shape of a database: migrations, matrix, row policies, roles, packages."""
    source = CHECKOUT / "src" / "wilberforce"
    ours = [p for p in source.glob("*/migrations/**/*") if p.is_file() and p.suffix in (".py", ".sql")]
    ours += [*source.glob("access/**/*.yaml"), source / "base/postgres_roles.py", *LOCKS]
    ours += [*source.glob("**/policy.py"), source / "access/protect.py", source / "access/rls.py"]
    return digest(ours)


def database(server: postgres.Server, name: str, *, migrate: bool = True) -> None:
    """The named database with its roles and every migration applied by the owner."""
    step, state = f"database-{Path(server.host).name}-{name}", _schema()
    if _is_done(step, state) and server.has_database(name):
        return
    server.ensure_roles()
    server.ensure_database(name)
    if migrate and SETTINGS.exists():
        say(f"bringing the database {name} up to date")
        command = [str(PYTHON), "-m", "django", "migrate", "--noinput", "--verbosity=0"]
        settings = environment(**server.environment, WB_DB_NAME=name, WB_DB_ROLE="owner")
        done = subprocess.run(command, cwd=CHECKOUT, env=settings, stdout=sys.stderr, check=False)
        if done.returncode:
            raise Stopped("The migrations failed; the last lines above say where.")
        _mark_done(step, state)


def test_template(server: postgres.Server) -> str:
    """An empty migrated database to clone for tests, one for each state of the migrations."""
    name = f"wb_template_{_schema()[:12]}"
    _clear_away(server, keep=name)
    if not (_is_done(f"database-{Path(server.host).name}-{name}", _schema()) and server.has_database(name)):
        server.drop_database(name)
        database(server, name)
    return name


def demo_database(server: postgres.Server, *, again: bool) -> str:
    """The demonstration's own database. It is kept while the schema is the same and its day was played to the end."""
    step = f"played-{Path(server.host).name}"
    if again or not (_is_done(step, _schema()) and server.has_database(DEMO)):
        template = test_template(server)
        (STAMPS / step).unlink(missing_ok=True)
        server.clone_database(template, DEMO)
    return step


def is_played(step: str) -> bool:
    return _is_done(step, _schema())


def mark_played(step: str) -> None:
    _mark_done(step, _schema())


def _clear_away(server: postgres.Server, keep: str) -> None:
    """Drop the clones of test runs that died and the templates of migrations long gone."""
    for name in server.sql("SELECT datname FROM pg_database WHERE datname ~ '^wb_(test|template)_'").split():
        stamp = STAMPS / f"database-{Path(server.host).name}-{name}"
        recent = stamp.exists() and time.time() - stamp.stat().st_mtime < TEMPLATE_LIFETIME
        alive = name.startswith("wb_test_") and Path(f"/proc/{name.split('_')[2]}").exists()
        if name != keep and not alive and not recent:
            with contextlib.suppress(postgres.PostgresFailed):
                server.drop_database(name)
            stamp.unlink(missing_ok=True)


def find_server(kind: str = "") -> postgres.Server:
    try:
        return postgres.find(kind)
    except postgres.PostgresMissing as reason:
        raise Stopped(str(reason)) from None
