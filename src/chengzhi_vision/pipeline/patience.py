"""The paces of the chain: how long something may be hidden or held back, which frames count."""

from __future__ import annotations

from chengzhi_vision.config import Camera


def graces(camera: Camera) -> dict[str, float]:
    """Return the longest grace that the rules of each zone give."""
    known = {z.name: [r.grace_s for r in z.rules if r.grace_s is not None] for z in camera.zones}
    return {name: max(values) for name, values in known.items() if values}


def hold_s(camera: Camera) -> float:
    """Return how long a still thing is withheld from the background: twice the longest dwell."""
    longest = max((r.dwell_s for z in camera.zones for r in z.rules), default=60.0)
    return 2 * longest + 60


class Counts:
    """Which frames count as a look of the static generator: as many as the detector has."""

    def __init__(self, *, every_s: float) -> None:
        self.every_s, self._next = every_s, float("-inf")

    def is_due(self, at: float) -> bool:
        """Tell whether the frame of this moment counts."""
        if at + 1e-6 < self._next:
            return False
        self._next = max(self._next + self.every_s, at + self.every_s / 2)
        return True
