"""The database roles, what each may, and their passwords on a real server. Standard library only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets as randomness
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[3]

ROLES = {
    "wb_owner": "LOGIN CREATEDB",
    "wb_app": "LOGIN",
    "wb_search": "NOLOGIN BYPASSRLS",
    "wb_sequencer": "LOGIN",
    "wb_backup": "LOGIN BYPASSRLS",
}
LOGIN = tuple(role for role, power in ROLES.items() if not power.startswith("NOLOGIN"))

TOO_POWERFUL = """
SELECT rolname FROM pg_roles WHERE rolname LIKE 'wb\\_%' AND rolname <> 'wb_super'
AND (rolsuper OR rolcreaterole OR rolreplication OR (rolbypassrls AND rolname NOT IN ('wb_search', 'wb_backup')));
"""

# The owner may give functions to wb_search and replace them later, but a role's BYPASSRLS is never
# inherited by its members, so the owner's own queries stay under row-level security.
MEMBERSHIP = "GRANT wb_search TO wb_owner;\n"

# The default, 4, is for turning disks; with it a page of 25 reads a whole table.
PLANNING = "ALTER ROLE wb_app SET random_page_cost = 1.1;\n"

EXTENSIONS = """
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;
GRANT USAGE ON SCHEMA public TO wb_app, wb_search, wb_sequencer, wb_backup;
GRANT CREATE ON SCHEMA public TO wb_search;
"""
# Never before a backup is read: each of its tables would be born with all of these, whatever was taken from it later.
DEFAULTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wb_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wb_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO wb_backup;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO wb_backup;
"""


def creation() -> str:
    once = "SELECT 'CREATE ROLE {0} {1}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') \\gexec\n"
    made = "".join(once.format(role, power) for role, power in ROLES.items())
    return made + MEMBERSHIP + PLANNING


def database_grants(name: str) -> str:
    """Nobody but our roles connects; nobody makes temporary tables to shadow a definer's names."""
    everyone = ", ".join(LOGIN)
    return f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC; GRANT CONNECT ON DATABASE "{name}" TO {everyone};'


def connection_of(url: str) -> dict[str, str]:
    """libpq's environment for a URL, so that its password never appears in a process list."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": query.pop("host", None) or unquote(parts.hostname or "localhost"),
        "PGPORT": str(parts.port or query.pop("port", "5432")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGSSLMODE": query.pop("sslmode", ""),
        "PGSSLROOTCERT": query.pop("sslrootcert", ""),
    }
    return {name: value for name, value in found.items() if value}


def state_folder() -> Path:
    """WB_STATE; without it a checkout keeps its state in itself and an installed package in the system's place."""
    usual = CHECKOUT / "var" if (CHECKOUT / "wb").is_file() else Path("/var/lib/wilberforce")
    return Path(os.environ.get("WB_STATE") or usual)


def secrets_folder() -> Path:
    return Path(os.environ.get("WB_SECRETS") or state_folder() / "secrets")


def password(folder: Path, role: str) -> str:
    """The role's password on a real server; empty where the operating system vouches for us."""
    path = folder / f"{role}.password"
    return path.read_text() if os.environ.get("WB_PG") == "url" and os.access(path, os.R_OK) else ""


def passwords(folder: Path) -> str:
    """Make the passwords once, one file for each role, and tell the server only their verifiers."""
    return "".join(
        f"ALTER ROLE {role} PASSWORD '{_verifier(keep(folder / f'{role}.password', randomness.token_urlsafe(32)))}';\n"
        for role in LOGIN
    )


def keep(path: Path, fresh: str) -> str:
    """What the file holds; a file that is missing is made with the fresh value, for this user alone."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh)
    return path.read_text()


def _verifier(secret: str, rounds: int = 4096) -> str:
    """A SCRAM-SHA-256 verifier (RFC 5803), so that no server log can hold the password."""
    salt = randomness.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", secret.encode(), salt, rounds)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    text = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${rounds}:{text[0]}${text[1]}:{text[2]}"
