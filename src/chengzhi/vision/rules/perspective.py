"""From two person heights to sizes: how large a thing of so many metres looks at each place.

A camera over level ground sees heights grow in proportion to the distance below the horizon
(pinhole model), so two marks give the height at every y.
"""

from dataclasses import dataclass

from chengzhi.vision.rules.sizes import SizeRow, sizes
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import Perspective, Polygon, RuleSpec

PERSON_M = 1.7
#: Side of the smallest thing the detectors find reliably (vision_models.md: R64, 64 x 64 px).
LEAST_PX = 64.0


@dataclass(frozen=True, kw_only=True)
class Smallest:
    """What can still be judged in an area: the smallest side at its far and its near edge."""

    far_m: float | None = None  # none: unknown, or the far edge lies on or above the horizon
    near_m: float | None = None
    warnings: tuple[str, ...] = ()


def expected_height(perspective: Perspective, y: float) -> float:
    """Return a person's height in pixels where the feet stand at `y`; 0 above the horizon."""
    (_, far_y, far_h), (_, near_y, near_h) = perspective.person
    slope = (near_h - far_h) / (near_y - far_y)
    return max(0.0, far_h + slope * (y - far_y))


def pixels(perspective: Perspective, y: float, *, metres: float) -> float:
    """Return how many pixels so many metres are at `y`."""
    return metres * expected_height(perspective, y) / PERSON_M


def metres(perspective: Perspective, y: float, *, pixels: float) -> float | None:
    """Return how many metres so many pixels are at `y`; none above the horizon."""
    height = expected_height(perspective, y)
    return pixels * PERSON_M / height if height > 0 else None


def smallest(perspective: Perspective, polygon: Polygon, rules: tuple[RuleSpec, ...]) -> Smallest:
    """Return the smallest thing that can be judged in an area, and which rules ask for less."""
    far = min(y for _, y in polygon)
    near = max(y for _, y in polygon)
    rows = [sizes()[rule.finding] for rule in rules if rule.finding in sizes()]
    said = tuple(_warning(perspective, far, near, row) for row in rows)
    return Smallest(
        far_m=metres(perspective, far, pixels=LEAST_PX),
        near_m=metres(perspective, near, pixels=LEAST_PX),
        warnings=tuple(text for text in said if text),
    )


def _warning(perspective: Perspective, far: float, near: float, row: SizeRow) -> str:
    at_far = pixels(perspective, far, metres=row.typical_m)
    if at_far >= LEAST_PX:
        return ""
    label = kind_label(row.finding)
    if pixels(perspective, near, metres=row.typical_m) < LEAST_PX:
        return f"“{label}”：此处目标太小，整个区域都不到{LEAST_PX:g}像素，请换近处或调镜头。"
    return f"“{label}”：远端此处目标太小，约{at_far:.0f}像素（至少{LEAST_PX:g}），请把远端收近。"


def derived_limits(perspective: Perspective, polygon: Polygon, finding: str) -> tuple[int, int]:
    """Return the smallest and largest side in pixels that a thing of this kind may have here."""
    row = sizes()[finding]
    far, near = min(y for _, y in polygon), max(y for _, y in polygon)
    low = pixels(perspective, far, metres=row.min_m)
    high = pixels(perspective, near, metres=row.max_m)
    return round(low), max(round(high), 1)
