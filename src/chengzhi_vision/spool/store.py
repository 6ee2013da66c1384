"""Findings and their evidence on disk until the server has them.

A finding is inserted only after its evidence is on disk, in one transaction that survives
kill -9. The rollback journal is used on purpose: writes are rare, and it needs no side file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.types import EvidenceFile, Finding
from chengzhi_vision.whole import write_whole

SCHEMA = """
CREATE TABLE IF NOT EXISTS finding (
    finding_id TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0,
    queued_at REAL NOT NULL, reason TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS dropped (sha256 TEXT PRIMARY KEY, finding_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS finding_due ON finding (state, next_try);
"""
MAX_BYTES = 2 * 1024**3


@dataclass(frozen=True, kw_only=True)
class Queued:
    """One finding that waits for the server."""

    finding_id: str
    body: dict[str, Any]
    attempts: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How the spool stands."""

    pending: int
    clips: int  # told, whose clip is to follow
    delivered: int
    dead: int
    dropped_files: int


class Spool:
    """The local store of one worker; safe to use from several threads."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self.evidence_folder, self.dead_folder = folder / "evidence", folder / "dead"
        for path in (folder, self.evidence_folder, self.dead_folder):
            path.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._db = sqlite3.connect(folder / "spool.db", check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    def put(self, finding: Finding, *, now: float) -> bool:
        """Keep a finding with its evidence; a finding already known changes nothing."""
        with self._lock:  # cameras must not count and drop each other's files half written
            if self.knows(finding.finding_id):
                return False
            for item in finding.evidence:
                self._keep_file(item)
            self._insert(finding, now)
            self._make_room()
        return True

    def due(self, *, now: float, limit: int = 20, state: str = "pending") -> list[Queued]:
        """Return the findings to send now, or with state `clip` those whose clip is to follow."""
        rows = self._read(
            "SELECT finding_id, body, attempts FROM finding "
            "WHERE state = ? AND next_try <= ? ORDER BY queued_at LIMIT ?",
            (state, now, limit),
        )
        return [Queued(finding_id=i, body=json.loads(b), attempts=a) for i, b, a in rows]

    def told(self, finding_id: str) -> None:
        """Note that the server has the finding and its stills; its clip is to follow."""
        with self._write() as db:
            db.execute(
                "UPDATE finding SET state = 'clip', attempts = 0, next_try = 0 "
                "WHERE finding_id = ?",
                (finding_id,),
            )

    def delivered(self, finding_id: str) -> None:
        """Note that the server has the finding and all its evidence."""
        with self._write() as db:
            db.execute("UPDATE finding SET state = 'delivered' WHERE finding_id = ?", (finding_id,))

    def retry(self, finding_id: str, *, at: float, reason: str) -> None:
        """Note a failed attempt and when to try again."""
        with self._write() as db:
            db.execute(
                "UPDATE finding SET attempts = attempts + 1, next_try = ?, reason = ? "
                "WHERE finding_id = ?",
                (at, reason, finding_id),
            )

    def bury(self, finding_id: str, *, reason: str) -> Path:
        """Move a finding the server refuses to the visible dead-letter folder."""
        row = self._read("SELECT body FROM finding WHERE finding_id = ?", (finding_id,))[0]
        letter = {"reason": reason, "finding": json.loads(row[0])}
        path = self.dead_folder / f"{finding_id}.json"
        write_whole(path, json.dumps(letter, ensure_ascii=False, indent=1), is_lasting=True)
        with self._write() as db:
            db.execute(
                "UPDATE finding SET state = 'dead', reason = ? WHERE finding_id = ?",
                (reason, finding_id),
            )
        return path

    def file_of(self, sha256: str) -> Path | None:
        """Return where a piece of evidence lies, or None when it had to be dropped."""
        path = self.evidence_folder / sha256
        return path if path.is_file() else None

    def counts(self) -> Counts:
        """Return how many findings wait, went and were refused."""
        found = dict(self._read("SELECT state, count(*) FROM finding GROUP BY state"))
        dropped = self._read("SELECT count(*) FROM dropped")[0][0]
        return Counts(
            pending=found.get("pending", 0),
            clips=found.get("clip", 0),
            delivered=found.get("delivered", 0),
            dead=found.get("dead", 0),
            dropped_files=dropped,
        )

    def knows(self, finding_id: str) -> bool:
        """Tell whether a finding was ever put here."""
        query = "SELECT 1 FROM finding WHERE finding_id = ?"
        return bool(self._read(query, (finding_id,)))

    def _insert(self, finding: Finding, now: float) -> None:
        body = json.dumps(finding_message(finding), ensure_ascii=False, sort_keys=True)
        with self._write() as db:
            db.execute(
                "INSERT OR IGNORE INTO finding (finding_id, body, state, queued_at) "
                "VALUES (?, ?, 'pending', ?)",
                (finding.finding_id, body, now),
            )

    def _keep_file(self, item: EvidenceFile) -> None:
        path = self.evidence_folder / item.sha256
        if not path.is_file():
            write_whole(path, Path(item.path).read_bytes(), is_lasting=True)

    def _make_room(self) -> None:
        """Stay within the byte budget: first what is delivered, then the oldest clips.

        The finding itself and its stills are never dropped.
        """
        excess = sum(f.stat().st_size for f in self.evidence_folder.iterdir()) - self.max_bytes
        for sha256, finding_id in self._droppable() if excess > 0 else ():
            path = self.evidence_folder / sha256
            if excess <= 0 or not path.is_file():
                continue
            excess -= path.stat().st_size
            path.unlink()
            if finding_id:
                with self._write() as db:
                    db.execute("INSERT OR IGNORE INTO dropped VALUES (?, ?)", (sha256, finding_id))

    def _droppable(self) -> Iterator[tuple[str, str]]:
        rows = self._read("SELECT state, body FROM finding ORDER BY queued_at")
        bodies = [(state, json.loads(body)) for state, body in rows]
        needed = {e["sha256"] for s, b in bodies if s != "delivered" for e in b["evidence"]}
        for state, body in bodies:
            for item in body["evidence"] if state == "delivered" else ():
                if item["sha256"] not in needed:
                    yield item["sha256"], ""
        for state, body in bodies:
            for item in body["evidence"] if state in ("pending", "clip") else ():
                if item["role"] == "clip":
                    yield item["sha256"], body["finding_id"]

    def _read(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db
