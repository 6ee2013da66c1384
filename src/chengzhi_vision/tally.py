"""What one camera counts for the heartbeat."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Tally:
    """What one camera counts for the heartbeat."""

    frames: int = 0
    blind_s: float = 0.0
    lag_s: float = 0.0
    fps: float = 0.0
    restarts: int = 0
    state: str = "starting"
    last_frame_at: float | None = None
    findings: int = 0
    held: int = 0  # findings that the disk does not take now
    lost: int = 0  # of those, let go because too many wait
    read_s: float = 0.0  # CPU seconds: demux, and decode of full streams
    judge_s: float = 0.0  # the chain with its looks, and decode of key frames
    detect_s: float = 0.0  # of that, the detectors
    looks: int = 0
    looks_spared: int = 0
    cost_ms: float = 0.0
    note: str = ""
    misfit: str = ""  # why nothing can be judged on pictures of this shape
    preset: str = ""  # at which a turning camera stands
    recent: list[float] = field(default_factory=list)

    @property
    def cpu_s(self) -> float:
        return self.read_s + self.judge_s

    def note_frame(self, now: float, *, lag_s: float) -> None:
        self.frames += 1
        self.lag_s, self.last_frame_at = lag_s, now
        self.recent = [t for t in self.recent if now - t <= 10.0] + [now]
        span = max(now - self.recent[0], 1e-6)
        self.fps = (len(self.recent) - 1) / span if len(self.recent) > 1 else 0.0
