"""Typed, versioned thresholds read from data/thresholds.toml, with a camera's own overrides."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from chengzhi_vision.errors import CameraFileInvalid


@dataclass(frozen=True, kw_only=True)
class DetectorLimits:
    floor: float
    tile_share: float
    tile_margin: float
    per_second: float
    settle_s: float
    idle_s: float
    change_grey: float
    focus: float
    slow_s: float


@dataclass(frozen=True, kw_only=True)
class ScoreLimits:
    vehicle: float
    two_wheeler: float
    object: float
    dog: float
    dog_seen: float
    garbage: float
    bin: float
    overflow: float
    umbrella: float
    person_veto: float


@dataclass(frozen=True, kw_only=True)
class TrackLimits:
    match_iou: float
    weak_score: float
    start_score: float
    person_start_score: float
    lost_s: float


@dataclass(frozen=True, kw_only=True)
class DwellLimits:
    same_place_iou: float
    still_speed: float
    grace_s: float
    gone_s: float
    bridge_s: float
    same_look: float
    other_look: float
    min_seen_share: float
    confirm_s: float
    start_window_s: float
    min_side_px: float


@dataclass(frozen=True, kw_only=True)
class StaticLimits:
    width: int
    height: int
    warm_s: float
    stable_s: float
    min_area_share: float
    max_area_share: float
    person_share: float
    min_seen_share: float
    removed_ratio: float


@dataclass(frozen=True, kw_only=True)
class GroundLimits:
    every_s: float
    learn_s: float
    known_share: float


@dataclass(frozen=True, kw_only=True)
class CompanyLimits:
    near: float
    near_share: float
    away_share: float
    hidden_share: float
    owner: float
    owner_s: float


@dataclass(frozen=True, kw_only=True)
class LaneLimits:
    red_s: float
    min_stop_s: float
    together_s: float
    released_s: float
    learned_groups: float


@dataclass(frozen=True, kw_only=True)
class HealthLimits:
    light_share: float
    light_pause_s: float
    dark_spread: float
    sharp_share: float
    frozen_s: float
    shift_share: float
    shift_s: float
    blind_after_s: float


@dataclass(frozen=True, kw_only=True)
class EvidenceLimits:
    pre_roll_s: float
    post_roll_s: float
    ring_bytes: int
    jpeg_quality: int


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """All thresholds and their version."""

    version: str
    detector: DetectorLimits
    score: ScoreLimits
    track: TrackLimits
    dwell: DwellLimits
    static: StaticLimits
    ground: GroundLimits
    company: CompanyLimits
    lane: LaneLimits
    health: HealthLimits
    evidence: EvidenceLimits


GROUPS: dict[str, Any] = {
    "detector": DetectorLimits,
    "score": ScoreLimits,
    "track": TrackLimits,
    "dwell": DwellLimits,
    "static": StaticLimits,
    "ground": GroundLimits,
    "company": CompanyLimits,
    "lane": LaneLimits,
    "health": HealthLimits,
    "evidence": EvidenceLimits,
}


def thresholds(overrides: Mapping[str, Any] | None = None) -> Thresholds:
    """Return the packaged thresholds with a camera's [thresholds.<group>] laid over them."""
    path = resources.files("chengzhi_vision.data").joinpath("thresholds.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    changed = dict(overrides or {})
    groups = {name: _group(name, table[name], changed.pop(name, {})) for name in GROUPS}
    if changed:
        raise CameraFileInvalid(f"thresholds.{min(changed)}：没有这一组阈值，请删除或改正名称。")
    mark = "+camera" if overrides else ""
    return Thresholds(version=table["version"] + mark, **groups)


def _group(name: str, packaged: dict[str, Any], own: Any) -> Any:
    if not isinstance(own, Mapping):
        raise CameraFileInvalid(f"thresholds.{name}：应为一组“名称 = 数值”。")
    for key, value in own.items():
        if key not in packaged:
            raise CameraFileInvalid(f"thresholds.{name}.{key}：没有这一项阈值，请删除或改正名称。")
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise CameraFileInvalid(f"thresholds.{name}.{key}：应为不小于 0 的数。")
    return GROUPS[name](**{**packaged, **own})
