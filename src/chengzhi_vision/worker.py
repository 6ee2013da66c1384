"""Many cameras in one process: started, watched by frames judged, restarted within a budget."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chengzhi_vision.camera_worker import CameraWorker, Surroundings
from chengzhi_vision.config import Camera
from chengzhi_vision.fleet.cost import Guard, Load, Meter
from chengzhi_vision.fleet.heap import give_back
from chengzhi_vision.tally import Tally
from chengzhi_vision.types import Picture

STALLED_S = 60.0
ABSENT_S = 10.0  # more between two checks: the whole process was stopped
BUDGET, BUDGET_S = 5, 600.0
NOTE_LIMIT = 300  # letters of a sentence in a heartbeat
TIDY_S = 60.0  # between two times that free memory goes back to the system
FAILED_AGAIN_S = 1800.0  # a camera that used up its restarts gets another chance so much later
log = logging.getLogger("chengzhi_vision")


@dataclass
class Watched:
    """One camera at work, and what the supervisor knows of it."""

    camera: Camera
    worker: CameraWorker
    tally: Tally
    meter: Meter
    dropped_before: int = 0
    judged: int = 0
    moved_at: float = 0.0
    failed_at: float = float("-inf")
    restarts: deque[float] = field(default_factory=deque)

    @property
    def dropped(self) -> int:
        return self.dropped_before + self.worker.queue.dropped

    @property
    def load(self) -> Load:
        camera = self.camera
        return Load(code=camera.code, priority=camera.priority, cost_ms=self.tally.cost_ms)


class Worker:
    """Keeps the wanted cameras running, and refuses those that the machine cannot carry."""

    def __init__(self, *, around: Surroundings, guard: Guard | None = None) -> None:
        self.around, self.guard = around, guard
        self._watched: dict[str, Watched] = {}
        self._wanted: dict[str, Camera] = {}
        self._ending: list[CameraWorker] = []
        self._refused_s: dict[str, float] = {}
        self._checked_at = self._tidied_at = around.clock()

    def want(self, cameras: Sequence[Camera]) -> None:
        """Start what is new, stop what is gone, restart what has changed."""
        self._wanted = {camera.code: camera for camera in cameras}
        if self.guard is not None:
            self.guard.forget(set(self._wanted))
        for code in [c for c, w in self._watched.items() if self._wanted.get(c) != w.camera]:
            self._end(code)
        for camera in sorted(cameras, key=lambda c: -c.priority):
            self._begin(camera)

    def check(self) -> None:
        """Restart cameras whose threads died or that judge nothing although frames wait."""
        now = self.around.clock()
        since, self._checked_at = now - self._checked_at, now
        self._count_unwatched(since)
        for watched in self._watched.values():
            watched.moved_at += max(since - ABSENT_S, 0.0)  # nobody could judge anything
            watched.tally.cost_ms = watched.meter.read(watched.tally.cpu_s, at=now)
            if watched.tally.frames != watched.judged:
                watched.judged, watched.moved_at = watched.tally.frames, now
            if not self._is_well(watched, now):
                self._restart(watched, now)
        self._ending = [worker for worker in self._ending if worker.is_running]
        if now - self._tidied_at >= TIDY_S:
            self._tidied_at = now
            give_back()
        self._weigh(now)

    def stop(self) -> None:
        """Stop all cameras; their places are saved."""
        for watched in self._watched.values():
            watched.worker.stopping.set()
        for worker in [*(w.worker for w in self._watched.values()), *self._ending]:
            worker.stop()

    @property
    def is_done(self) -> bool:
        """Tell whether every camera was a clip played once, and all are judged."""
        return bool(self._watched) and all(w.worker.is_done for w in self._watched.values())

    def failures(self) -> list[str]:
        """Return why cameras stopped, for the log and the tests."""
        return [w.worker.failure for w in self._watched.values() if w.worker.failure]

    def watched(self) -> list[Watched]:
        """Return the cameras at work, for the metrics."""
        return list(self._watched.values())

    def costs(self) -> dict[str, float]:
        """Return the measured CPU milliseconds a second of each camera at work."""
        return {watched.camera.code: watched.tally.cost_ms for watched in self.watched()}

    def newest(self, code: str) -> Picture | None:
        """Return the picture of a camera judged last."""
        found = next((w for w in self.watched() if w.camera.code == code), None)
        return None if found is None else found.worker.newest()

    def report(self, name: str) -> dict[str, Any]:
        """Return the heartbeat message."""
        rows = [_row(watched) for watched in self.watched()]
        note = self.around.spool.disk.sentence[:NOTE_LIMIT]
        return {"worker": name, "note": note, "cameras": [*rows, *self._refused_rows()]}

    def _begin(self, camera: Camera) -> None:
        is_refused = self.guard is not None and camera.code in self.guard.refused
        if camera.code not in self._watched and not is_refused:
            self._watched[camera.code] = self._start(camera, Tally())

    def _end(self, code: str) -> None:
        """Ask a camera to end, without waiting: others must not wait for a hanging stream."""
        worker = self._watched.pop(code).worker
        worker.stopping.set()
        self._ending.append(worker)

    def _start(self, camera: Camera, tally: Tally) -> Watched:
        worker = CameraWorker(camera, around=self.around, tally=tally)
        worker.start()
        now = self.around.clock()
        meter = Meter(at=now, used_s=tally.cpu_s)
        return Watched(camera=camera, worker=worker, tally=tally, meter=meter, moved_at=now)

    def _weigh(self, now: float) -> None:
        if self.guard is None:
            return
        running = [watched.load for watched in self._watched.values()]
        stop, back = self.guard.judge(running, now=now)
        for code in stop:
            log.warning("camera %s is refused: over the capacity of this machine", code)
            self._end(code)
        for code in back:
            self._begin(self._wanted[code])

    def _count_unwatched(self, seconds: float) -> None:
        """A camera that failed or was refused sees nothing: those seconds are blind ones too."""
        for watched in self._watched.values():
            if watched.tally.state == "failed":
                watched.tally.blind_s += seconds
        for code in self.guard.refused if self.guard is not None else ():
            self._refused_s[code] = self._refused_s.get(code, 0.0) + seconds

    def _refused_rows(self) -> list[dict[str, Any]]:
        if self.guard is None:
            return []
        running = [watched.load for watched in self.watched()]
        return [
            {
                "code": code,
                "state": "refused",
                "blind_s": round(self._refused_s.get(code, 0.0), 1),
                "cost_ms": round(load.cost_ms, 2),
                "note": self.guard.sentence(code, running),
            }
            for code, load in self.guard.refused.items()
        ]

    def _is_well(self, watched: Watched, now: float) -> bool:
        if watched.worker.is_done:
            watched.tally.state = "ended"
            return True
        stalled = len(watched.worker.queue) > 0 and now - watched.moved_at > STALLED_S
        return watched.worker.is_alive and not stalled and not watched.worker.failure

    def _restart(self, watched: Watched, now: float) -> None:
        while watched.restarts and now - watched.restarts[0] > BUDGET_S:
            watched.restarts.popleft()
        if len(watched.restarts) >= BUDGET or now - watched.failed_at < FAILED_AGAIN_S:
            self._give_up(watched, now)
            return
        log.warning("camera %s restarts: %s", watched.camera.code, watched.worker.failure)
        watched.tally.state, watched.tally.note = "starting", ""
        watched.restarts.append(now)
        watched.tally.restarts += 1
        watched.dropped_before += watched.worker.queue.dropped
        watched.worker.stop(timeout_s=2.0)
        watched.worker = CameraWorker(watched.camera, around=self.around, tally=watched.tally)
        watched.worker.start()
        watched.moved_at = now

    def _give_up(self, watched: Watched, now: float) -> None:
        """Say that the camera failed, and leave it alone for a while."""
        watched.worker.stopping.set()
        if watched.tally.state != "failed":
            watched.tally.state, watched.failed_at = "failed", now
            watched.tally.note = (
                f"十分钟内重启{BUDGET}次仍未恢复，{FAILED_AGAIN_S / 60:.0f}分钟后再试："
                f"{watched.worker.failure or '一直没有画面可判'}"
            )[:NOTE_LIMIT]


def _row(watched: Watched) -> dict[str, Any]:
    tally = watched.tally
    row = {
        "code": watched.camera.code,
        "frames": tally.frames,
        "dropped": watched.dropped,
        "fps": round(tally.fps, 2),
        "blind_s": round(tally.blind_s, 1),
        "lag_s": round(tally.lag_s, 2),
        "state": tally.state,
        "restarts": tally.restarts,
        "cost_ms": round(tally.cost_ms, 2),
        "note": {"failed": tally.note, "other_shape": tally.misfit}.get(tally.state, ""),
    }
    if tally.preset:
        row["preset"] = tally.preset
    epoch = watched.camera.epoch
    return row if epoch is None else {**row, "epoch": epoch}
