"""Put the pieces of one thing together: a stall seen as a parasol, a table and some boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from chengzhi_vision.types import Box, Detection

TOGETHER_S, FIRST_S = 6.0, 2.0
GAP = 0.35  # of the larger piece's side
ABOVE, OVER = 0.7, 0.5  # the same for one above the other; of the narrower one


def joined(
    things: Sequence[Detection], since: Sequence[float], *, began: float = -math.inf
) -> tuple[tuple[Detection, ...], tuple[float, ...]]:
    """Return still things with those joined that came to rest together, close by.

    The largest piece says when: people who set it up may have stood beside it before. What the
    first pictures show, when watching `began`, need not have come together.
    """
    left = list(zip(things, since, strict=True))
    whole: list[tuple[Detection, float]] = []
    while left:
        one, rest = left.pop()
        other = next((pair for pair in left if _belong(one, rest, *pair, began=began)), None)
        if other is None:
            whole.append((one, rest))
            continue
        left.remove(other)
        main = rest if one.box.area >= other[0].box.area else other[1]
        left.append((_join(one, other[0]), main))
    return tuple(thing for thing, _ in whole), tuple(rest for _, rest in whole)


def _belong(
    one: Detection, rest: float, other: Detection, other_rest: float, *, began: float
) -> bool:
    if abs(rest - other_rest) > TOGETHER_S:
        return False
    were_seen = min(rest, other_rest) > began + FIRST_S
    return are_near(one.box, other.box) or (were_seen and _is_stacked(one.box, other.box))


def _is_stacked(a: Box, b: Box) -> bool:
    """Tell whether one box lies over the other: between a parasol and the boxes under it is ground."""
    shared = min(a.right, b.right) - max(a.x, b.x)
    return shared >= OVER * min(a.w, b.w) and are_near(a, b, gap=ABOVE)


def are_near(a: Box, b: Box, *, gap: float = GAP) -> bool:
    """Tell whether two boxes lie close by, measured by the larger one."""
    gap_x = max(a.x - b.right, b.x - a.right, 0.0)
    gap_y = max(a.y - b.bottom, b.y - a.bottom, 0.0)
    return max(gap_x, gap_y) <= gap * max(a.w, a.h, b.w, b.h)


def _join(one: Detection, other: Detection) -> Detection:
    """Return both as one; the score is that of the pieces, weighed by their size."""
    a, b = one.box, other.box
    left, top = min(a.x, b.x), min(a.y, b.y)
    right, bottom = max(a.right, b.right), max(a.bottom, b.bottom)
    score = (one.score * a.area + other.score * b.area) / (a.area + b.area)
    box = Box(x=left, y=top, w=right - left, h=bottom - top)
    return replace(one, box=box, score=round(score, 4))
