"""Many cameras in one process: started, watched by frames judged, restarted within a budget."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from chengzhi_vision.camera_worker import CameraWorker, Surroundings, Tally
from chengzhi_vision.config import Camera

STALLED_S = 60.0
BUDGET, BUDGET_S = 5, 600.0
log = logging.getLogger("chengzhi_vision")


@dataclass
class _Watched:
    camera: Camera
    worker: CameraWorker
    tally: Tally
    dropped_before: int = 0
    judged: int = 0
    moved_at: float = 0.0
    restarts: deque[float] = field(default_factory=deque)


class Worker:
    """Keeps the wanted cameras running."""

    def __init__(self, *, around: Surroundings) -> None:
        self.around = around
        self._watched: dict[str, _Watched] = {}

    def want(self, cameras: Sequence[Camera]) -> None:
        """Start what is new, stop what is gone, restart what has changed."""
        wanted = {camera.code: camera for camera in cameras}
        for code in [c for c in self._watched if wanted.get(c) != self._watched[c].camera]:
            self._watched.pop(code).worker.stop()
        for code, camera in wanted.items():
            if code not in self._watched:
                self._watched[code] = self._start(camera, Tally())

    def check(self) -> None:
        """Restart cameras whose threads died or that judge nothing although frames wait."""
        now = self.around.clock()
        for watched in self._watched.values():
            if watched.tally.frames != watched.judged:
                watched.judged, watched.moved_at = watched.tally.frames, now
            if self._is_well(watched, now):
                continue
            self._restart(watched, now)

    def stop(self) -> None:
        """Stop all cameras; their places are saved."""
        for watched in self._watched.values():
            watched.worker.stopping.set()
        for watched in self._watched.values():
            watched.worker.stop()

    @property
    def is_done(self) -> bool:
        """Tell whether every camera was a clip played once, and all are judged."""
        return bool(self._watched) and all(w.worker.is_done for w in self._watched.values())

    def failures(self) -> list[str]:
        """Return why cameras stopped, for the log and the tests."""
        return [w.worker.failure for w in self._watched.values() if w.worker.failure]

    def report(self, name: str) -> dict[str, Any]:
        """Return the heartbeat message."""
        cameras = [self._row(watched) for watched in self._watched.values()]
        return {"worker": name, "cameras": cameras}

    def _start(self, camera: Camera, tally: Tally) -> _Watched:
        worker = CameraWorker(camera, around=self.around, tally=tally)
        worker.start()
        now = self.around.clock()
        return _Watched(camera=camera, worker=worker, tally=tally, moved_at=now)

    def _is_well(self, watched: _Watched, now: float) -> bool:
        if watched.worker.is_done:
            watched.tally.state = "ended"
            return True
        stalled = len(watched.worker.queue) > 0 and now - watched.moved_at > STALLED_S
        return watched.worker.is_alive and not stalled and not watched.worker.failure

    def _restart(self, watched: _Watched, now: float) -> None:
        while watched.restarts and now - watched.restarts[0] > BUDGET_S:
            watched.restarts.popleft()
        if len(watched.restarts) >= BUDGET:
            watched.tally.state = "failed"
            return
        log.warning("camera %s restarts: %s", watched.camera.code, watched.worker.failure)
        watched.restarts.append(now)
        watched.tally.restarts += 1
        watched.dropped_before += watched.worker.queue.dropped
        watched.worker.stop(timeout_s=2.0)
        watched.worker = CameraWorker(watched.camera, around=self.around, tally=watched.tally)
        watched.worker.start()
        watched.moved_at = now

    def _row(self, watched: _Watched) -> dict[str, Any]:
        tally = watched.tally
        return {
            "code": watched.camera.code,
            "frames": tally.frames,
            "dropped": watched.dropped_before + watched.worker.queue.dropped,
            "fps": round(tally.fps, 2),
            "blind_s": round(tally.blind_s, 1),
            "lag_s": round(tally.lag_s, 2),
            "state": tally.state,
            "restarts": tally.restarts,
        }
