"""What closer looks at a stay have said so far: it belongs to the stay and outlives a restart."""

from __future__ import annotations

from dataclasses import dataclass, field

from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Box

SURE_S, SAME_THING = 10.0, 0.5  # so long a first look is believed, and of what box
REST_S = 8.0  # a refused stay may be proposed again after this; doubled each time


@dataclass
class Tries:
    """Closer looks at a stay, one after the other."""

    count: int = 0
    named: int = 0
    asked_at: float = float("-inf")
    agreed: int = 0  # said yes, one after the other
    is_disputed: bool = False  # people were seen there, or a round of looks refused it

    def note(self, *, at: float, is_yes: bool, is_named: bool, sees_people: bool) -> None:
        """Take in one look."""
        self.count, self.asked_at = self.count + 1, at
        self.named += is_named
        self.agreed = self.agreed + 1 if is_yes else 0
        self.is_disputed |= sees_people


@dataclass
class Asked:
    """Closer looks under one kind of finding: before the dwell was reached, and since then."""

    early: Tries = field(default_factory=Tries)
    late: Tries | None = None  # of the open candidate
    sure_of: Box | None = None  # said before the dwell was reached
    refused_at: float = 0.0
    refusals: int = 0

    def is_sure(self, box: Box, *, at: float) -> bool:
        """Tell whether a look said yes just now, to what stands there and not to a piece of it."""
        if self.sure_of is None or at - self.early.asked_at > SURE_S:
            return False
        return iou(self.sure_of, box) >= SAME_THING

    def is_resting(self, at: float) -> bool:
        """Tell whether a refused stay is left alone for now."""
        if not self.refusals:
            return False
        return at - self.refused_at < REST_S * 2.0 ** (self.refusals - 1)

    def refuse(self, *, at: float, refusals: int) -> None:
        """End a round of looks: the stay rests."""
        self.late, self.refused_at, self.refusals = None, at, refusals
