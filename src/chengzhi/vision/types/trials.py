"""A rule tried on stored stills: its states, what a worker says of it, what the page shows."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class TrialState(StrEnum):
    """Where a trial stands (试跑状态)."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SWITCHED_ON = "switched_on"
    DISCARDED = "discarded"


TRIAL_STATE_LABELS: dict[str, str] = {
    TrialState.WAITING: "等待识别程序",
    TrialState.RUNNING: "正在试跑",
    TrialState.DONE: "试跑完成",
    TrialState.FAILED: "不能试跑",
    TrialState.SWITCHED_ON: "已启用",
    TrialState.DISCARDED: "已放弃",
}

TRIAL_STATE_CHIPS: dict[str, str] = {
    TrialState.WAITING: "idle",
    TrialState.RUNNING: "live",
    TrialState.DONE: "ok",
    TrialState.FAILED: "bad",
    TrialState.SWITCHED_ON: "ok",
    TrialState.DISCARDED: "hold",
}

#: A worker may still be at it.
OPEN_TRIALS = (TrialState.WAITING, TrialState.RUNNING)


@dataclass(frozen=True, kw_only=True)
class TrialFacts:
    """What the guards of a trial may look at."""

    worker: str = ""
    asking: str = ""  # the worker that asks
    is_stale: bool = False  # its worker has said nothing for long
    base: int = 0
    newest: int = 0


@dataclass(frozen=True, kw_only=True)
class TrialAlarm:
    """One alarm that a rule would have made."""

    zone: str
    kind: str
    started_at: datetime
    alarm_at: datetime
    start_unknown: bool
    bbox: tuple[float, float, float, float]
    score: float
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrialResult:
    """What a worker found on the stills it has."""

    worker: str
    first_at: datetime
    last_at: datetime
    stills: int
    covered_s: float  # of the day, how many seconds have stills
    gaps: tuple[tuple[datetime, datetime], ...]
    alarm_count: int
    alarms: tuple[TrialAlarm, ...]  # the first so many, with pictures


@dataclass(frozen=True, kw_only=True)
class TrialAlarmView:
    """One alarm as the page shows it."""

    number: int
    zone: str
    kind_label: str
    started_at: datetime
    alarm_at: datetime
    dwell: str
    start_unknown: bool
    score: float
    pictures: list[int]
    x: float  # where it lies on the day's line, 0 to 1000


@dataclass(frozen=True, kw_only=True)
class TrialView:
    """A trial as its page shows it."""

    id: int
    camera: str
    camera_name: str
    state: str
    state_label: str
    chip: str
    asked_at: datetime
    asked_by: str
    since: datetime
    until: datetime
    base: int
    zones: list[str]
    rule_texts: list[str]
    worker: str
    stills_done: int
    stills_total: int
    refusal: str
    covered_s: float = 0.0
    stills: int = 0
    alarm_count: int = 0
    per_day: float | None = None
    alarms: list[TrialAlarmView] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    by_rule: list[tuple[str, int]] = field(default_factory=list)
    is_open: bool = False
    is_unheard: bool = False  # waits for a worker longer than one should need

    @property
    def percent(self) -> int:
        return round(100 * self.stills_done / self.stills_total) if self.stills_total else 0
