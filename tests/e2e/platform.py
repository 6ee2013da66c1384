"""A whole platform for a journey: its own state folder, its own port, its own processes."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from chengzhi.site import programs
from chengzhi.site.supervisor import Supervisor

ROOT = Path(__file__).parents[2]


@dataclass
class Platform:
    """Web, workers and camera worker over one state folder, under the product's supervisor."""

    state: Path
    port: int
    token: str
    supervisor: Supervisor
    environment: dict[str, str]
    said: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://127.0.0.1:{self.port}"

    def pids(self, name: str) -> int | None:
        """Return the process id of a program, or nothing while it is down."""
        child = next(c for c in self.supervisor.children if c.program.name == name)
        return child.process.pid if child.process else None

    def ask(self, path: str, **options: object) -> tuple[int, bytes]:
        """Send one request; a server that is down answers 0."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(url=path, **options)  # type: ignore[arg-type]
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()

    def call(self, *words: str) -> None:
        """Run one `chengzhi` command to its end."""
        command = [str(Path(sys.executable).parent / "chengzhi"), *words]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, timeout=120)

    def run(self, code: str) -> dict[str, object]:
        """Run a few lines inside the platform's Django and return the JSON they print last."""
        out = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert out.returncode == 0, out.stderr[-3000:]
        return json.loads(out.stdout.splitlines()[-1])


def wait_for(
    question: Callable[[], object], *, seconds: float, what: str, look=lambda: None
) -> object:
    """Ask again and again until there is an answer; `look` keeps the supervisor awake."""
    end = time.monotonic() + seconds
    while (asked := time.monotonic()) < end:
        look()
        if answer := question():
            return answer
        time.sleep(max(0.1, time.monotonic() - asked))  # as long as the question took
    raise AssertionError(f"not within {seconds:g} s: {what}")


_folder = tempfile.TemporaryDirectory(prefix="chengzhi-founded-")


def _founded(environment: dict[str, str]) -> Path:
    """Return the state that every journey of this process starts from, made once."""
    state = Path(_folder.name) / "state"
    if not state.exists():
        state.mkdir()
        _program("found", environment={**environment, "CHENGZHI_STATE": str(state)})
    return state


def _program(*words: str, environment: dict[str, str]) -> str:
    out = subprocess.run(
        [sys.executable, "-m", "tests.e2e.build", *words],
        env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert out.returncode == 0, out.stderr[-3000:]
    return out.stdout


def build(
    state: Path, *, cameras: dict[str, Path], database: str = ""
) -> tuple[dict[str, str], str]:
    """Make the state: people, county, routing, one camera for each clip; return its token."""
    environment = {
        **os.environ,
        "CHENGZHI_DEMO": "1",
        "CHENGZHI_STATE": str(state),
        "CHENGZHI_DATABASE": database,
        "CHENGZHI_STANDARDS": str(ROOT / "seed" / "standards"),
        "CHENGZHI_MODELS": os.environ.get("CHENGZHI_MODELS", str(ROOT / "build" / "models")),
        "DJANGO_SETTINGS_MODULE": "chengzhi.site.settings",
    }
    if database:
        state.mkdir(parents=True, exist_ok=True)
        _program("found", environment=environment)
    else:
        shutil.copytree(_founded(environment), state, dirs_exist_ok=True)
    clips = json.dumps({code: str(clip) for code, clip in cameras.items()})
    said = _program("equip", clips, environment=environment)
    return environment, json.loads(said.splitlines()[-1])["token"]


def start(state: Path, environment: dict[str, str], token: str, *, workers: int = 1) -> Platform:
    """Start the programs; the caller looks after the supervisor and ends it."""
    port = _free_port()
    own = {k: v for k, v in environment.items() if k.startswith(("CHENGZHI_", "DJANGO_SETTINGS"))}
    running = [programs.web(host="127.0.0.1", port=port, workers=2)]
    running += [programs.worker(n + 1) for n in range(workers)]
    running.append(
        programs.camera_worker(
            server=f"http://127.0.0.1:{port}", token=token, spool=state / "camera-worker"
        )
    )
    running = [replace(p, environment={**own, **p.environment}) for p in running]
    said: list[str] = []
    platform = Platform(state, port, token, Supervisor(running, say=said.append), environment, said)
    wait_for(
        lambda: platform.ask("/health", method="GET")[0] == 200,
        seconds=60, what="the web server answers", look=lambda: platform.supervisor.look(time.monotonic()),
    )  # fmt: skip
    return platform


def kill(pid: int | None) -> None:
    """End a process without a word."""
    if pid:
        os.kill(pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
