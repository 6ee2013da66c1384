"""What a camera says when it looks again at a place it reported."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("vision.finding-gone", label="监控看到已消失", say="摄像头{camera}看到已消失：{gone_text}")
@dataclass(frozen=True, kw_only=True)
class FindingGone:
    """`look` names the look for whoever may hear of it twice."""

    finding_id: str
    camera: str
    look: str
    work_order: str
    gone_at: str
    gone_text: str
    still: str


@event("vision.recheck-asked", label="请监控回看", say="请摄像头{camera}回看现场")
@dataclass(frozen=True, kw_only=True)
class RecheckAsked:
    finding_id: str
    camera: str
    work_order: str


@event(
    "vision.recheck-answered",
    label="监控回看",
    say="摄像头{camera}回看：{answer_label}（{looked_text}）{remark}",
)
@dataclass(frozen=True, kw_only=True)
class RecheckAnswered:
    finding_id: str
    camera: str
    look: str
    work_order: str
    answer: str
    answer_label: str
    looked_at: str
    looked_text: str
    remark: str
    still: str
