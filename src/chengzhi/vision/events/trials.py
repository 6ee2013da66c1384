"""What happens to a trial of rules."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("vision.trial-asked", label="要求试跑规则", say="摄像头{camera}试跑：{zones}，规则{rules}条")
@dataclass(frozen=True, kw_only=True)
class TrialAsked:
    camera: str
    trial: int
    zones: str
    rules: int


@event("vision.trial-begun", label="开始试跑规则", say="识别程序{worker}开始试跑摄像头{camera}")
@dataclass(frozen=True, kw_only=True)
class TrialBegun:
    camera: str
    trial: int
    worker: str


@event(
    "vision.trial-finished",
    label="试跑完成",
    say="摄像头{camera}试跑完成：{stills}张画面会报{alarms}件",
)
@dataclass(frozen=True, kw_only=True)
class TrialFinished:
    camera: str
    trial: int
    stills: int
    covered_s: float
    alarms: int


@event("vision.trial-failed", label="不能试跑", say="摄像头{camera}不能试跑：{refusal}")
@dataclass(frozen=True, kw_only=True)
class TrialFailed:
    camera: str
    trial: int
    refusal: str


@event("vision.trial-discarded", label="放弃试跑", say="放弃摄像头{camera}的试跑")
@dataclass(frozen=True, kw_only=True)
class TrialDiscarded:
    camera: str
    trial: int


@event(
    "vision.trial-switched-on",
    label="启用试过的规则",
    say="启用摄像头{camera}试过的规则，布控方案第{version}版",
)
@dataclass(frozen=True, kw_only=True)
class TrialSwitchedOn:
    camera: str
    trial: int
    version: int
