"""When cameras are dark and see again: what each of them went through, and what people are told."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("vision.camera-blind", label="摄像头失明", say="摄像头{camera}看不清：{zone}")
@dataclass(frozen=True, kw_only=True)
class CameraWentBlind:
    """`zone` is the part of the picture, or the state where there is none; `finding_id` may be empty."""

    camera: str
    finding_id: str
    zone: str
    started_at: str


@event("vision.camera-silent", label="摄像头失联", say="摄像头{camera}自{since}起没有心跳")
@dataclass(frozen=True, kw_only=True)
class CameraSilent:
    camera: str
    since: str
    started_at: str = ""


@event("vision.camera-recovered", label="摄像头恢复", say="摄像头{camera}恢复正常，此前{was_label}")
@dataclass(frozen=True, kw_only=True)
class CameraRecovered:
    camera: str
    was: str
    was_label: str


@event(
    "vision.incident-dropped",
    label="设备异常不再计",
    say="摄像头{camera}已停用，“{was_label}”不再计",
)
@dataclass(frozen=True, kw_only=True)
class IncidentDropped:
    """Switched off while it was dark: neither dark nor well again."""

    camera: str
    was: str
    was_label: str


@dataclass(frozen=True, kw_only=True)
class OfCameras:
    """Several cameras at once, for the whole county (`scope` county) or one squad (squad)."""

    scope: str
    squad: str
    count: int
    cameras: list[str]
    cameras_text: str


@event(
    "vision.cameras-dark",
    label="摄像头看不到画面",
    say="{count} 路摄像头看不到画面（{why}）：{cameras_text}，最早自 {since} 起",
)
@dataclass(frozen=True, kw_only=True)
class CamerasDark(OfCameras):
    """Dark for long enough to tell people, once for all that are; `size` is few or many."""

    size: str
    why: str
    since: str
    started_at: str
    hint: str


@event(
    "vision.cameras-see-again",
    label="摄像头恢复画面",
    say="{count} 路摄像头恢复画面：{cameras_text}，最长看不到 {longest}",
)
@dataclass(frozen=True, kw_only=True)
class CamerasSeeAgain(OfCameras):
    """Those that people were told of, well for long enough to be believed."""

    longest: str
