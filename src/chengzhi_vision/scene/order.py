"""Percentiles, medians, spread and correlation of small arrays, at a tenth of what numpy takes for them."""

from __future__ import annotations

from math import sqrt
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LEAST_SPREAD = 1.0  # grey levels below which a picture is plain


def percentile(values: NDArray[Any], percent: float) -> float:
    """Return a percentile of some values, between two of them by straight line."""
    flat = values.ravel()
    place = percent / 100 * (flat.size - 1)
    low = int(place)
    high = min(low + 1, flat.size - 1)
    parted = np.partition(flat, (low, high))
    below, above, share = float(parted[low]), float(parted[high]), place - low
    if share >= 0.5:
        return above - (above - below) * (1 - share)
    return below + (above - below) * share


def median(values: NDArray[Any]) -> float:
    """Return the middle one of some values, or the mean of the two in the middle."""
    flat, half = values.ravel(), values.size // 2
    if flat.size % 2:
        return float(np.partition(flat, half)[half])
    return float(np.partition(flat, (half - 1, half))[half - 1 : half + 1].mean())


def share_of(where: NDArray[np.bool_]) -> float:
    """Return which share of some pixels is marked, at a tenth of what their mean takes."""
    return np.count_nonzero(where) / where.size


def mean_in(picture: NDArray[Any], where: NDArray[np.bool_]) -> float:
    """Return the mean of a picture where it is marked."""
    return cv2.mean(picture, where.view(np.uint8))[0]


def spread(picture: NDArray[Any]) -> float:
    """Return the standard deviation of a picture."""
    return float(cv2.meanStdDev(picture)[1][0, 0])


def correlation(one: NDArray[Any], other: NDArray[Any]) -> float | None:
    """Return how two pictures go along with each other, None where one of them shows nothing."""
    a = one.ravel().astype(np.float64)
    b = other.ravel().astype(np.float64)
    a -= a.mean()
    b -= b.mean()
    spread_a, spread_b = float(a @ a), float(b @ b)
    if min(spread_a, spread_b) < a.size * LEAST_SPREAD**2:
        return None
    return float(a @ b) / sqrt(spread_a * spread_b)
