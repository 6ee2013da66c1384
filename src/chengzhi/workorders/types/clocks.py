"""The clocks of a work order (计时): which run, what happens to them, what a stage came to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chengzhi.workorders.types.words import State


class Clock(StrEnum):
    """A clock of the loop: one for each stage, and the one of the whole (domain.md 1.5)."""

    REGISTER = "register"
    VERIFY = "verify"
    FILE = "file"
    DISPATCH = "dispatch"
    ACCEPT = "accept"
    HANDLE = "handle"
    CHECK = "check"
    CLOSE = "close"
    WHOLE = "whole"


CLOCK_LABELS: dict[str, str] = {
    Clock.REGISTER: "受理",
    Clock.VERIFY: "核实",
    Clock.FILE: "立案",
    Clock.DISPATCH: "派遣",
    Clock.ACCEPT: "签收",
    Clock.HANDLE: "处置",
    Clock.CHECK: "核查",
    Clock.CLOSE: "结案",
    Clock.WHOLE: "全程",
}

# The clock of the stage that an open state is. The clock of handling begins with the dispatch
# and runs on under "accept", so a unit gains nothing by leaving a task unaccepted.
STATE_CLOCKS: dict[str, Clock] = {
    State.REPORTED: Clock.REGISTER,
    State.TO_VERIFY: Clock.VERIFY,
    State.ACCEPTED: Clock.FILE,
    State.FILED: Clock.DISPATCH,
    State.DISPATCHED: Clock.ACCEPT,
    State.HANDLING: Clock.HANDLE,
    State.TO_CHECK: Clock.CHECK,
    State.CHECKED: Clock.CLOSE,
}


class Occasion(StrEnum):
    """What may happen to clocks: the rows of the stop-clock table (停表表)."""

    VERIFY = "verify"
    VERIFIED = "verified"
    RETURN = "return"
    SAME_UNIT = "same_unit"
    OTHER_UNIT = "other_unit"
    CHECK = "check"
    REWORK = "rework"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    APPEAL = "appeal"
    NOTICE = "notice"


class Effect(StrEnum):
    """What an occasion does to a clock."""

    KEEP = "keep"
    PAUSE = "pause"
    RESUME = "resume"
    RESTART = "restart"
    EXTEND = "extend"


EFFECT_LABELS: dict[str, str] = {
    Effect.KEEP: "照走",
    Effect.PAUSE: "停",
    Effect.RESUME: "续走",
    Effect.RESTART: "重计",
    Effect.EXTEND: "延长",
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What presses or holds a work order, as its page shows it."""

    suspension: str = ""  # 缓办 or 挂账, while it stands
    suspended_until: datetime | None = None
    supervision: str = ""  # the level in words
    is_closing_confirmed: bool = False
    urging_count: int = 0
    extension_count: int = 0
    has_pending_request: bool = False
    is_badly_late: bool = False
    is_exempted: bool = False
    most_extension: int = 0  # of the limit's unit
    extension_unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """The stage as it stood when a step was taken: what its record is written from."""

    state: str
    step: str
    label: str  # of the step
    person: str
    unit: str
    started_at: datetime
    clock_since: datetime
    due_at: datetime | None
    dispatched_at: datetime | None
    handling_since: datetime | None
    handling_due_at: datetime | None
