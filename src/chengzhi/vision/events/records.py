"""What happens to cameras and to findings; times are ISO 8601 text so that they read back."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("vision.camera-registered", label="登记摄像头", say="登记摄像头{camera}“{title}”")
@dataclass(frozen=True, kw_only=True)
class CameraRegistered:
    camera: str
    title: str
    lon: float
    lat: float
    division: str


@event("vision.camera-changed", label="修改摄像头", say="修改摄像头{camera}：{fields}")
@dataclass(frozen=True, kw_only=True)
class CameraChanged:
    """The fields' names only: an address of a stream may carry a password."""

    camera: str
    fields: str


@event("vision.zones-changed", label="布控区域变更", say="摄像头{camera}布控区域：{zones}")
@dataclass(frozen=True, kw_only=True)
class ZonesChanged:
    camera: str
    zones: str
    added: int
    removed: int
    changed: int


@event(
    "vision.rule-changed",
    label="布控规则变更",
    say="区域“{zone}”{kind_label}规则第{version}版：{text}",
)
@dataclass(frozen=True, kw_only=True)
class RuleChanged:
    camera: str
    zone: str
    kind: str
    kind_label: str
    version: int
    text: str


@event(
    "vision.finding-received",
    label="收到抓拍",
    say="摄像头{camera}在“{zone}”发现{kind_label}（{score:.2f}），模型{model} {model_version}",
)
@dataclass(frozen=True, kw_only=True)
class FindingReceived:
    finding_id: str
    camera: str
    kind: str
    kind_label: str
    matter_code: str
    zone: str
    started_at: str
    alarm_at: str
    start_unknown: bool
    score: float
    model: str
    model_version: str
    frame_sha256: str
    evidence: int


@event(
    "vision.manifest-unkept",
    label="清单未收存",
    say="抓拍{finding_id}的清单（{day}第{number}份）没有收存：{reason}",
)
@dataclass(frozen=True, kw_only=True)
class ManifestUnkept:
    """Its place in the chain of the camera's day stays known, so that it leaves no gap there."""

    finding_id: str
    camera: str
    sha256: str
    day: str
    stretch: int
    number: int
    previous: str
    reason: str


@event("vision.evidence-complete", label="证据收齐", say="抓拍证据{files}份已收齐并核对散列")
@dataclass(frozen=True, kw_only=True)
class EvidenceCompleted:
    finding_id: str
    files: int


@event("vision.finding-confirmed", label="确认抓拍", say="人工确认抓拍属实{remark}")
@dataclass(frozen=True, kw_only=True)
class FindingConfirmed:
    """`client_ref` names this confirmation: a second one after an undo has another."""

    finding_id: str
    client_ref: str
    camera: str
    camera_name: str
    kind: str
    matter_code: str
    reported_matter_code: str
    lon: float
    lat: float
    address: str
    zone: str
    started_at: str
    alarm_at: str
    note: str
    remark: str
    priority: int


@event("vision.finding-rejected", label="判为误报", say="人工判为误报：{reason_label}{remark}")
@dataclass(frozen=True, kw_only=True)
class FindingRejected:
    finding_id: str
    camera: str
    kind: str
    reason: str
    reason_label: str
    note: str
    remark: str


@event("vision.finding-merged", label="并入案件", say="并入案件{work_order_code}")
@dataclass(frozen=True, kw_only=True)
class FindingMerged:
    """`work_order` is a reference such as "workorder:12"; the context next door owns it."""

    finding_id: str
    camera: str
    kind: str
    work_order: str
    work_order_code: str


@event("vision.finding-reopened", label="撤回判定", say="撤回“{was_label}”，重新待复核")
@dataclass(frozen=True, kw_only=True)
class FindingReopened:
    """`work_order` is set when the confirmation had already made one, which must be voided."""

    finding_id: str
    was: str
    was_label: str
    work_order: str
    work_order_code: str


@event("vision.work-order-linked", label="生成案件", say="由抓拍生成案件{work_order_code}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderLinked:
    finding_id: str
    work_order: str
    work_order_code: str
