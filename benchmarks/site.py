"""Starts the platform for a benchmark as an operator would, signs people in, and asks for pages."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

Address = Callable[[random.Random], str]
WEB_WAIT_S = 120.0


def environment_for(database: str, *, state: Path) -> dict[str, str]:
    """Return an environment without the demo's settings: secure cookies, hashed secrets."""
    known = {key: value for key, value in os.environ.items() if key != "CHENGZHI_DEMO"}
    return {
        **known,
        "CHENGZHI_DATABASE": database,
        "CHENGZHI_SECRET_KEY": "only-for-benchmarks-" + "x" * 40,
        "CHENGZHI_COUNTY": "330225",
        "CHENGZHI_STATE": str(state),
    }


@contextmanager
def served(
    environment: dict[str, str], *, port: int, web_workers: int = 2, workers: int = 0
) -> Iterator[int]:
    """Run the platform's programs and yield the process id of their supervisor."""
    command = [str(Path(sys.executable).parent / "chengzhi"), "serve", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--web-workers", str(web_workers), "--workers", str(workers)],
        env=environment,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(port: int) -> None:
    until = time.monotonic() + WEB_WAIT_S
    while time.monotonic() < until:
        if _answers(port):
            return
        time.sleep(0.1)
    raise SystemExit(f"the web server did not answer within {WEB_WAIT_S:.0f} s")


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False


def asked(environment: dict[str, str], module: str, *words: str) -> dict[str, Any]:
    """Run a small program against the same database, and return what it prints as JSON."""
    out = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    answer: dict[str, Any] = json.loads(out.stdout.splitlines()[-1])
    return answer


@dataclass
class Visitor:
    """One signed-in person with one connection."""

    port: int
    cookie: str
    times: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)

    def get(self, name: str, path: str) -> bytes:
        """Ask for a page, and remember how long it took.

        :raises RuntimeError: it was not answered 200.
        """
        started = time.perf_counter()
        self._connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = self._connection.getresponse()
        body = answer.read()
        spent = time.perf_counter() - started
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
        self.times.setdefault(name, []).append(spent)
        return body


def one_user(visitor: Visitor, pages: dict[str, Address], *, turns: int, seed: int) -> None:
    """Ask for every page in turn, so often; the first turn is a warm-up that does not count."""
    dice = random.Random(seed)
    for turn in range(turns + 1):
        for name, address in pages.items():
            visitor.get(name, address(dice))
        if turn == 0:
            visitor.times.clear()


def many_users(
    visitors: list[Visitor], pages: dict[str, Address], *, seconds: float, seed: int
) -> None:
    """Let everybody ask for pages at random, one after the other, for so long."""
    until = time.perf_counter() + seconds

    def visit(visitor: Visitor, number: int) -> None:
        dice = random.Random(seed * 100 + number)
        names = list(pages)
        while time.perf_counter() < until:
            name = dice.choice(names)
            visitor.get(name, pages[name](dice))

    threads = [Thread(target=visit, args=(v, n)) for n, v in enumerate(visitors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def median_ms(times: list[float], share: float = 0.5) -> float:
    """Return a percentile in milliseconds."""
    ordered = sorted(times)
    return round(1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1)
