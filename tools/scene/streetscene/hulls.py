"""The outline of each kind of thing as a cloud of corner points, for boxes and occlusion."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Point3 = tuple[float, float, float]
Look = Mapping[str, Any]

# (x, half width, height) rows of the bodies that page/vehicles.js lofts, plus the tyre corners.
BODIES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "sedan": (
        (2.33, 0.62, 0.36), (2.26, 0.76, 0.68), (1.45, 0.88, 0.9), (0.22, 0.66, 1.4),
        (-0.35, 0.67, 1.485), (-0.95, 0.65, 1.43), (-2.1, 0.84, 0.99), (-2.3, 0.78, 0.86),
        (-2.34, 0.74, 0.4), (0.6, 1.0, 1.0), (1.6, 0.9, 0.0), (-1.55, 0.9, 0.0),
    ),
    "suv": (
        (2.32, 0.66, 0.4), (2.24, 0.8, 0.84), (1.45, 0.92, 1.04), (0.38, 0.71, 1.6),
        (-0.3, 0.73, 1.705), (-1.45, 0.71, 1.665), (-2.05, 0.9, 1.14), (-2.28, 0.82, 0.9),
        (-2.33, 0.8, 0.42), (0.75, 1.04, 1.12), (1.58, 0.94, 0.0), (-1.55, 0.94, 0.0),
    ),
    "van": (
        (2.17, 0.6, 0.4), (2.12, 0.74, 0.84), (1.5, 0.82, 1.06), (0.85, 0.69, 1.74),
        (0.1, 0.71, 1.865), (-1.85, 0.71, 1.845), (-2.1, 0.8, 1.12), (-2.18, 0.76, 0.4),
        (1.2, 0.93, 1.12), (1.48, 0.84, 0.0), (-1.48, 0.84, 0.0),
    ),
    "truck": (
        (2.52, 0.88, 0.5), (2.4, 0.9, 1.24), (2.05, 0.81, 2.04), (1.0, 0.81, 2.08),
        (0.84, 0.92, 1.58), (-2.6, 0.92, 1.33), (-2.6, 0.9, 0.62), (1.9, 0.92, 0.0),
        (-1.8, 0.92, 0.0),
    ),
}  # fmt: skip


def cuboid(w: float, h: float, d: float) -> list[Point3]:
    return [(x, y, z) for x in (-w / 2, w / 2) for y in (0.0, h) for z in (-d / 2, d / 2)]


def ring(radius: float, height: float, *, x: float = 0.0, z: float = 0.0) -> list[Point3]:
    turns = [i * math.pi / 5 for i in range(10)]
    return [(x + radius * math.cos(a), height, z + radius * math.sin(a)) for a in turns]


def _vehicle(look: Look) -> list[Point3]:
    rows = BODIES[look.get("body", "truck")]
    return [(x, y, side * half) for x, half, y in rows for side in (-1, 1)]


def _person(look: Look) -> list[Point3]:
    """A walker between two steps; standing people are a little slimmer than this."""
    scale = look.get("height", 1.7) / 1.68
    step = 0.13 if look.get("still") else 0.3
    points = ring(0.1, 1.66) + [(0.0, 1.73, 0.0), (0.0, 1.42, 0.25), (0.0, 1.42, -0.25)]
    points += [(x, 0.72, z) for x in (-step * 0.7, step * 0.7) for z in (-0.27, 0.27)]
    points += [(x, 0.02, z) for x in (-step - 0.05, step + 0.08) for z in (-0.13, 0.13)]
    if look.get("umbrella"):
        points += ring(0.58, 1.8, x=0.08) + ring(0.02, 2.1, x=0.08)
    return [(x * scale, y * scale, z * scale) for x, y, z in points]


def _bicycle(_: Look) -> list[Point3]:
    tyres = [
        (x + 0.34 * math.cos(a), 0.33 + 0.34 * math.sin(a), 0.0)
        for x in (0.53, -0.53)
        for a in (i * math.pi / 4 for i in range(8))
    ]
    return [*tyres, (0.3, 1.06, 0.28), (0.3, 1.06, -0.28), (-0.23, 0.89, 0.1), (0.72, 0.96, 0.18),
            (0.72, 0.96, -0.18)]  # fmt: skip


def _ebike(_: Look) -> list[Point3]:
    turns = [i * math.pi / 4 for i in range(8)]
    tyres = [
        (x + 0.26 * math.cos(a), 0.26 + 0.26 * math.sin(a), side * 0.06)
        for x in (0.6, -0.56)
        for side in (-1, 1)
        for a in turns
    ]
    top = [
        (x, y, side * z) for x, y, z in ((0.27, 1.41, 0.4), (0.24, 1.15, 0.4)) for side in (-1, 1)
    ]
    box = [(-1.0, y, side * 0.16) for y in (0.8, 1.1) for side in (-1, 1)]
    return [*tyres, *top, *box]


def _ridden(look: Look) -> list[Point3]:
    machine = _ebike(look) if look["machine"] == "ebike" else _bicycle(look)
    seat = 0.8 if look["machine"] == "ebike" else 0.86
    back = -0.3 if look["machine"] == "ebike" else -0.24
    crown = ring(0.15, seat + 0.88, x=back + 0.08) + ring(0.29, seat + 0.45, x=back)
    return machine + crown


def _tricycle(_: Look) -> list[Point3]:
    return [(1.42, 0.27, 0.05), (1.2, 0.0, 0.05), (0.92, 1.08, 0.36), (0.92, 1.08, -0.36),
            *[(x, y, side * 0.56) for x, y in ((-1.47, 0.52), (-1.47, 0.88), (0.05, 0.88),
                                               (-0.45, 0.0), (-0.9, 0.0)) for side in (-1, 1)]]  # fmt: skip


def _umbrella(_: Look) -> list[Point3]:
    return ring(1.32, 1.95) + ring(1.3, 2.06) + ring(0.05, 2.54) + ring(0.28, 0.0)


def _bag(look: Look) -> list[Point3]:
    size = look.get("size", 0.3)
    return ring(size * 1.07, size * 0.55) + ring(size * 0.7, 0.0) + ring(size * 0.3, size * 1.55)


def _bin(look: Look) -> list[Point3]:
    lid = [(x, 1.68, -0.55) for x in (-0.33, 0.33)] if look.get("open") else cuboid(0.5, 1.09, 0.5)
    return (
        [p for p in cuboid(0.66, 1.05, 0.74) if p[1]]
        + [(x, y + 0.08, z) for x, y, z in cuboid(0.48, 0.8, 0.5)]
        + lid
    )


def _dog(_: Look) -> list[Point3]:
    return [(x, y, side * 0.13) for x, y in ((0.6, 0.6), (0.37, 0.8), (-0.48, 0.7), (-0.32, 0.3),
                                             (0.24, 0.0), (-0.26, 0.0)) for side in (-1, 1)]  # fmt: skip


def _banner(look: Look) -> list[Point3]:
    """A sheet between two ropes; it sags in the middle, away from its ends."""
    wide, y = look.get("w", 6.0), look.get("y", 2.75)
    half, tall = wide / 2, wide * 0.052
    ends = [(x, y + h, z) for x in (-half, half) for h in (-tall, tall) for z in (-0.03, 0.03)]
    return [*ends, (0.0, y - tall - 0.18, 0.0)]


HULLS: dict[str, Callable[[Look], list[Point3]]] = {
    "car": _vehicle,
    "truck": _vehicle,
    "person": _person,
    "bicycle": _bicycle,
    "ebike": _ebike,
    "ridden": _ridden,
    "tricycle": _tricycle,
    "umbrella": _umbrella,
    "bag": _bag,
    "bin": _bin,
    "dog": _dog,
    "crate": lambda look: cuboid(0.6, 0.27, 0.44),
    "table": lambda look: cuboid(look.get("w", 1.8), 0.66, look.get("d", 0.8)),
    "stool": lambda look: cuboid(0.34, 0.45, 0.34),
    "carton": lambda look: cuboid(look.get("w", 0.5), look.get("h", 0.38), look.get("d", 0.4)),
    "cone": lambda look: cuboid(0.38, 0.71, 0.38),
    "sofa": lambda look: cuboid(1.9, 0.95, 0.9),
    "bricks": lambda look: cuboid(0.98, 0.52, 0.5),
    "sand": lambda look: ring(0.78, 0.02) + ring(0.3, 0.42) + [(0.0, 0.52, 0.0)],
    "banner": _banner,
    "placard": lambda look: cuboid(0.64, 0.95, 0.5),
}


def hull(kind: str, look: Look, *, mode: str = "stand") -> list[Point3]:
    """Corner points of one thing in its own frame, facing +x, standing on y = 0."""
    if kind == "person":
        return _person({**look, "still": mode == "stand"})
    return HULLS[kind](look)
