"""The grey picture the chain works on."""

from __future__ import annotations

from chengzhi_vision.types import Frame, Picture

LUMA_WIDTH = 640


def luma_of(frame: Frame) -> tuple[Picture, float]:
    """Return the grey picture, at most 640 wide, and its scale."""
    width, height = frame.size
    if width <= LUMA_WIDTH:
        return frame.grey(None), 1.0
    scale = LUMA_WIDTH / width
    return frame.grey((LUMA_WIDTH, max(round(height * scale), 1))), scale
