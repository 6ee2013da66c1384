"""The programs of a running platform, as command lines."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chengzhi.site.supervisor import Program

HERE = Path(sys.executable).parent


def web(*, host: str, port: int, workers: int) -> Program:
    """Return the web server: granian with synchronous workers.

    HTTP/1.1 only: to look at each connection for HTTP/2, which needs TLS in browsers and so
    ends before us, costs one report in ten.
    """
    command = (
        str(HERE / "granian"), "--interface", "wsgi", "--http", "1", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "2", "--backlog", "256",
        "--respawn-failed-workers", "--log-level", "warning", "chengzhi.site.wsgi:application",
    )  # fmt: skip
    return Program(name="web", command=command)


def worker(number: int) -> Program:
    """Return one worker of reactions and deadlines."""
    return Program(name=f"worker-{number}", command=(str(HERE / "chengzhi"), "worker"))


def camera_worker(*, server: str, token: str, spool: Path, options: Sequence[str] = ()) -> Program:
    """Return the camera worker, speaking to `server` with a token from its environment.

    It watches the list of its own cameras; with the option `--lease` those the platform gives out.
    """
    command = (
        str(HERE / "chengzhi-vision"), "run", "--server", server,
        "--token-env", "CHENGZHI_VISION_TOKEN", "--spool", str(spool), *options,
    )  # fmt: skip
    environment = {"CHENGZHI_VISION_TOKEN": token, "OMP_NUM_THREADS": "1"}
    return Program(name="camera-worker", command=command, environment=environment)


def default_web_workers() -> int:
    """Return one web worker a core, four at most."""
    return max(1, min(4, os.cpu_count() or 1))
