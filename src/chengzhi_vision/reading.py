"""Single values that somebody else wrote, each refused by the name of its field."""

from __future__ import annotations

from datetime import time
from typing import Any

from chengzhi_vision.errors import VisionError


def number(
    value: Any, where: str, *, low: float, high: float, refusal: type[VisionError] = VisionError
) -> float:
    """Return a number between two bounds.

    :raises VisionError: it is none, or lies outside them.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise refusal(f"{where}：应为 {low:g} 到 {high:g} 之间的数，得到 {value!r}。")
    return float(value)


def hour(text: str) -> time:
    """Return a time of day; 24:00 is the end of the day.

    :raises ValueError: it is none.
    """
    return time(0, 0) if text.strip() == "24:00" else time.fromisoformat(text.strip())
