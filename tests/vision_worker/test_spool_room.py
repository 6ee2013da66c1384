"""The spool's room: what goes when it is full, what is forgotten, and what a kill leaves behind."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from chengzhi_vision.spool import store
from chengzhi_vision.spool.store import FORGET_AT_ONCE, KEEP_S, Spool

from .test_spool import NOW, Platform, finding, send

LATER = NOW + KEEP_S + 1000
OLD_SCHEMA = """
CREATE TABLE finding (
    finding_id TEXT PRIMARY KEY, body TEXT NOT NULL, state TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_try REAL NOT NULL DEFAULT 0,
    queued_at REAL NOT NULL, reason TEXT NOT NULL DEFAULT '');
CREATE TABLE dropped (sha256 TEXT PRIMARY KEY, finding_id TEXT NOT NULL);
CREATE INDEX finding_due ON finding (state, next_try);
"""


class Counted:
    """How many rows a spool reads, and how many findings it opens."""

    def __init__(self, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows = self.opened = 0
        read, loads = spool._read, json.loads

        def counting_read(*query):
            rows = read(*query)
            self.rows += len(rows)
            return rows

        def counting_loads(text):
            self.opened += 1
            return loads(text)

        monkeypatch.setattr(spool, "_read", counting_read)
        monkeypatch.setattr(store.json, "loads", counting_loads)


def files_of(number: int, folder: Path, **more) -> tuple[str, str]:
    still, clip = finding(folder, number, **more).evidence
    return still.sha256, clip.sha256


def filled(folder: Path, numbers: range, *, max_bytes: int = 10**6) -> Spool:
    """Return a spool of findings that the server has."""
    spool = Spool(folder / "spool", max_bytes=max_bytes)
    for number in numbers:
        spool.put(finding(folder, number), now=NOW + number)
        spool.delivered(f"f{number}")
    return spool


@pytest.mark.parametrize("known", [5, 60])
def test_what_a_finding_costs_a_full_spool_does_not_grow_with_what_it_has_seen(
    tmp_path, monkeypatch, known
):
    spool = filled(tmp_path, range(1, known + 1))
    spool.max_bytes = spool.size  # from here on every finding is one too many
    counted = Counted(spool, monkeypatch)

    spool.put(finding(tmp_path, 900), now=NOW + 900)

    assert counted.opened == 0
    assert counted.rows <= 8
    assert spool.size <= spool.max_bytes


def test_no_question_of_room_walks_a_table(tmp_path):
    spool = filled(tmp_path, range(1, 4))
    asked = []
    spool._db.set_trace_callback(asked.append)
    spool.make_way(10**9)
    spool.forget(now=LATER)
    spool._db.set_trace_callback(None)

    plans = [
        spool._db.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
        for query in asked
        if query.startswith(("SELECT", "DELETE", "UPDATE"))
    ]

    walked = [row[3] for plan in plans for row in plan if row[3].startswith("SCAN")]
    assert plans
    assert all("USING INDEX file_free" in w or "USING INDEX file_clip" in w for w in walked)


def test_a_finding_long_delivered_is_forgotten_with_its_files(tmp_path):
    spool = filled(tmp_path, range(1, 3))
    spool.put(finding(tmp_path, 3), now=NOW)
    spool.put(finding(tmp_path, 4), now=NOW)
    spool.bury("f4", reason="no")
    spool.put(finding(tmp_path, 5), now=LATER - 10)
    spool.delivered("f5")

    assert spool.forget(now=LATER) == 2

    assert [n for n in range(1, 6) if spool.knows(f"f{n}")] == [3, 4, 5]
    assert {path.name for path in spool.evidence_folder.iterdir()} == {
        name for number in (3, 4, 5) for name in files_of(number, tmp_path)
    }
    assert spool.size == sum(path.stat().st_size for path in spool.evidence_folder.iterdir())


def test_a_file_that_another_finding_holds_stays(tmp_path):
    spool = filled(tmp_path, range(1, 2))
    same = finding(tmp_path, 1)
    spool.put(replace(same, finding_id="other"), now=NOW)

    spool.forget(now=LATER)
    spool.make_way(10**9)

    still, clip = files_of(1, tmp_path)
    assert not spool.knows("f1")
    assert spool.file_of(still) is not None
    assert spool.file_of(clip) is None  # the oldest clip, and counted
    assert spool.counts().dropped_files == 1


def test_delivery_forgets_a_few_at_a_time(tmp_path):
    spool = filled(tmp_path, range(1, FORGET_AT_ONCE + 4))

    left = []
    for _round in range(2):
        send(spool, Platform(), now=LATER)
        left.append(spool.counts().delivered)

    assert left == [3, 0]


def test_a_kill_while_forgetting_loses_nothing_and_ends_the_next_time(tmp_path):
    spool = filled(tmp_path, range(1, 2))
    spool.put(finding(tmp_path, 2), now=NOW)
    for name in files_of(1, tmp_path):
        (spool.evidence_folder / name).unlink()  # killed here: the row is still there
    spool.close()

    again = Spool(tmp_path / "spool")

    assert again.forget(now=LATER) == 1
    assert again.size == sum(path.stat().st_size for path in again.evidence_folder.iterdir())
    assert again.counts().pending == 1


def test_what_a_kill_left_without_a_finding_is_cleared_away_at_the_start(tmp_path):
    spool = filled(tmp_path, range(1, 2))
    (spool.evidence_folder / "ab12").write_bytes(b"of a finding that never came")
    (spool.evidence_folder / ".cd34.7.part").write_bytes(b"half")
    spool.close()

    again = Spool(tmp_path / "spool")

    assert {p.name for p in again.evidence_folder.iterdir()} == set(files_of(1, tmp_path))


def test_a_spool_of_an_older_program_goes_on(tmp_path):
    old = filled(tmp_path, range(1, 3))
    old.put(finding(tmp_path, 3), now=NOW)
    rows = old._db.execute("SELECT * FROM finding").fetchall()
    old.close()
    (tmp_path / "spool" / "spool.db").unlink()
    with sqlite3.connect(tmp_path / "spool" / "spool.db") as db:
        db.executescript(OLD_SCHEMA)
        db.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        db.execute("INSERT INTO dropped VALUES ('aa', 'f0')")
    db.close()

    spool = Spool(tmp_path / "spool")
    spool.make_way(1)

    assert spool.counts().dropped_files == 1
    assert [spool.file_of(files_of(n, tmp_path)[0]) is not None for n in (1, 2, 3)].count(True) >= 2
    platform = Platform()
    assert send(spool, platform).delivered == 1
    assert sorted(platform.evidence) == sorted(files_of(3, tmp_path))
    assert Spool(tmp_path / "spool").counts().dropped_files == 1  # read once only


def test_a_finding_that_could_not_be_kept_leaves_no_file(tmp_path):
    spool = filled(tmp_path, range(1, 2))
    pages = spool._db.execute("PRAGMA page_count").fetchone()[0]
    spool._db.execute(f"PRAGMA max_page_count = {pages}")  # "database or disk is full"
    before = {path.name for path in spool.evidence_folder.iterdir()}

    with pytest.raises(sqlite3.OperationalError):
        for number in range(2, 200):
            spool.put(finding(tmp_path, number), now=NOW)

    kept = {name for (name,) in spool._read("SELECT sha256 FROM file")}
    assert before <= kept
    assert {path.name for path in spool.evidence_folder.iterdir()} == kept
