"""Second looks beside the chain of one camera: hand it each frame, send on what it tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chengzhi_vision.alarms import Alarm
from chengzhi_vision.disk import Disk
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.luma import luma_of
from chengzhi_vision.recheck.answers import Told
from chengzhi_vision.recheck.desk import Desk
from chengzhi_vision.recheck.mark import HEAPED, Scene
from chengzhi_vision.recheck.memory import load_marks, marks_path, save_marks
from chengzhi_vision.recheck.outbox import Outbox
from chengzhi_vision.recheck.watcher import Watcher
from chengzhi_vision.scene.health import Trouble
from chengzhi_vision.stills import StillMaker
from chengzhi_vision.types import Frame

SAVE_EVERY_S = 30.0


@dataclass(frozen=True, kw_only=True)
class Rechecks:
    """What all cameras of a worker share: who is asked, and where answers wait."""

    desk: Desk
    outbox: Outbox


class SecondLooks:
    """The second looks of one camera; its thread that judges calls everything here."""

    def __init__(
        self, pipeline: Pipeline, *, rechecks: Rechecks, state_folder: Path, disk: Disk
    ) -> None:
        self.pipeline, self.rechecks, self.disk = pipeline, rechecks, disk
        self.path = marks_path(state_folder, pipeline.camera.code)
        self.watcher = Watcher(pipeline.camera.limits.dwell, load_marks(self.path))
        self._saved_at = float("-inf")
        self._moved: tuple[float, float] | None = None  # how far the zones were at the last look
        rechecks.desk.join(pipeline.camera.code, self.watcher)

    def reported(self, alarm: Alarm, place: Place | None, frame: Frame | None) -> None:
        """Remember a place whose alarm has just reached the spool."""
        if place is None or frame is None:
            return
        self._follow()
        self.watcher.reported(alarm.finding.finding_id, place, self._scene(frame))
        self._save()

    def saw(self, frame: Frame) -> None:
        """Look again on a frame that the chain has judged."""
        self._follow()
        self.pipeline.is_asked = self.watcher.is_asked
        if not self.watcher.is_due(frame.at, self._view()):
            return
        still = StillMaker(frame, quality=int(self.pipeline.camera.limits.evidence.jpeg_quality))
        trouble = self.pipeline.trouble
        if trouble is Trouble.LIGHT:
            return
        if trouble is not None:
            self._send(self.watcher.unfit(str(trouble), at=frame.at, still=still))
            return
        self._send(self.watcher.saw(self._scene(frame), still))
        if frame.at - self._saved_at >= SAVE_EVERY_S:
            self._save(at=frame.at)

    def _follow(self) -> None:
        """Move the marks with the zones; a turning camera begins each view where it was drawn."""
        before, now = self._moved, self.pipeline.moved
        self._moved = now
        if before is None or before == now or self.pipeline.presets:
            return
        self.watcher.moved_by(now[0] - before[0], now[1] - before[1])
        self._save()

    def tick(self, now: float) -> None:
        """Answer what waited for a picture that never came."""
        self._send(self.watcher.late(at=now))

    def _scene(self, frame: Frame) -> Scene:
        luma, scale = luma_of(frame)
        eyes = self.pipeline.eyes
        return Scene(
            at=frame.at,
            luma=luma,
            scale=scale,
            size=frame.size,
            seen=self.pipeline.seen,
            view=self._view(),
            named=frozenset(k for k in self.pipeline.classes if eyes.model_for(k) is not None),
            looked={kind: eyes.looked_at(kind) for kind in HEAPED},
        )

    def _view(self) -> str:
        here = self.pipeline.presets.current
        return "" if here is None else here.name

    def _send(self, told: Iterable[Told]) -> None:
        sent = False
        for one in told:
            with self.disk.spare("rechecks"):
                self._put(one)
            sent = True
        if sent:
            self._save()

    def _put(self, told: Told) -> None:
        """What the disk does not take is told again: the platform still asks, or at the next look."""
        try:
            self.rechecks.outbox.put(told)
        except OSError:
            self.watcher.told_gone.discard(told.finding_id)
            raise
        self.disk.worked("rechecks")

    def _save(self, at: float | None = None) -> None:
        with self.disk.spare("memory"):
            save_marks(list(self.watcher.marks.values()), self.path)
        self._saved_at = self._saved_at if at is None else at
