"""How long to wait before the next try: doubling, bounded, and spread by chance."""

from __future__ import annotations

from collections.abc import Callable

FIRST_S, LIMIT_S = 1.0, 300.0


def wait_s(attempts: int, *, chance: Callable[[], float]) -> float:
    """Return the seconds to wait after so many failures; `chance` yields 0 to 1."""
    full = min(FIRST_S * 2.0 ** min(attempts, 20), LIMIT_S)
    return full * (0.5 + 0.5 * chance())
