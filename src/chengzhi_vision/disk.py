"""The worker's disk: how much is free, and what could not be written while there was no room.

A full disk must not stop a camera. What only makes things better (a still for a trial, what a camera
remembers over a restart, the list of cameras) is left out and counted; findings have their own way
(`keeping.py`).
"""

from __future__ import annotations

import errno
import logging
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

#: What a disk says that has no room or cannot be written; SQLite says it in a class of its own.
UNWRITABLE = (OSError, sqlite3.OperationalError)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
LABELS = {
    "stills": "试跑用的小图",
    "memory": "摄像机的记忆",
    "rechecks": "复查的答复",
    "lists": "摄像机清单",
    "findings": "抓拍和证据",
    "clips": "录像",
    "ledger": "送达记录",
}
log = logging.getLogger("chengzhi_vision")


class Disk:
    """One disk and what is wanting on it; safe to use from several threads."""

    def __init__(self, folder: Path, *, free: Callable[[], int] | None = None) -> None:
        self.folder = folder
        self._free = free or (lambda: shutil.disk_usage(folder).free)
        self._failing: dict[str, str] = {}
        self._unwritten: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def spare(self, what: str) -> Iterator[None]:
        """Go on where a write that may be spared fails; it is counted, and said until one has `worked`."""
        try:
            yield
        except UNWRITABLE as error:
            self.failed(what, error)

    def failed(self, what: str, error: Exception) -> None:
        """Note that something could not be written."""
        with self._lock:
            is_new = what not in self._failing
            self._failing[what] = _reason(error)
            self._unwritten[what] += 1
        if is_new:
            log.warning("the disk cannot keep %s: %s", what, error)

    def worked(self, what: str) -> None:
        """Note that something was written again."""
        with self._lock:
            self._failing.pop(what, None)

    @property
    def free(self) -> int:
        """Return the bytes that are free; none where the disk does not even say that."""
        try:
            return self._free()
        except OSError:
            return 0

    @property
    def is_short(self) -> bool:
        """Tell whether something is not being written now."""
        return bool(self._failing)

    @property
    def unwritten(self) -> dict[str, int]:
        """Return how many writes failed, by what they were for."""
        with self._lock:
            return {what: self._unwritten[what] for what in LABELS}

    @property
    def sentence(self) -> str:
        """Return what is wrong in a sentence for people, with the cure; empty where all is well."""
        with self._lock:
            failing = dict(self._failing)
        if not failing:
            return ""
        things = "、".join(label for what, label in LABELS.items() if what in failing)
        reasons = "，".join(sorted(set(failing.values())))
        return (
            f"{reasons}，剩余{self.free / 2**20:.0f} MB：{things}写不下，识别照常进行。"
            f"请清理或扩大暂存目录所在的磁盘，或减少小图总量（--stills-total-mb）。"
        )


def is_full(error: Exception) -> bool:
    """Tell whether a disk refused for want of room, and not because it is broken or read-only."""
    return getattr(error, "errno", None) in FULL or "disk is full" in str(error)


def _reason(error: Exception) -> str:
    return "磁盘空间不足" if is_full(error) else f"磁盘写不了（{str(error)[:60]}）"
