"""What the camera that reported a problem saw afterwards."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.camera-looked",
    label="监控回看",
    say="摄像头{camera}（{looked_text}）回看：{answer_label}{remark}{warning}",
)
@dataclass(frozen=True, kw_only=True)
class CameraLooked:
    """A hint to whoever checks; `warning` is set where it speaks against the handler's report."""

    code: str
    camera: str
    ref: str
    answer: str
    answer_label: str
    looked_at: str
    looked_text: str
    remark: str
    warning: str


@event(
    "workorders.checked-by-camera",
    label="监控核查",
    say="摄像头{camera}看到问题消失，依据《{policy_title}》（{document}，负责人 {answerable_name}）核查通过",
)
@dataclass(frozen=True, kw_only=True)
class WorkOrderCheckedByCamera:
    """The published policy stands for the checker's decision (docs/adr/0009)."""

    code: str
    camera: str
    ref: str
    looked_at: str
    policy: int
    policy_title: str
    document: str
    answerable: str
    answerable_name: str
