"""Reports a second over HTTP: 8 clients, 2 web workers, PostgreSQL, one machine.

Protocol: a fresh PostgreSQL and the demo county's geography, or (`--rows 1000000`) a copy of the database
of `benchmarks.million`; every client keeps one connection and
sends the next report when the last is answered; the first seconds are a warm-up that is not counted.
Each report is located in its grid, routed, compared with its neighbours, and writes its event.
Seeded points inside the county's cells, eight matters. The figures are requests answered 201 in the
window, and percentiles of the time from the first byte sent to the last byte received.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.million.store import copied, postgres_built
from benchmarks.outcome import tell
from benchmarks.site import asked, served
from tools.postgres import server

PORT, SITE = 8765, "benchmarks.intake_site"
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the programs are ended too
CLIENTS = 8
BAR = ">= 500 reports/s, p99 <= 100 ms, 8 clients, PostgreSQL"
MATTERS = ("09005", "09006", "06010", "06042", "09001", "07001", "06036", "06012")


def main() -> int:
    """Run the protocol once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--warm-up", type=float, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rows", type=int, default=0, help="orders that are there before")
    options = parser.parse_args()
    with _database(options) as address:
        environment = {**os.environ, "CHENGZHI_DEMO": "1", "CHENGZHI_DATABASE": address}
        known = asked(environment, SITE, "again" if options.rows else "new")
        points = [tuple(point) for point in known["points"]]
        with served(environment, port=PORT):
            times = _load(known["token"], points, options)
        recorded = asked(environment, SITE, "count")
    return _tell(times, recorded, options)


@contextmanager
def _database(options: argparse.Namespace) -> Iterator[str]:
    """Yield a fresh database, or a copy of the one that holds so many orders."""
    if not options.rows:
        with server() as address:
            yield address
        return
    with postgres_built(options.rows, seed=options.seed) as address, copied(address) as own:
        yield own


def _load(
    token: str, points: list[tuple[float, float]], options: argparse.Namespace
) -> list[float]:
    begin = time.time() + 0.5
    window = (begin + options.warm_up, begin + options.warm_up + options.seconds)
    jobs = [(number, token, points, window, options.seed) for number in range(CLIENTS)]
    pool = multiprocessing.Pool(CLIENTS, initializer=_die_at_once)
    try:
        return sorted(t for times in pool.starmap(_client, jobs) for t in times)
    finally:  # the clients end by themselves: to end them by signal now and then never returned
        pool.close()
        pool.join()


def _die_at_once() -> None:
    """Undo in a client what the benchmark itself does at SIGTERM: the pool ends its clients so."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _client(
    number: int,
    token: str,
    points: list[tuple[float, float]],
    window: tuple[float, float],
    seed: int,
) -> list[float]:
    """Send one report after the other until the window closes; return the seconds of each."""
    choose = random.Random(seed * 100 + number)
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    times = []
    serial = 0
    while (now := time.time()) < window[1]:
        serial += 1
        body = json.dumps(_report(choose, points, f"bench:{seed}:{number}:{serial}"))
        started = time.perf_counter()
        connection.request("POST", "/api/v1/work-orders", body, headers)
        answer = connection.getresponse()
        answer.read()
        spent = time.perf_counter() - started
        if answer.status != 201:
            raise RuntimeError(f"report answered {answer.status}")
        if now >= window[0]:
            times.append(spent)
    return times


def _report(
    choose: random.Random, points: list[tuple[float, float]], ref: str
) -> dict[str, object]:
    lon, lat = choose.choice(points)
    return {
        "channel": "hotline",
        "matter_code": choose.choice(MATTERS),
        "lon": lon + choose.uniform(-0.0004, 0.0004),
        "lat": lat + choose.uniform(-0.0004, 0.0004),
        "address": "压测路段",
        "description": "群众来电反映街面问题。",
        "client_ref": ref,
    }


def _tell(times: list[float], recorded: dict[str, int], options: argparse.Namespace) -> int:
    rate = len(times) / options.seconds
    p50, p99 = (round(1000 * times[int(len(times) * q)], 1) for q in (0.5, 0.99))
    whole = recorded["orders"] == recorded["events"]
    figures = {
        "rows_before": options.rows,
        "reports_per_s": round(rate),
        "p50_ms": p50,
        "p99_ms": p99,
        **recorded,
    }
    ok = rate >= 500 and p99 <= 100 and whole
    return tell("intake", figures, bar=BAR, ok=ok, seed=options.seed)


if __name__ == "__main__":
    raise SystemExit(main())
