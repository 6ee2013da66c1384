"""The tables of the spool, and how a spool of an older program comes to have them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

#: `file` has a row for each file of evidence that a finding still holds on disk: whatever asks for
#: room finds it by an index and never opens a finding.
SCHEMA = """
CREATE TABLE IF NOT EXISTS finding (
    finding_id TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0,
    queued_at REAL NOT NULL, reason TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS file (
    sha256 TEXT NOT NULL, finding_id TEXT NOT NULL, role TEXT NOT NULL,
    is_free INTEGER NOT NULL DEFAULT 0, queued_at REAL NOT NULL,
    PRIMARY KEY (sha256, finding_id));
CREATE TABLE IF NOT EXISTS tally (name TEXT PRIMARY KEY, number INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS finding_due ON finding (state, next_try);
CREATE INDEX IF NOT EXISTS finding_age ON finding (state, queued_at);
CREATE INDEX IF NOT EXISTS file_of ON file (finding_id);
CREATE INDEX IF NOT EXISTS file_free ON file (queued_at) WHERE is_free = 1;
CREATE INDEX IF NOT EXISTS file_clip ON file (queued_at) WHERE is_free = 0 AND role = 'clip';
"""
VERSION = 2
INSERT = "INSERT OR IGNORE INTO file VALUES (?, ?, ?, ?, ?)"
COUNT = (
    "INSERT INTO tally VALUES (?, ?) "
    "ON CONFLICT (name) DO UPDATE SET number = number + excluded.number"
)
DROPPED = "dropped_files"


def prepare(db: sqlite3.Connection, evidence: Path) -> None:
    """Make the tables; what an older program left is read once, and killed meanwhile, once more."""
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA synchronous = FULL")
    db.executescript(SCHEMA)
    if db.execute("PRAGMA user_version").fetchone()[0] >= VERSION:
        return
    with db:
        db.execute("BEGIN")
        _list_files(db, evidence)
        _count_dropped(db)
        db.execute(f"PRAGMA user_version = {VERSION}")


def _list_files(db: sqlite3.Connection, evidence: Path) -> None:
    rows = db.execute("SELECT finding_id, state, queued_at, body FROM finding")
    for finding_id, state, queued_at, body in rows:
        is_free = state == "delivered"
        for item in json.loads(body)["evidence"]:
            if (evidence / item["sha256"]).is_file():
                row = (item["sha256"], finding_id, item["role"], is_free, queued_at)
                db.execute(INSERT, row)


def _count_dropped(db: sqlite3.Connection) -> None:
    """A row for each dropped file becomes a number."""
    known = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'dropped'").fetchone()
    if known:
        number = db.execute("SELECT count(*) FROM dropped").fetchone()[0]
        db.execute(COUNT, (DROPPED, number))
        db.execute("DROP TABLE dropped")
