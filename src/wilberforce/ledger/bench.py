"""What an entry in the ledger costs: reads through a row policy with 32 clients, with a leaf, without, and with
the leaf chained to the row before it, which is what we did not choose.

Run in a clone of the database that is dropped afterwards, as the application's role, by PostgreSQL's own pgbench.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection

from wilberforce.base import postgres, postgres_roles

CLIENTS = 32
SECONDS = 10
AGENCY = "00000000-0000-4000-8000-00000000a9e0"
TOKEN = "00000000-0000-4000-8000-000000000001"  # noqa: S105 - of a context in a database that lives for a minute
KEPT = 20_000

PREPARE = f"""
INSERT INTO access_context VALUES ('{TOKEN}', NULL, '{AGENCY}', '{AGENCY}', 'police', 'data_guardian',
    '{{data_guardian}}', 'oversight', 1, NULL, NULL, false, '{{A50/audit/R}}', now() + interval '1 hour');
INSERT INTO ledger_leaf (id, at, request, op, controller_id, kind, role, purpose, subject_class, action, projection,
    rule, policy, allowed, reason, objects_seen)
SELECT lpad(to_hex(n), 32, '0')::uuid, now(), gen_random_uuid(), 'consultation', '{AGENCY}', 'police',
    'data_guardian', 'oversight', 'audit', 'R', '', 'A50', 'x', true, '', '{{}}' FROM generate_series(1, {KEPT}) n;
ANALYZE;
"""

# As it is done where a chain is chosen: the head's row is locked, the leaf's own text is hashed with what went before,
# and the lock lasts until the commit has reached the disk. Done by a trigger, so without a round trip more.
CHAINED = """
CREATE TABLE bench_head (hash bytea NOT NULL);
INSERT INTO bench_head VALUES ('');
CREATE TABLE bench_chain (leaf uuid PRIMARY KEY, hash bytea NOT NULL);
CREATE FUNCTION bench_chained() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE link bytea;
BEGIN
    SELECT sha256(hash || convert_to(NEW::text, 'UTF8')) INTO link FROM bench_head FOR UPDATE;
    INSERT INTO bench_chain VALUES (NEW.id, link);
    UPDATE bench_head SET hash = link;
    RETURN NULL;
END $$;
CREATE TRIGGER bench_chained AFTER INSERT ON ledger_leaf FOR EACH ROW EXECUTE FUNCTION bench_chained();
"""

# What a page does around its read: it opens a context, which ends with its transaction. The one that sees the entries
# is kept, because nobody signs in here.
# chr(58) is a colon: pgbench would take one before a letter for a variable
READ = f"""\\set n random(1, {KEPT})
BEGIN;
SELECT grants FROM access_open_public('public_info', ARRAY[concat_ws(chr(58), 'release', 'R', 'published')]);
SELECT set_config('wb.token', '{TOKEN}', true);
SELECT id, at, op, actor, role, purpose FROM ledger_leaf WHERE id = lpad(to_hex(:n::int), 32, '0')::uuid;
"""
LEAF = f"""INSERT INTO ledger_leaf (id, at, request, op, actor, controller_id, kind, role, purpose, subject_class,
action, projection, rule, policy, allowed, reason, objects_seen) VALUES (gen_random_uuid(), now(), gen_random_uuid(),
'consultation', gen_random_uuid(), '{AGENCY}', 'police', 'data_guardian', 'oversight', 'audit', 'R', '', 'A50',
'0123456789abcdef', true, '', ARRAY[gen_random_uuid()]);
""".replace("\n", " ")
END = "\nCOMMIT;\n"


class CannotMeasure(RuntimeError):
    """The sentence says what to do."""


def measure() -> dict[str, Any]:
    """``reads_per_s`` and ``p99_ms`` with a leaf for each read; ``plain_per_s`` without; ``chain_per_s`` chained.

    ``entries_alone_per_s`` and ``links_alone_per_s``: the same leaf, without and with its chain, and no read around it.
    ``load``: what waited for the machine's processors when it began.
    """
    server, source, load = postgres.find(), str(connection.settings_dict["NAME"]), os.getloadavg()[0]
    name = f"wb_bench_{os.getpid()}"
    connection.close()
    try:
        server.clone_database(source, name)
    except postgres.PostgresFailed:
        raise CannotMeasure("Somebody uses the database. Stop ./wb run and measure again.") from None
    try:
        server.sql(f"SET row_security = off; {PREPARE}", name)
        _run(server, name, READ + END)  # on tables that were empty when they were analysed: no measure
        plain, _ = _run(server, name, READ + END)
        audited, p99 = _run(server, name, READ + LEAF + END)
        entries, _ = _run(server, name, LEAF)
        server.sql(CHAINED, name)
        chained, _ = _run(server, name, READ + LEAF + END)
        links, _ = _run(server, name, LEAF)
    finally:
        server.drop_database(name)
    return {
        "reads_per_s": round(audited),
        "p99_ms": round(p99, 1),
        "plain_per_s": round(plain),
        "chain_per_s": round(chained),
        "over_chain": round(audited / chained, 1),
        "entries_alone_per_s": round(entries),
        "links_alone_per_s": round(links),
        "entries_over_links": round(entries / links, 1),
        **{"load": round(load, 1), "clients": CLIENTS, "seconds": SECONDS},
    }


def _run(server: postgres.Server, database: str, script: str) -> tuple[float, float]:
    """Transactions a second, and the milliseconds within which 99 of 100 were answered."""
    program = shutil.which(str(server.binaries / "pgbench")) or shutil.which("pgbench")
    if program is None:
        raise CannotMeasure("pgbench is missing. Install it with: apt install postgresql-contrib")
    secret = postgres_roles.password(postgres.CHECKOUT / "var" / "secrets", "wb_app")
    told = os.environ | server.connection | {"PGUSER": "wb_app", "PGDATABASE": database, "PGPASSWORD": secret}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "script").write_text(script)
        words = ["-n", "-l", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), "-f", "script"]
        done = subprocess.run([program, *words], cwd=folder, env=told, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CannotMeasure(f"pgbench failed: {done.stderr.strip()[-300:]}")
        logs = [path.read_text().splitlines() for path in Path(folder).glob("pgbench_log.*")]
    took = sorted(int(line.split()[2]) for lines in logs for line in lines)
    return len(took) / SECONDS, took[int(len(took) * 0.99)] / 1000
