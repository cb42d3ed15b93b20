"""The ledger for an outsider: every entry under the newest checkpoint, and every checkpoint."""

import json
import os
from pathlib import Path
from typing import TextIO

from . import canonical
from .checkpoint import with_cosignatures
from .sequencer import Connection

ENTRIES = f"""
SELECT done.position, {", ".join(f"leaf.{column}" for column in canonical.COLUMNS)}
FROM ledger_position done JOIN ledger_leaf leaf ON leaf.id = done.leaf_id
WHERE done.position < %s ORDER BY done.position
"""


def export(at: Connection, folder: Path) -> int:
    """How many entries were written, into a new folder. Raises LookupError before the first checkpoint."""
    with at.transaction():
        at.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sizes = [row["size"] for row in at.execute("SELECT size FROM ledger_checkpoint ORDER BY size").fetchall()]
        if not sizes:
            raise LookupError("nothing has been signed yet: run ./wb manage sequence")
        folder.mkdir(mode=0o700, parents=True)
        with _opened(folder / "checkpoints.jsonl") as file:
            file.writelines(json.dumps(str(with_cosignatures(at, size))) + "\n" for size in sizes)
        with _opened(folder / "entries.jsonl") as file, at.cursor("entries") as cursor:
            cursor.itersize = 10_000
            cursor.execute(ENTRIES, [sizes[-1]])
            file.writelines(f'{{"leaf":{canonical.text(row)},"position":{row["position"]}}}\n' for row in cursor)
    return int(sizes[-1])


def _opened(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii", newline="\n")
