"""From an empty server that asks for passwords to a founded agency, as an operator would do it."""

import http.client
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from pyrage import x25519

from wilberforce.base import postgres

pytestmark = pytest.mark.long
DEPLOY = Path(__file__).resolve().parents[1] / "deploy"


class PasswordServer(postgres.LocalServer):
    """A cluster of its own that also listens on this machine's network and asks everybody for a password."""

    def _configure(self) -> None:
        super()._configure()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.tcp = str(free.getsockname()[1])
        own = postgres.SETTINGS.format(sockets=self.sockets).replace("port = 5432", f"port = {self.tcp}")
        self._write("postgresql.conf", own.replace("listen_addresses = ''", "listen_addresses = '127.0.0.1'"))
        self._write("pg_hba.conf", "local all wb_super peer map=wb\nhost all all 127.0.0.1/32 scram-sha-256\n")
        self.connection["PGPORT"] = self.tcp


@pytest.fixture
def server(monkeypatch):
    found = postgres.find()
    if not isinstance(found, postgres.LocalServer):
        pytest.skip("the server of DATABASE_URL is not ours to copy")
    home = Path(tempfile.mkdtemp(prefix="wb-real-"))
    home.chmod(0o755)
    monkeypatch.setattr(postgres, "state_directory", lambda: home)
    made = PasswordServer(found.kind, found.major, found.binaries)
    made.start()
    made.sql("ALTER ROLE wb_super PASSWORD 'only-for-this-test'")
    yield made
    made.stop()
    shutil.rmtree(home)


def test_an_operator_goes_from_an_empty_server_to_a_founded_agency(server, tmp_path):
    secrets = tmp_path / "secrets"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WB_")}
    live = kept | {
        "WB_LIVE": "1", "WB_STATE": str(tmp_path), "WB_HOSTS": "cases.example.org", "WB_DB_NAME": "wilberforce",
        "WB_SITE": "https://cases.example.org", "WB_PG": "url", "WB_PG_HOST": "127.0.0.1", "WB_PG_PORT": server.tcp,
        "WB_SMTP_HOST": "mail.example.org",
    }  # fmt: skip

    def run(*words, ends=0, **more):
        command = [sys.executable, "-m", "django", *words]
        done = subprocess.run(command, env=live | more, capture_output=True, text=True, check=False)
        assert done.returncode == ends, done.stdout + done.stderr
        return done.stdout

    _provisions_twice(run, server, secrets)
    assert "is not that of this version" in run("doctor", ends=1)
    run("migrate", "--noinput", "--verbosity=0", WB_DB_ROLE="owner")
    guardians = ("one@example.org", "two@example.org")
    letters = {"WB_MAIL": "django.core.mail.backends.filebased.EmailBackend"}
    assert "Founded." in run("found", "police", "derbyshire-police", "Derbyshire Police", *guardians, **letters)
    run("procrastinate", "worker", "--one-shot", **letters)
    letter = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert pwd.getpwuid(os.geteuid()).pw_name not in letter
    assert all(f"To: {address}" in letter for address in guardians)
    assert "https://cases.example.org/" in letter

    left = [line for line in run("doctor", ends=1).splitlines() if line.startswith("mend")]
    assert [line.split()[1:3] for line in left] == [
        ["No", "worker"], ["No", "backup"], ["Derbyshire", "Police"], ["The", "keys"],
    ]  # fmt: skip
    assert "row policies don't bind" in run("doctor", ends=1, WB_DB_ROLE="owner")

    _every_unit_starts(run, live, secrets, tmp_path)


def _provisions_twice(run, server, secrets):
    url = f"postgresql://wb_super:only-for-this-test@127.0.0.1:{server.tcp}/postgres"
    assert "made, empty" in run("provision", WB_PROVISION_URL=url)
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    assert "was there and was left as it is" in run("provision", WB_PROVISION_URL=url)
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before


def _every_unit_starts(run, live, secrets, place):
    run("sequence", "--make-key", "cases.example.org")
    recipients = place / "recipients"
    recipients.write_text("".join(f"{x25519.Identity.generate().to_public()}\n" for _ in range(2)))
    for unit in sorted(DEPLOY.glob("*.service"), key=lambda unit: "backup" in unit.name):
        _starts(unit, live, secrets, place)
    assert "No backup was ever made" not in run("doctor", ends=1)


def _starts(unit, live, secrets, place):
    """What the unit starts runs with the secrets that the unit names, and with no other."""
    told = unit.read_text()
    handed = place / f"credentials of {unit.stem}"
    handed.mkdir(mode=0o700)
    for name in re.findall(r"^LoadCredential=(\S+?):", told, re.MULTILINE):
        shutil.copy(secrets / name, handed / name)
    (place / "backups").mkdir(exist_ok=True)
    (started,) = re.findall(r"^ExecStart=(.*)$", told, re.MULTILINE)
    ours = started.replace("/opt/wilberforce/bin/wilberforce", f"{sys.executable} -m django").replace("%%", "%")
    ours = ours.replace("/var/backups/wilberforce", str(place / "backups"))
    ours = ours.replace("/etc/wilberforce/recipients", str(place / "recipients"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = re.sub(r"--port \d+", f"--port {port}", ours)
    process = subprocess.Popen(shlex.split(words), env=live | {"WB_SECRETS": str(handed)}, stderr=subprocess.PIPE)
    try:
        if "oneshot" in told:
            assert process.wait(timeout=120) == 0
        elif "--port" in words:
            _answers(port, process, "/live/" if "serve" in words else "/stream/", 200 if "serve" in words else 404)
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=15)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _answers(port, process, address, status):
    for _ in range(120):
        assert process.poll() is None, process.stderr.read()
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            asked.request("GET", address, headers={"Host": "cases.example.org"})
            assert asked.getresponse().status == status
            return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("It did not answer.")
