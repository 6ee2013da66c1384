"""Which findings below a threshold are shown all the same: a draw that anybody can repeat."""

import hashlib

from chengzhi.vision.types import Explored


def draw(finding_id: str) -> float:
    """Return a number in [0, 1) that belongs to a finding for ever."""
    digest = hashlib.sha256(f"explore|{finding_id}".encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def is_drawn(finding_id: str, *, share: float) -> bool:
    """Return whether a finding is among the share that is shown below the threshold."""
    return draw(finding_id) < share


def shown_as(
    finding_id: str, *, score: float, threshold: float | None, share: float, by_worker: bool
) -> Explored | None:
    """Return how a finding comes to the desk: plainly, by draw, or (none) not at all.

    What the worker drew is not drawn again: twice would be a smaller share than was said.
    """
    if threshold is None or score >= threshold:
        return Explored.NO
    if by_worker:
        return Explored.WORKER
    return Explored.SERVER if is_drawn(finding_id, share=share) else None
