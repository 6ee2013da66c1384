"""Capture accuracy and how sure one may be of it."""

from math import sqrt

Z_95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(true: int, reviewed: int, *, z: float = Z_95) -> tuple[float, float] | None:
    """Return the Wilson score interval of a share; none when nothing was reviewed.

    Wilson, J. Am. Stat. Assoc. 22 (1927) 209: unlike p ± z·se it stays inside [0, 1] and
    holds its level when few captures were reviewed.
    """
    if reviewed == 0:
        return None
    share = true / reviewed
    shrink = 1 + z * z / reviewed
    middle = (share + z * z / (2 * reviewed)) / shrink
    spread = z * sqrt(share * (1 - share) / reviewed + z * z / (4 * reviewed**2)) / shrink
    return max(0.0, middle - spread), min(1.0, middle + spread)
