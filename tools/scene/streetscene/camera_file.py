"""The camera file of a clip: zones in pixels and rules with dwell, as the worker reads it."""

from __future__ import annotations

from .lens import zone_polygon
from .types import Plan, Zone


def _zone(plan: Plan, zone: Zone) -> str:
    corners = ", ".join(f"[{x}, {y}]" for x, y in zone_polygon(plan.lens, zone))
    lines = [
        "[[zones]]",
        f'name = "{zone.name}"',
        f'kind = "{zone.kind}"',
        f"polygon = [{corners}]",
    ]
    for rule in zone.rules:
        lines += ["[[zones.rules]]", f'finding = "{rule.finding}"', f"dwell_s = {rule.dwell_s}"]
    return "\n".join(lines)


def camera_text(plan: Plan) -> str:
    head = f'[camera]\ncode = "{plan.code}"'
    return "\n\n".join([head, *(_zone(plan, zone) for zone in plan.zones)]) + "\n"
