"""How tall a person looks at each place of the picture, from two heights marked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengzhi_vision.errors import CameraFileInvalid

PERSON_M = 1.7
WHERE = "camera.perspective.person"
Mark = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Perspective:
    """Two persons of 1.7 m: x and y of the feet and the height, in pixels (透视提示)."""

    far: Mark
    near: Mark


def expected_height(perspective: Perspective, y: float) -> float:
    """Return a person's height in pixels where the feet stand at `y`; 0 above the horizon.

    Over level ground heights grow in proportion to the distance below the horizon.
    """
    _, far_y, far_h = perspective.far
    _, near_y, near_h = perspective.near
    return max(far_h + (near_h - far_h) / (near_y - far_y) * (y - far_y), 0.0)


def scaled(perspective: Perspective | None, across: float, down: float) -> Perspective | None:
    """Return the perspective of the same picture at another size."""
    if perspective is None:
        return None
    far, near = (
        (x * across, y * down, h * down) for x, y, h in (perspective.far, perspective.near)
    )
    return Perspective(far=far, near=near)


def shifted(perspective: Perspective | None, dx: float, dy: float) -> Perspective | None:
    """Return the perspective of a picture that has moved: a push turns the camera, so the horizon
    moves with the street, and whoever stands there looks as tall as before."""
    if perspective is None:
        return None
    far, near = ((x + dx, y + dy, h) for x, y, h in (perspective.far, perspective.near))
    return Perspective(far=far, near=near)


def read_perspective(value: Any) -> Perspective | None:
    """Return what [camera.perspective] says, or None without it."""
    if value is None:
        return None
    marks = value.get("person") if isinstance(value, Mapping) and set(value) == {"person"} else None
    if not isinstance(marks, list) or len(marks) != 2:
        raise CameraFileInvalid(
            f"{WHERE}：应为两处人的高度 [[x, 脚底y, 身高], [x, 脚底y, 身高]]，请改正。"
        )
    far, near = sorted((_mark(mark) for mark in marks), key=lambda mark: mark[1])
    if near[1] - far[1] < 1 or near[2] <= far[2]:
        raise CameraFileInvalid(f"{WHERE}：两处的人应一远一近，画面下方的更高，请重新标。")
    return Perspective(far=far, near=near)


def _mark(value: Any) -> Mark:
    is_three = isinstance(value, list) and len(value) == 3
    if not is_three or not all(type(part) in (int, float) for part in value) or value[2] <= 0:
        raise CameraFileInvalid(f"{WHERE}：每处应为 [x, 脚底y, 身高像素]，得到 {value!r}。")
    x, y, height = value
    return (float(x), float(y), float(height))
