"""A partner agency's witness. It keeps one checkpoint in one file and speaks C2SP's tlog-witness.

It cosigns a checkpoint that grew out of the one it holds, and nothing else: no rollback, no fork. It learns
sizes and roots, never what is in the ledger.
"""

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from wilberforce.base import clock

from .notes import BadNote, Note, Signer, Verifier, decoded
from .tree import EMPTY, verify_consistency

OLD = re.compile(r"old (0|[1-9]\d{0,17})", re.ASCII)
LARGEST = 64 * 1024
SIZE = "text/x.tlog.size"


class Answer(NamedTuple):
    status: int
    text: str = ""
    kind: str = "text/plain; charset=utf-8"


class Asked(NamedTuple):
    """``old``: the size from which the proof leads to the checkpoint."""

    old: int
    proof: list[bytes]
    note: Note

    @classmethod
    def parsed(cls, text: str) -> "Asked":
        head, gap, note = text.partition("\n\n")
        first, *proof = head.split("\n")
        found = OLD.fullmatch(first)
        if not gap or found is None or len(proof) > 63:
            raise BadNote("this is no request to a witness")
        hashes = [decoded(line) for line in proof]
        if any(len(one) != 32 for one in hashes):
            raise BadNote("a hash has 32 bytes")
        return cls(int(found[1]), hashes, Note.parsed(note))


@dataclass(frozen=True)
class Witness:
    """``held``: the file with the newest checkpoint that this witness cosigned."""

    held: Path
    signer: Signer
    log: Verifier

    def add_checkpoint(self, text: str, at: datetime) -> Answer:
        try:
            asked = Asked.parsed(text)
        except BadNote:
            return Answer(400)
        if asked.note.origin != self.log.name:
            return Answer(404)
        if asked.note.signed_by(self.log) is None:
            return Answer(403)
        with self._alone():
            return self._cosigned(asked, at)

    def _cosigned(self, asked: Asked, at: datetime) -> Answer:
        if asked.old > asked.note.size:
            return Answer(400)
        known = self.newest()
        size, root = (known.size, known.root) if known else (0, EMPTY)
        if asked.old != size or (asked.note.size == size and asked.note.root != root):
            return Answer(409, f"{size}\n", SIZE)
        if not verify_consistency(size, asked.note.size, root, asked.note.root, asked.proof):
            return Answer(422)
        line = self.signer.line(asked.note.body, at)
        self._keep(str(asked.note.under([line])))
        return Answer(200, line)

    def newest(self) -> Note | None:
        return Note.parsed(self.held.read_text()) if self.held.exists() else None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.held.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.held.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _keep(self, text: str) -> None:
        """On the disk before anybody is told, and never half of it."""
        fresh = self.held.with_suffix(".new")
        with fresh.open("w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.held)
        folder = os.open(self.held.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def server(witness: Witness, port: int, host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """Plain HTTP for this machine alone; the partner's own web server in front of it speaks TLS."""

    class Door(BaseHTTPRequestHandler):
        timeout = 20

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                return self._say(Answer(404))
            if not length.isdigit() or int(length) > LARGEST:
                return self._say(Answer(413))
            text = self.rfile.read(int(length)).decode(errors="replace")
            return self._say(witness.add_checkpoint(text, clock.now()))

        def _say(self, answer: Answer) -> None:
            body = answer.text.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """One line for each minute says nothing; refusals are the log's to tell."""

    return ThreadingHTTPServer((host, port), Door)
