"""Between the server and the cameras: who asks what of which watcher."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any, Protocol

from chengzhi_vision.errors import DeliveryRefused
from chengzhi_vision.recheck.answers import read_question
from chengzhi_vision.recheck.watcher import Watcher

REST_S = 600.0  # an older platform has no second looks: ask it rarely
log = logging.getLogger("chengzhi_vision")


class Asking(Protocol):
    """What the desk needs of the server."""

    def questions(self) -> list[dict[str, Any]]: ...


class Desk:
    """Knows the watcher of each camera at work."""

    def __init__(self) -> None:
        self._watchers: dict[str, Watcher] = {}
        self._lock = Lock()
        self._rests_until = 0.0

    def join(self, camera: str, watcher: Watcher) -> None:
        """Let a camera be asked; a restarted one takes the place of its former self."""
        with self._lock:
            self._watchers[camera] = watcher

    def fetch(self, server: Asking, *, clock: Callable[[], float]) -> int:
        """Bring the open questions to their cameras and return how many found one."""
        if clock() < self._rests_until:
            return 0
        try:
            rows = server.questions()
        except DeliveryRefused:
            self._rests_until = clock() + REST_S
            return 0
        return sum(self._hand_on(row, clock()) for row in rows)

    def _hand_on(self, row: dict[str, Any], now: float) -> bool:
        try:
            question = read_question(row, now=now)
        except (KeyError, ValueError, TypeError):
            log.error("a question of the platform cannot be read: %r", row)
            return False
        with self._lock:
            watcher = self._watchers.get(question.camera)
        if watcher is None:
            return False
        watcher.ask(question)
        return True
