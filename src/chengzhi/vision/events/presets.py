"""What happens to the views of a moving camera."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "vision.preset-added", label="新增预置位", say="摄像头{camera}新增预置位“{preset}”{zones_text}"
)
@dataclass(frozen=True, kw_only=True)
class PresetAdded:
    camera: str
    preset: str
    zones_text: str


@event("vision.preset-renamed", label="预置位改名", say="预置位“{was}”改名为“{preset}”")
@dataclass(frozen=True, kw_only=True)
class PresetRenamed:
    camera: str
    was: str
    preset: str


@event("vision.preset-renewed", label="预置位换参考图", say="预置位“{preset}”换了参考图")
@dataclass(frozen=True, kw_only=True)
class PresetRenewed:
    camera: str
    preset: str
    still: str


@event("vision.preset-home-set", label="设为看守位", say="预置位“{preset}”设为看守位")
@dataclass(frozen=True, kw_only=True)
class PresetHomeSet:
    camera: str
    preset: str


@event("vision.preset-retired", label="停用预置位", say="停用预置位“{preset}”：{reason}")
@dataclass(frozen=True, kw_only=True)
class PresetRetired:
    camera: str
    preset: str
    reason: str
