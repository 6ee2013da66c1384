"""What a camera costs in CPU time, what this machine can carry, and which cameras are too much.

Cost is CPU milliseconds a second of the threads that serve the camera: it says the same on a
busy machine and on an idle one, and it can be added up and compared with cores.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time

RESERVE = 0.2  # of the cores, for delivery, storms of reconnects and the system
TYPICAL_MS = 15.0  # of a camera not measured yet: 720p, key frames only
WARM_S, OVER_S, BACK_S = 20.0, 60.0, 60.0
SMOOTH_S = 60.0
ROOM_TO_RETURN = 1.2
CGROUP = Path("/sys/fs/cgroup/cpu.max")


class Stopwatch:
    """CPU seconds of the calling thread since the last lap; one for each thread."""

    def __init__(self) -> None:
        self._last = thread_time()

    def lap(self) -> float:
        now = thread_time()
        spent, self._last = now - self._last, now
        return spent


class Meter:
    """Smooths the CPU seconds that a camera has used into milliseconds a second."""

    def __init__(self, *, at: float, used_s: float = 0.0) -> None:
        self.born, self.rate_ms = at, 0.0
        self._at, self._used_s = at, used_s

    def read(self, used_s: float, *, at: float) -> float:
        """Return the smoothed cost; the first seconds, when the source is opened, do not count."""
        elapsed, spent = at - self._at, used_s - self._used_s
        if elapsed < 1.0:
            return self.rate_ms
        self._at, self._used_s = at, used_s
        if at - self.born < WARM_S:
            return self.rate_ms
        fresh = 1000.0 * max(spent, 0.0) / elapsed
        weight = 1.0 if self.rate_ms == 0.0 else min(elapsed / SMOOTH_S, 1.0)
        self.rate_ms += (fresh - self.rate_ms) * weight
        return self.rate_ms


def usable_cores(environment: Mapping[str, str], *, limit: Path = CGROUP) -> float:
    """Return the cores this worker may use: as told, else the container's quota, else all."""
    told = environment.get("CHENGZHI_VISION_CORES", "")
    if told:
        return float(told)
    cores = float(len(os.sched_getaffinity(0)))
    try:
        quota, period = limit.read_text("ascii").split()
        return min(cores, float(quota) / float(period))
    except (OSError, ValueError):  # no cgroup, or "max": no quota
        return cores


@dataclass(frozen=True, kw_only=True)
class Load:
    """One camera as the guard sees it; cost 0 means not measured yet."""

    code: str
    priority: int
    cost_ms: float


@dataclass
class Guard:
    """Refuses cameras that this machine cannot carry, the least important first."""

    budget_ms: float
    refused: dict[str, Load] = field(default_factory=dict)
    _over_since: float | None = None
    _changed_at: float = float("-inf")

    def judge(self, running: Sequence[Load], *, now: float) -> tuple[list[str], list[str]]:
        """Return the cameras to stop and the refused ones to take back."""
        load = sum(one.cost_ms or TYPICAL_MS for one in running)
        if load <= self.budget_ms:
            self._over_since = None
            return [], self._back(load, now)
        self._over_since = now if self._over_since is None else self._over_since
        if now - self._over_since < OVER_S:
            return [], []
        self._over_since, self._changed_at = None, now
        return self._shed(running, load), []

    def forget(self, wanted: set[str]) -> None:
        """Drop what is no longer asked for."""
        self.refused = {code: load for code, load in self.refused.items() if code in wanted}

    def sentence(self, code: str, running: Sequence[Load]) -> str:
        """Say why a camera is not watched, and the cure."""
        load = sum(one.cost_ms or TYPICAL_MS for one in running)
        own = self.refused[code].cost_ms or TYPICAL_MS
        return (
            f"本机分析能力已用满：{len(running)}路共占{load:.0f}毫秒/秒，上限{self.budget_ms:.0f}，"
            f"本路约需{own:.0f}，暂不看守。请增加识别机、改为只看关键帧，或提高本路的 priority。"
        )

    def _shed(self, running: Sequence[Load], load: float) -> list[str]:
        stop: list[str] = []
        for one in sorted(running, key=lambda c: (c.priority, -c.cost_ms, c.code)):
            if load <= self.budget_ms:
                break
            self.refused[one.code] = one
            stop.append(one.code)
            load -= one.cost_ms or TYPICAL_MS
        return stop

    def _back(self, load: float, now: float) -> list[str]:
        """Take one camera back when there is clearly room, the most important first."""
        if now - self._changed_at < BACK_S:
            return []
        for one in sorted(self.refused.values(), key=lambda c: (-c.priority, c.cost_ms, c.code)):
            if load + ROOM_TO_RETURN * (one.cost_ms or TYPICAL_MS) <= self.budget_ms:
                del self.refused[one.code]
                self._changed_at = now
                return [one.code]
        return []
