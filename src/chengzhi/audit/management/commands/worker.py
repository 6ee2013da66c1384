"""`chengzhi worker`: runs reactions and the regular ticks until it is told to stop."""

import argparse
import logging
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import close_old_connections
from django.db.utils import DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string

from chengzhi.audit.tasks import drain, never
from chengzhi.audit.types import Reactions

log = logging.getLogger(__name__)
Tick = Callable[[datetime], object]
NICE = 10
Job = Callable[[Callable[[], bool]], bool]


class Command(BaseCommand):
    """Several workers may run side by side: a row is claimed by one of them."""

    help = "Run reactions to events, and the ticks (reminders, refreshes), until SIGTERM."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--interval", type=float, default=1.0, help="idle seconds per round")
        parser.add_argument("--tick", type=float, default=30.0, help="seconds between ticks")
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, interval: float, tick: float, once: bool, **_: Any) -> None:
        reactions: Reactions = import_string(settings.CHENGZHI_REACTIONS)
        ticks: list[Tick] = [import_string(name) for name in settings.CHENGZHI_TICKS]
        self.stop = threading.Event()
        self._listen()
        jobs: list[Job] = [import_string(name) for name in settings.CHENGZHI_JOBS]
        if once:
            run_jobs(jobs, should_stop=self.stop.is_set)
        else:
            start_jobs(jobs, stop=self.stop, interval=interval)
        next_tick = timezone.now()
        while not self.stop.is_set():
            now = timezone.now()
            if now >= next_tick:
                run_ticks(ticks, now=now)
                next_tick = now + timedelta(seconds=tick)
            is_idle = drain_once(reactions, now=now, should_stop=self.stop.is_set)
            if once:
                break
            if is_idle:
                self.stop.wait(interval)

    def _listen(self) -> None:
        """Finish the event in hand at SIGTERM or Ctrl-C; signals reach only the main thread."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop.set())


def start_jobs(jobs: list[Job], *, stop: threading.Event, interval: float) -> threading.Thread:
    """Do long work in a thread of its own, so that reactions and deadlines do not wait for it."""

    def work() -> None:
        give_way()
        while not stop.is_set():
            if not run_jobs(jobs, should_stop=stop.is_set):
                stop.wait(interval)

    thread = threading.Thread(target=work, name="jobs")
    thread.start()
    return thread


def give_way() -> None:
    """Let everybody else go first: of this thread only, where the system can tell threads apart."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


def run_jobs(jobs: list[Job], *, should_stop: Callable[[], bool]) -> bool:
    """Call each job once; return whether any had something to do. One that fails is logged."""
    busy = False
    for job in jobs:
        try:
            busy = job(should_stop) or busy
        except Exception:  # a job may raise anything; it is tried again when its lease is over
            log.exception("job %s failed", getattr(job, "__qualname__", job))
        finally:
            close_old_connections()
    return busy


def drain_once(
    reactions: Reactions, *, now: datetime, should_stop: Callable[[], bool] = never
) -> bool:
    """Drain one batch; return whether to rest. A database that is away is tried again."""
    try:
        return drain(reactions, now=now, limit=200, should_stop=should_stop).is_idle
    except DatabaseError:
        log.exception("the database did not answer; trying again")
        return True
    finally:
        close_old_connections()


def run_ticks(ticks: list[Tick], *, now: datetime) -> None:
    """Call each tick; one that fails is logged and does not stop the others."""
    for tick in ticks:
        try:
            tick(now)
        except Exception:  # a tick may raise anything; the worker must go on
            log.exception("tick %s failed", getattr(tick, "__qualname__", tick))
