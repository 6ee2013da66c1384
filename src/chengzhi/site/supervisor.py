"""Keep a few programs running: start, watch, start again after a pause, stop all together.

Each program gets a process group of its own, so that whatever it leaves behind when it is
killed is ended before its successor starts; on Linux the kernel ends it when we die ourselves.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # before each restart in a row
CALM_S = 30.0  # a program that ran this long starts with a clean slate
GRACE_S = 8.0  # between SIGTERM and SIGKILL
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to run: a name for people, the command line, and what its environment adds."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Child:
    """A program that runs or waits to be started again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts: int = 0
    failures: int = 0
    wait_until: float = 0.0

    def start(self, now: float) -> None:
        """Start the program in a group of its own."""
        self.process = subprocess.Popen(
            self.program.command,
            env={**os.environ, **self.program.environment},
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        self.started_at, self.starts = now, self.starts + 1

    def look(self, now: float) -> str | None:
        """Start the program if it is due; return what happened when it has just ended."""
        if self.process is None:
            if now >= self.wait_until:
                self.start(now)
            return None
        status = self.process.poll()
        return None if status is None else self._ended(status, now)

    def _ended(self, status: int, now: float) -> str:
        self.end_group()
        calm = now - self.started_at > CALM_S
        self.failures = 0 if calm else self.failures + 1
        pause = PAUSES_S[min(self.failures, len(PAUSES_S) - 1)]
        self.process, self.wait_until = None, now + pause
        return f"{self.program.name} ended with status {status}; starting again in {pause:g} s"

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program alone: it ends its own helpers in order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def end_group(self) -> None:
        """Kill whatever is left of the program's group."""
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Runs programs until it is told to stop."""

    def __init__(self, programs: list[Program], *, say: Callable[[str], None]) -> None:
        self.children = [Child(program=program) for program in programs]
        self.say = say
        self.stopping = False

    def stop(self, *_: object) -> None:
        """Ask the loop to end; usable as a signal handler."""
        self.stopping = True

    def run(self, *, poll_s: float = 0.2, sleep: Callable[[float], None] = time.sleep) -> None:
        """Watch the programs until `stop`, then end them all."""
        while not self.stopping:
            self.look(time.monotonic())
            sleep(poll_s)
        self.end()

    def look(self, now: float) -> None:
        """Take one look at every program."""
        for child in self.children:
            if happened := child.look(now):
                self.say(happened)

    def end(self) -> None:
        """Ask every program to stop, wait a little, and end what is left."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + GRACE_S
        for child in self.children:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                child.end_group()
