"""Bring the alarms of one camera into the spool, in the best way that the disk still allows.

First whole; where there is no room, after letting go of what others can do without; then without the
clip; and where nothing can be written at all, the alarm waits here with its stills until something can.
"""

from __future__ import annotations

import errno
import logging
import shutil
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.config import Camera
from chengzhi_vision.detectors.protocol import Detector
from chengzhi_vision.disk import UNWRITABLE, is_full
from chengzhi_vision.evidence.files import Footage, write_evidence
from chengzhi_vision.evidence.manifest import Chain
from chengzhi_vision.evidence.publish import publisher
from chengzhi_vision.evidence.shop_names import installed_reader
from chengzhi_vision.spool.store import Spool
from chengzhi_vision.tally import Tally
from chengzhi_vision.trial.ring import StillRing
from chengzhi_vision.types import Finding

ROOM = 64 * 2**20  # the evidence of one alarm is written twice, and the spool needs its journal
AGAIN_S = 10.0
MOST_HELD = 8  # of a camera; each holds three stills in memory
log = logging.getLogger("chengzhi_vision")


class Keeper:
    """Keeps the alarms of one camera; its thread that judges calls everything here."""

    def __init__(
        self,
        camera: Camera,
        *,
        spool: Spool,
        ring: StillRing | None,
        folder: Path,
        detector: Detector | None,
        clock: Callable[[], float],
        tally: Tally,
    ) -> None:
        self.camera, self.spool, self.ring, self.folder = camera, spool, ring, folder
        self.detector, self.clock, self.tally = detector, clock, tally
        self._held: deque[tuple[Alarm, Footage | None]] = deque()
        self._again_at = float("-inf")

    def keep(self, alarm: Alarm, footage: Footage | None) -> bool:
        """Keep an alarm, or hold it until the disk takes it; tell whether it is in the spool."""
        if self._is_kept(alarm, footage):
            return True
        self._held.append((alarm, footage))
        self._again_at = self.clock() + AGAIN_S
        if len(self._held) > MOST_HELD:
            lost, _ = self._held.popleft()
            self.tally.lost += 1
            log.error("finding %s is lost: the disk takes nothing", lost.finding.finding_id)
        self.tally.held = len(self._held)
        return False

    def tell(self, finding: Finding) -> bool:
        """Keep a finding that has nothing to show; tell whether it is in the spool."""
        with self.spool.disk.spare("findings"):
            self._put(finding)
            return True
        return False

    def again(self) -> list[Alarm]:
        """Try those that wait once more, in their order; return those that are in the spool now."""
        kept: list[Alarm] = []
        if not self._held or self.clock() < self._again_at:
            return kept
        self._again_at = self.clock() + AGAIN_S
        while self._held and self._is_kept(*self._held[0]):
            kept.append(self._held.popleft()[0])
        self.tally.held = len(self._held)
        return kept

    def _is_kept(self, alarm: Alarm, footage: Footage | None) -> bool:
        disk = self.spool.disk
        if self.spool.knows(alarm.finding.finding_id):  # told before a crash
            return True
        for chosen in (self._fitting(footage), None):
            try:
                self._write(alarm, chosen)
            except UNWRITABLE as error:
                disk.failed("findings", error)
                if is_full(error):
                    self._make_way()
            else:
                disk.worked("findings")
                return True
        return False

    def _fitting(self, footage: Footage | None) -> Footage | None:
        """Return the video to cut a clip from; nothing where there is no room for one."""
        disk = self.spool.disk
        if disk.free < ROOM:
            self._make_way()
        if disk.free >= ROOM:
            disk.worked("clips")
            return footage
        disk.failed("clips", OSError(errno.ENOSPC, "no room for a clip"))
        return None

    def _make_way(self) -> None:
        """Stills for trials go first, then what the server has, then the oldest clips."""
        freed = 0 if self.ring is None else self.ring.make_way(ROOM)
        if freed < ROOM:
            self.spool.make_way(ROOM - freed)

    def _write(self, alarm: Alarm, footage: Footage | None) -> None:
        folder = self.folder / "work" / alarm.finding.finding_id
        chain = Chain(self.folder)
        at, kept = alarm.finding.alarm_at, self.spool.knows
        try:
            finding = write_evidence(
                alarm,
                camera=self.camera,
                footage=footage,
                folder=folder,
                publish=publisher(self.detector),
                chain=chain,
                link=chain.next(self.camera, at=at, is_kept=kept),
                reader=installed_reader(),
            )
            self._put(finding)
            with self.spool.disk.spare("memory"):  # else it is settled when the next one comes
                chain.settle(self.camera, kept)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _put(self, finding: Finding) -> None:
        self.spool.put(replace(finding, epoch=self.camera.epoch), now=self.clock())
