"""What seems to have left is in doubt for some seconds: a detector may name what stands there.

Outlines alone take a smooth bin on rough ground for the ground laid bare. Detectors see only the
present picture, in which nothing is where something has left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box

DOUBT_S = 4.0  # even the slowest detector has looked by then, for it hurries
JUST_S = 2.5  # as long as a key frame is old
FORGET_S = 8.0  # hidden behind a passer-by for no longer
SAME, NAMED = 0.5, 0.25  # overlap with the doubt of a moment ago, and with what is named there


class Named(NamedTuple):
    """Where a detector named something, and when it looked."""

    box: Box
    at: float


@dataclass(frozen=True, kw_only=True)
class _Doubt:
    box: Box
    since: float
    seen_at: float


class Doubts:
    """The still things of one camera that seem to have left."""

    def __init__(self) -> None:
        self._open: list[_Doubt] = []

    def are_open(self, at: float) -> bool:
        """Tell whether something seemed to have left just now: detectors had better look."""
        return any(at - one.seen_at <= JUST_S for one in self._open)

    def is_settled(self, box: Box, *, at: float) -> bool:
        """Tell whether a thing has seemed to have left for long enough; a first time it has not."""
        self._open = [one for one in self._open if at - one.seen_at <= FORGET_S]
        known = next((one for one in self._open if iou(one.box, box) >= SAME), None)
        if known is None:
            self._open.append(_Doubt(box=box, since=at, seen_at=at))
            return False
        self._open.remove(known)
        self._open.append(replace(known, box=box, seen_at=at))
        return at - known.since >= DOUBT_S


def is_named(box: Box, named: Sequence[Named], *, since: float) -> bool:
    """Tell whether a detector has named what stands there since it came to rest."""
    return any(one.at >= since and iou(box, one.box) >= NAMED for one in named)
