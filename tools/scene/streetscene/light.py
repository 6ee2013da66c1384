"""Sun and cloud steps and the camera's automatic gain."""

from __future__ import annotations

import math

from .types import Plan

GAIN_SECONDS = 2.5
COMPENSATED = 0.6


def sun_at(plan: Plan, t: float) -> float:
    """The sun's share at `t`: each step moves to its level within 0.4 s."""
    level = 1.0
    for at, target in plan.sky.steps:
        share = min(max((t - at) / 0.4, 0.0), 1.0)
        level += (target - level) * share
    return level


def exposure_at(plan: Plan, t: float) -> float:
    """Exposure after the gain has followed the light with its lag."""
    gain = 1.0
    for at, target in plan.sky.steps:
        if t >= at:
            wanted = (1 / (0.35 + 0.65 * target)) ** COMPENSATED
            gain += (wanted - gain) * (1 - math.exp(-(t - at) / GAIN_SECONDS))
    return plan.sky.exposure * gain
