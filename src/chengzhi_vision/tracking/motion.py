"""A constant-velocity Kalman filter for boxes (state: x, y, w, h of center and their speeds)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.types import Box

Vector = NDArray[np.float64]
POSITION_NOISE = 0.05  # of the box height, per step
SPEED_NOISE = 0.25  # of the box height, per second
SEEN, STAY, MOVE = np.eye(4), np.eye(8), np.eye(8, k=4)


class Motion:
    """One box that moves; times are seconds of the stream."""

    def __init__(self, box: Box, *, pts: float) -> None:
        scale = max(box.h, 1.0)
        self.pts = pts
        self.mean: Vector = np.concatenate([_measured(box), np.zeros(4)])
        self.spread = np.diag([0.1 * scale] * 4 + [1.0 * scale] * 4) ** 2

    def predict(self, pts: float) -> Box:
        """Move the state on to `pts` and return where the box should be."""
        dt, self.pts = max(pts - self.pts, 0.0), pts
        step = STAY + dt * MOVE
        scale = max(self.mean[3], 1.0)
        noise = [(POSITION_NOISE * scale) ** 2 * dt] * 4 + [(SPEED_NOISE * scale) ** 2 * dt] * 4
        self.mean = step @ self.mean
        self.spread = step @ self.spread @ step.T
        self.spread.flat[::9] += noise  # on the diagonal
        return self.box

    def correct(self, box: Box) -> None:
        """Take in what was seen at the predicted moment."""
        scale = max(box.h, 1.0)
        seen = self.spread[:4]  # only the first four numbers are observed
        innovation = seen[:, :4] + SEEN * (POSITION_NOISE * scale) ** 2
        gain = np.linalg.solve(innovation, seen).T
        self.mean = self.mean + gain @ (_measured(box) - self.mean[:4])
        self.spread = self.spread - gain @ seen

    @property
    def box(self) -> Box:
        x, y, w, h = self.mean[:4].tolist()
        w, h = max(w, 1.0), max(h, 1.0)
        return Box(x=x - w / 2, y=y - h / 2, w=w, h=h)

    @property
    def speed(self) -> float:
        """Return how many of its own sizes the center moves in a second."""
        size = float(np.sqrt(max(self.mean[2] * self.mean[3], 1.0)))
        return float(np.hypot(self.mean[4], self.mean[5])) / size


def _measured(box: Box) -> Vector:
    x, y = box.center
    return np.array([x, y, box.w, box.h])
