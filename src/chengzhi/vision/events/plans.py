"""What happens to the drawings on a camera's picture."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "vision.zone-plan-saved",
    label="保存布控方案",
    say="摄像头{camera}布控方案第{version}版：{zones}；规则{rules}条",
)
@dataclass(frozen=True, kw_only=True)
class ZonePlanSaved:
    camera: str
    version: int
    zones: str
    rules: int


@event("vision.still-asked", label="要新画面", say="向识别程序要摄像头{camera}的新画面")
@dataclass(frozen=True, kw_only=True)
class StillAsked:
    camera: str
