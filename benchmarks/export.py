"""An export of 100,000 rows in the background, and what it does to others who use the platform.

Protocol: the PostgreSQL of `benchmarks.million`; the platform serves two web workers; one user asks for
pages of the list all the time, first alone, then while a process writes the export as the worker does.
Figures are the seconds and the peak memory of that process, and the median of the list's first page with
and without it.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.lists import pages_of
from benchmarks.million.store import postgres_built
from benchmarks.outcome import tell
from benchmarks.site import Visitor, asked, environment_for, median_ms, served

PORT = 8767
LIMITS = {"xlsx": 60, "csv": 15}
MOST_RSS_MB = 400
BAR = "100,000 rows: xlsx <= 60 s, csv <= 15 s, <= 400 MB; a list page slows by less than 2x"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the programs are ended too


def main() -> int:
    """Run the protocol once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--export", type=int, default=100_000)
    parser.add_argument("--quiet", type=float, default=10, help="seconds without an export")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with (
        postgres_built(options.rows, seed=options.seed) as database,
        tempfile.TemporaryDirectory() as state,
    ):
        environment = environment_for(database, state=Path(state))
        known = asked(environment, "benchmarks.lists_site")
        visitor = Visitor(PORT, known["sessions"]["haiyan"])
        with served(environment, port=PORT):
            figures = _measured(visitor, known, environment, options)
    ok = all(
        figures[f"{kind}_seconds"] <= limit
        and figures[f"{kind}_peak_rss_mb"] <= MOST_RSS_MB
        and figures[f"{kind}_page_slows_by"] < 2
        for kind, limit in LIMITS.items()
    )
    return tell("export", figures, bar=BAR, ok=ok, seed=options.seed)


def _measured(
    visitor: Visitor,
    known: dict[str, object],
    environment: dict[str, str],
    options: argparse.Namespace,
) -> dict[str, float | int | str]:
    page = pages_of(known)["first"]
    dice = random.Random(options.seed)
    for _ in range(20):
        visitor.get("warm", page(dice))
    until = time.perf_counter() + options.quiet
    while time.perf_counter() < until:
        visitor.get("alone", page(dice))
    figures: dict[str, float | int | str] = {"page_alone_ms": median_ms(visitor.times["alone"])}
    for kind in LIMITS:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.export_job", kind, str(options.export)],
            env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        while process.poll() is None:
            visitor.get(kind, page(dice))
        answer = json.loads((process.stdout.read() if process.stdout else "").splitlines()[-1])
        beside = median_ms(visitor.times[kind])
        figures |= {f"{kind}_{name}": value for name, value in answer.items()}
        figures[f"{kind}_page_ms"] = beside
        figures[f"{kind}_page_slows_by"] = round(beside / float(figures["page_alone_ms"]), 2)
    return figures


if __name__ == "__main__":
    raise SystemExit(main())
