"""Cameras held by lease: renew in time, start what is new, stop what is lost.

While the platform is away the worker goes on with what it holds: watching twice does no harm, since
findings of a former epoch are refused; not watching at all does.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from chengzhi_vision.camera_file import read_camera
from chengzhi_vision.config import Camera
from chengzhi_vision.disk import Disk
from chengzhi_vision.errors import CameraFileInvalid, VisionError
from chengzhi_vision.fleet.memory import Memories
from chengzhi_vision.spool.server import Server
from chengzhi_vision.whole import SECRET, write_whole

TABLES_EVERY_S = 60.0
log = logging.getLogger("chengzhi_vision")


@dataclass(frozen=True, kw_only=True)
class Lease:
    """One camera held, under which epoch, and its file."""

    code: str
    epoch: int
    table: dict[str, Any]

    @cached_property
    def camera(self) -> Camera | None:
        """The camera to watch, read once; None where its file is refused, which is logged."""
        try:
            return replace(read_camera(self.table), epoch=self.epoch)
        except CameraFileInvalid as refusal:
            log.error("camera configuration refused: %s", refusal.sentence)
            return None

    def as_row(self) -> dict[str, Any]:
        return {"code": self.code, "epoch": self.epoch, "table": self.table}


class Tenant:
    """Holds cameras for this worker; `turn` is called every few seconds by one thread."""

    def __init__(
        self,
        server: Server,
        *,
        name: str,
        instance: str,
        folder: Path,
        clock: Callable[[], float],
        capacity_ms: Callable[[], float],
        costs: Callable[[], Mapping[str, float]],
        disk: Disk | None = None,
    ) -> None:
        self.disk = disk or Disk(folder)
        self.server, self.name, self.instance = server, name, instance
        self.path, self.clock = folder / "leases.json", clock
        self.capacity_ms, self.costs = capacity_ms, costs
        self.memories = Memories(folder / "state")
        self.renewed_at = float("-inf")
        self._tables_at = float("-inf")
        self._lock = Lock()
        self._held = _recalled(self.path)

    def turn(self) -> float:
        """Call the platform once and return the seconds until the next call.

        :raises SourceFailed: the platform is away; what is held stays held.
        """
        started = self.clock()
        wants_tables = started - self._tables_at >= TABLES_EVERY_S
        answer = self._ask(self._call(started, wants_tables=wants_tables))
        self._take_over(answer)
        self.renewed_at = started
        if wants_tables:
            self._tables_at = started
        return float(answer.get("again_s", 5.0))

    def _ask(self, call: dict[str, Any]) -> dict[str, Any]:
        """Call the platform; what did not arrive is sent again."""
        try:
            return self.server.leases(call)
        except VisionError:
            for memory in call["memories"]:
                self.memories.forget(memory["code"])
            raise

    def leave(self) -> None:
        """Give everything back at once, with what is remembered, so that nobody has to wait."""
        call = self._call(self.clock(), wants_tables=False)
        self.server.leases({**call, "is_leaving": True})
        with self._lock:
            self._held = {}
        self._keep()

    def stop(self, codes: list[str]) -> None:
        """Let go at once what the platform says another worker watches."""
        with self._lock:
            for code in codes:
                self._held.pop(code, None)

    def cameras(self) -> list[Camera]:
        """Return the cameras to watch; each carries the epoch of its lease."""
        with self._lock:
            held = list(self._held.values())
        return [camera for lease in held if (camera := lease.camera) is not None]

    def held(self) -> dict[str, int]:
        """Return the epoch of each camera held."""
        with self._lock:
            return {code: lease.epoch for code, lease in self._held.items()}

    def _call(self, now: float, *, wants_tables: bool) -> dict[str, Any]:
        costs, held = self.costs(), self.held()
        bodies = self.memories.news(held, now=now)
        return {
            "worker": self.name,
            "instance": self.instance,
            "capacity_ms": round(self.capacity_ms(), 1),
            "wants_tables": wants_tables,
            "can": ["explore"],
            "held": [
                {"code": code, "epoch": epoch, "cost_ms": round(costs.get(code, 0.0), 2)}
                for code, epoch in held.items()
            ],
            "memories": [
                {"code": code, "epoch": held[code], "body": body} for code, body in bodies.items()
            ],
        }

    def _take_over(self, answer: dict[str, Any]) -> None:
        fresh = {}
        with self._lock:
            before = dict(self._held)
        for row in answer.get("leases", []):
            known = before.get(row["code"])
            table = row.get("table") or (known.table if known else None)
            if table is None:
                continue  # not our lease yet: it comes with its file when it is
            lease = Lease(code=row["code"], epoch=row["epoch"], table=table)
            fresh[row["code"]] = known if known == lease else lease
            if known is None or known.epoch != row["epoch"]:
                self._remember(row)
        for code in before.keys() - fresh.keys():
            log.info("lease of camera %s is over", code)
            self.memories.forget(code)
        with self._lock:
            self._held = fresh
        if fresh != before:
            self._keep()

    def _remember(self, row: dict[str, Any]) -> None:
        log.info("lease of camera %s, epoch %s", row["code"], row["epoch"])
        if row.get("memory"):
            saved_at = datetime.fromisoformat(row["memory_at"]).timestamp()
            with self.disk.spare("memory"):
                self.memories.keep(row["code"], row["memory"], saved_at=saved_at)

    def _keep(self) -> None:
        """Write what is held, so that a restart on this disk goes on with the same epochs."""
        with self._lock:
            rows = [lease.as_row() for lease in self._held.values()]
        with self.disk.spare("lists"):
            write_whole(self.path, json.dumps(rows, ensure_ascii=False), mode=SECRET)
            self.disk.worked("lists")


def _recalled(path: Path) -> dict[str, Lease]:
    try:
        rows = json.loads(path.read_text("utf-8"))
        return {row["code"]: Lease(**row) for row in rows}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
