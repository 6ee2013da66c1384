"""Zones are drawn on one picture and judged on another: here, and only here, they take its size.

A camera file says on a picture of what size it was drawn. A stream may have another one, be
watched in small stills, or change: all but the shape of the picture may differ.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chengzhi_vision.config import Camera, Rule, Zone
from chengzhi_vision.perspective import scaled
from chengzhi_vision.types import Box, Size

SAME_SHAPE = 0.02  # 1088 lines for 1080, and sides rounded to whole pixels


def is_same_shape(one: Size, other: Size) -> bool:
    """Tell whether two sizes may be those of one picture."""
    across, down = factors(one, other)
    return abs(across / down - 1) <= SAME_SHAPE


def factors(before: Size, now: Size) -> tuple[float, float]:
    """Return how much wider and higher the same picture is now."""
    return now[0] / before[0], now[1] / before[1]


def fitted(camera: Camera, size: Size) -> Camera:
    """Return the camera as if it had been drawn on pictures of a size.

    A file that names no picture speaks of pixels of the stream.
    """
    if camera.picture is None or camera.picture == size:
        return camera
    across, down = factors(camera.picture, size)
    return replace(
        camera,
        picture=size,
        zones=tuple(_zone(zone, across, down) for zone in camera.zones),
        perspective=scaled(camera.perspective, across, down),
    )


def misfit(camera: Camera, size: Size) -> str:
    """Return why a camera cannot be judged on pictures of a size; nothing where it can."""
    if camera.picture is None or is_same_shape(camera.picture, size):
        return ""
    return (
        f"画面是{size[0]}×{size[1]}，区域是在{camera.picture[0]}×{camera.picture[1]}的画面上画的，"
        "宽高比不同，位置对不上，已停判；请换最新画面，核对区域后重新保存。"
    )


def resized(box: Box, before: Size, now: Size) -> Box:
    """Return a box in pixels of the same picture at another size."""
    if before == now:
        return box
    across, down = factors(before, now)
    return Box(x=box.x * across, y=box.y * down, w=box.w * across, h=box.h * down)


def read_size(value: Any) -> Size | None:
    """Return a size that was written down; one from before sizes were told is unknown.

    :raises TypeError, ValueError: it is none.
    """
    if value is None:
        return None
    width, height = (int(side) for side in value)
    if min(width, height) < 1:
        raise ValueError(value)
    return width, height


def _zone(zone: Zone, across: float, down: float) -> Zone:
    polygon = tuple((x * across, y * down) for x, y in zone.polygon)
    rules = tuple(_rule(rule, across, down) for rule in zone.rules)
    return replace(zone, polygon=polygon, rules=rules)


def _rule(rule: Rule, across: float, down: float) -> Rule:
    low, high = rule.min_size, rule.max_size
    return replace(
        rule,
        min_size=(low[0] * across, low[1] * down),
        max_size=None if high is None else (high[0] * across, high[1] * down),
    )
