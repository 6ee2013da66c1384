"""Seeded dice with named streams, so that a new roll in one place moves nothing elsewhere."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Uniform rolls built on `random.Random.random` alone, which Python keeps stable."""

    def __init__(self, seed: int, *stream: str) -> None:
        name = "/".join((str(seed), *stream))
        self._random = random.Random(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))
        self._name = name

    def stream(self, name: str) -> Dice:
        return Dice(0, self._name, name)

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number between both ends, ends included."""
        return low + min(int(self._random.random() * (high - low + 1)), high - low)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.whole(0, len(options) - 1)]

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def shuffled(self, items: Sequence[T]) -> list[T]:
        left = list(items)
        return [left.pop(self.whole(0, len(left) - 1)) for _ in range(len(left))]
