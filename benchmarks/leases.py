"""Leases under fire: 200 cameras over 4 workers, one of them killed every 10 seconds.

Protocol: the platform on PostgreSQL behind its real web server; every worker is a process of its own with
the real lease client, its own token and spool, and a trivial camera task: it writes down that it watches,
and sends a finding now and then. Every ten seconds one worker is killed (SIGKILL) in turn; five seconds
later a new process takes its place, now with a new name and an empty disk, now with the same name and
disk. Between two kills one process is stopped (SIGSTOP) for longer than its leases live and goes on
afterwards: a zombie that still believes. Measured: the longest time that any camera was watched by nobody
(first half minute apart, while all are taken), and every finding that was accepted although a later epoch
had been given out before it was sent.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.outcome import tell
from benchmarks.site import asked, served
from tools.postgres import server

BAR = "no camera unwatched for more than 30 s, no finding from a stale epoch accepted"
KILL_EVERY_S, BACK_AFTER_S, SETTLE_S = 10.0, 5.0, 30.0
STOPPED_S = 35.0
PORT, SITE = 8766, "benchmarks.lease_site"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the programs are ended too


@dataclass
class Fleet:
    """The worker processes, and the folders in which they write what they did."""

    folder: Path
    token: str
    size: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    started: int = 0

    def start(self, name: str, spool: str) -> None:
        """Start a worker; a spool that was used before is a disk that survived."""
        self.started += 1
        environment = {
            **os.environ,
            "CHENGZHI_VISION_TOKEN": self.token,
            "BENCH_SERVER": f"http://127.0.0.1:{PORT}",
            "BENCH_NAME": name,
            "BENCH_SPOOL": str(self.folder / spool),
            "BENCH_LOG": str(self.folder / f"{self.started:03d}.log"),
        }
        command = [sys.executable, "-m", "benchmarks.lease_worker"]
        self.processes[name] = subprocess.Popen(command, env=environment)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes.pop(name).wait()

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


def main() -> int:
    """Run the protocol once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cameras", type=int, default=200)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with server() as address, tempfile.TemporaryDirectory(prefix="chengzhi-leases-") as folder:
        environment = {**os.environ, "CHENGZHI_DEMO": "1", "CHENGZHI_DATABASE": address}
        token = asked(environment, SITE, "new", str(options.cameras))["token"]
        fleet = Fleet(folder=Path(folder), token=token, size=options.workers)
        with served(environment, port=PORT), _running(fleet, options):
            begin, end = _fire(fleet, options)
        accepted = asked(environment, SITE, "accepted", "0")["findings"]
        return _tell(_entries(fleet.folder), accepted, begin, end, options)


@contextmanager
def _running(fleet: Fleet, options: argparse.Namespace) -> Iterator[None]:
    for number in range(options.workers):
        fleet.start(f"w{number}", f"disk-w{number}")
    try:
        yield
    finally:
        fleet.stop()


def _fire(fleet: Fleet, options: argparse.Namespace) -> tuple[float, float]:
    """Kill one worker every ten seconds for so long; return when it began and ended."""
    chance = random.Random(options.seed)
    time.sleep(SETTLE_S)
    begin = time.time()
    back: list[tuple[float, str, str]] = []
    paused: tuple[float, str] | None = None
    kills = 0
    while time.time() < begin + 60 * options.minutes:
        now = time.time()
        for due in [one for one in back if one[0] <= now]:
            back.remove(due)
            fleet.start(due[1], due[2])
        if now >= begin + kills * KILL_EVERY_S:
            names = [name for name in fleet.processes if paused is None or name != paused[1]]
            name = chance.choice(sorted(names))
            fleet.kill(name)
            kills += 1
            same = kills % 2 == 0
            back.append(
                (now + BACK_AFTER_S, name, f"disk-{name}") if same
                else (now + BACK_AFTER_S, f"n{kills}", f"disk-n{kills}")
            )  # fmt: skip
        paused = _pause(fleet, paused, begin, now)
        time.sleep(0.1)
    return begin, time.time()


def _pause(
    fleet: Fleet, paused: tuple[float, str] | None, begin: float, now: float
) -> tuple[float, str] | None:
    """Once a minute let one worker sleep past the life of its leases, then wake it."""
    if paused is not None:
        since, name = paused
        if now - since < STOPPED_S:
            return paused
        if name in fleet.processes:
            fleet.processes[name].send_signal(signal.SIGCONT)
        return None
    if int(now - begin) % 60 == 17 and len(fleet.processes) == fleet.size:
        name = sorted(fleet.processes)[0]
        fleet.processes[name].send_signal(signal.SIGSTOP)
        return now, name
    return None


def _entries(folder: Path) -> list[dict[str, object]]:
    rows = []
    for path in sorted(folder.glob("*.log")):
        for line in path.read_text("utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except ValueError:
                continue  # the line that the kill cut short
    return rows


def _tell(
    entries: list[dict[str, object]],
    accepted: list[list[object]],
    begin: float,
    end: float,
    options: argparse.Namespace,
) -> int:
    watched: dict[str, list[float]] = defaultdict(list)
    taken: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: float(str(entry["at"]))):
        at = float(str(entry["at"]))
        for code, epoch in dict(entry["held"]).items():  # type: ignore[call-overload]
            if not taken[code] or int(epoch) >= taken[code][-1][1]:  # a zombie does not count
                watched[code].append(at)
                taken[code].append((at, int(epoch)))
    gaps = {code: _longest_gap(times, begin, end) for code, times in watched.items()}
    stale = sum(_is_stale(row, taken) for row in accepted)
    sent = sum(int(str(entry.get("sent", 0))) for entry in entries)
    refused = sum(int(str(entry.get("refused", 0))) for entry in entries)
    worst = max(gaps.values(), default=999.0)
    ordered = sorted(gaps.values())
    figures: dict[str, float | int | str] = {
        "cameras": options.cameras,
        "watched_ever": len(gaps),
        "workers": options.workers,
        "minutes": options.minutes,
        "kills": int((end - begin) / KILL_EVERY_S),
        "longest_unwatched_s": round(worst, 1),
        "p95_unwatched_s": round(ordered[int(len(ordered) * 0.95)], 1) if ordered else -1,
        "findings_accepted": len(accepted),
        "findings_sent": sent,
        "findings_refused_stale": refused,
        "stale_accepted": stale,
        "highest_epoch": max((epoch for rows in taken.values() for _, epoch in rows), default=0),
    }
    ok = len(gaps) == options.cameras and worst <= 30 and stale == 0 and len(accepted) > 0
    return tell("leases", figures, bar=BAR, ok=ok, seed=options.seed)


def _longest_gap(times: list[float], begin: float, end: float) -> float:
    inside = [begin, *sorted(t for t in times if begin <= t <= end), end]
    return max(b - a for a, b in zip(inside, inside[1:], strict=False))


def _is_stale(row: list[object], taken: dict[str, list[tuple[float, int]]]) -> bool:
    """Tell whether a later epoch was at work before this finding was received."""
    code, epoch, at = str(row[0]), int(str(row[1])), float(str(row[2]))
    return any(later > epoch and when < at for when, later in taken[code])


if __name__ == "__main__":
    raise SystemExit(main())
