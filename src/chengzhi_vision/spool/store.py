"""Findings and their evidence on disk until the server has them.

A finding is inserted only after its evidence is on disk, in one transaction that survives
kill -9. The rollback journal is used on purpose: writes are rare, and it needs no side file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from chengzhi_vision.disk import Disk
from chengzhi_vision.spool.message import finding_message
from chengzhi_vision.spool.schema import COUNT, DROPPED, INSERT, prepare
from chengzhi_vision.types import EvidenceFile, Finding
from chengzhi_vision.whole import write_whole

MAX_BYTES = 2 * 1024**3
#: How long a finding that the server has is remembered. Three may ask for it: the chain of manifests,
#: within the civil day; a camera that was killed between the spool and its own memory and says the same
#: again, when it is back; and whoever looks into the spool. The server knows its findings for ever.
KEEP_S = 7 * 86_400.0
FORGET_AT_ONCE = 20


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

    def __init__(
        self, folder: Path, *, max_bytes: int = MAX_BYTES, disk: Disk | None = None
    ) -> None:
        self.folder, self.max_bytes = folder, max_bytes
        self.disk = disk or Disk(folder)
        self.evidence_folder, self.dead_folder = folder / "evidence", folder / "dead"
        for path in (folder, self.evidence_folder, self.dead_folder):
            path.mkdir(parents=True, exist_ok=True)
        self._lock = RLock()
        self._db = sqlite3.connect(folder / "spool.db", check_same_thread=False, timeout=30)
        prepare(self._db, self.evidence_folder)
        self._bytes = self._tidied()

    def close(self) -> None:
        self._db.close()

    def put(self, finding: Finding, *, now: float) -> bool:
        """Keep a finding with its evidence; a finding already known changes nothing."""
        with self._lock:  # cameras must not count and drop each other's files half written
            if self.knows(finding.finding_id):
                return False
            self._keep(finding, now)
            self._let_go(self._bytes - self.max_bytes)
        return True

    @property
    def size(self) -> int:
        """Return how many bytes of evidence lie here."""
        return self._bytes

    def make_way(self, wanted: int) -> int:
        """Let go of so many bytes of what may go, because the disk is full; return how many went."""
        with self._lock:
            return self._let_go(wanted)

    def forget(self, *, now: float) -> int:
        """Forget the oldest findings that the server has had for long, with their files.

        A few at a time: the cameras wait for the lock. Return how many were forgotten.
        """
        with self._lock:
            rows = self._read(
                "SELECT finding_id FROM finding WHERE state = 'delivered' AND queued_at < ? "
                "ORDER BY queued_at LIMIT ?",
                (now - KEEP_S, FORGET_AT_ONCE),
            )
            if rows:
                self._forget(rows)
            return len(rows)

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
            db.execute("UPDATE file SET is_free = 1 WHERE finding_id = ?", (finding_id,))

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
        dropped = dict(self._read("SELECT name, number FROM tally")).get(DROPPED, 0)
        return Counts(
            pending=found.get("pending", 0),
            clips=found.get("clip", 0),
            delivered=found.get("delivered", 0),
            dead=found.get("dead", 0),
            dropped_files=dropped,
        )

    def knows(self, finding_id: str) -> bool:
        """Tell whether a finding was put here and is not forgotten (KEEP_S)."""
        query = "SELECT 1 FROM finding WHERE finding_id = ?"
        return bool(self._read(query, (finding_id,)))

    def _keep(self, finding: Finding, now: float) -> None:
        """Keep the files, then the finding that names them; where that fails, neither."""
        new: list[Path] = []
        try:
            for item in finding.evidence:
                self._keep_file(item, new)
            self._insert(finding, now)
        except Exception:
            self._remove(path.name for path in new)
            raise

    def _insert(self, finding: Finding, now: float) -> None:
        body = json.dumps(finding_message(finding), ensure_ascii=False, sort_keys=True)
        key = finding.finding_id
        with self._write() as db:
            db.execute(
                "INSERT OR IGNORE INTO finding (finding_id, body, state, queued_at) "
                "VALUES (?, ?, 'pending', ?)",
                (key, body, now),
            )
            db.executemany(INSERT, [(e.sha256, key, e.role, 0, now) for e in finding.evidence])

    def _keep_file(self, item: EvidenceFile, new: list[Path]) -> None:
        path = self.evidence_folder / item.sha256
        if not path.is_file():
            data = Path(item.path).read_bytes()
            write_whole(path, data, is_lasting=True)
            self._bytes += len(data)
            new.append(path)

    def _let_go(self, wanted: int) -> int:
        """Let go of so many bytes: first of what is delivered, then of the oldest clips.

        The finding itself and its stills are never dropped. Each step asks for one row, and takes it away.
        """
        gone = 0
        with self._write() as db:
            while gone < wanted and (row := self._first_to_go()):
                sha256, finding_id, is_free = row
                if is_free and self._is_needed(sha256):
                    db.execute("DELETE FROM file WHERE (sha256, finding_id) = (?, ?)", row[:2])
                    continue
                gone += self._remove([sha256])
                db.execute("DELETE FROM file WHERE sha256 = ?", (sha256,))
                if not is_free:
                    db.execute(COUNT, (DROPPED, 1))
        return gone

    def _first_to_go(self) -> tuple[str, str, int] | None:
        chosen = "SELECT sha256, finding_id, is_free FROM file WHERE "
        rows = self._read(f"{chosen} is_free = 1 ORDER BY queued_at LIMIT 1")
        rows = rows or self._read(
            f"{chosen} is_free = 0 AND role = 'clip' ORDER BY queued_at LIMIT 1"
        )
        return rows[0] if rows else None

    def _is_needed(self, sha256: str) -> bool:
        """Tell whether a finding that still waits holds the same file."""
        query = "SELECT 1 FROM file WHERE sha256 = ? AND is_free = 0 LIMIT 1"
        return bool(self._read(query, (sha256,)))

    def _forget(self, rows: list[tuple[str]]) -> None:
        """Files go first: killed in between, the findings are still here and go the next time."""
        for row in rows:
            held = self._read("SELECT sha256 FROM file WHERE finding_id = ?", row)
            self._remove(sha256 for (sha256,) in held if not self._is_shared(sha256, *row))
            with self._write() as db:
                db.execute("DELETE FROM file WHERE finding_id = ?", row)
                db.execute("DELETE FROM finding WHERE finding_id = ?", row)

    def _is_shared(self, sha256: str, finding_id: str) -> bool:
        query = "SELECT 1 FROM file WHERE sha256 = ? AND finding_id <> ? LIMIT 1"
        return bool(self._read(query, (sha256, finding_id)))

    def _remove(self, names: Iterable[str]) -> int:
        """Delete files of evidence and return how many bytes they held."""
        gone = 0
        for name in names:
            path = self.evidence_folder / name
            with suppress(FileNotFoundError):
                size = path.stat().st_size
                path.unlink()
                gone += size
        self._bytes -= gone
        return gone

    def _tidied(self) -> int:
        """Delete what a killed program left without a finding, and return how many bytes remain."""
        known = {sha256 for (sha256,) in self._read("SELECT DISTINCT sha256 FROM file")}
        size = 0
        with os.scandir(self.evidence_folder) as entries:
            for entry in entries:
                if entry.name in known:
                    size += entry.stat().st_size
                else:
                    Path(entry.path).unlink(missing_ok=True)
        return size

    def _read(self, query: str, values: tuple[Any, ...] = ()) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self._db:
            yield self._db
