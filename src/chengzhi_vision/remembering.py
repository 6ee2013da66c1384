"""What one camera remembers over a restart, on the worker's own disk; a full one stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chengzhi_vision.disk import Disk
from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.snapshot import has_memory, knows_view, load_memory, save_memory
from chengzhi_vision.scene.ground import load_ground, save_ground

EVERY_S = 5.0
GROUND_EVERY_S = 300.0
VIEW_EVERY_S = 60.0  # where nothing stands: how the picture looks changes slowly


class CameraMemory:
    """Keeps and recalls what a pipeline knows; one that `forgets` is a clip, which begins again."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        folder: Path,
        disk: Disk,
        clock: Callable[[], float],
        forgets: bool = False,
    ) -> None:
        self.pipeline, self.disk, self.clock, self.forgets = pipeline, disk, clock, forgets
        self.path = folder / f"{pipeline.camera.code}.json"
        self.ground_path = folder / f"{pipeline.camera.code}.ground.npz"
        self.has_kept = True  # something on disk, as far as we know
        self._saved_at = self._ground_saved_at = self._view_saved_at = float("-inf")

    def load(self) -> None:
        if self.forgets:
            return
        load_memory(self.pipeline, self.path, at=self.clock())
        load_ground(self.pipeline.learned, self.ground_path)

    def is_due(self, now: float) -> bool:
        return now - self._saved_at >= EVERY_S

    def save(self) -> None:
        """Write what is worth it."""
        now = self.clock()
        if not self.forgets:
            with self.disk.spare("memory"):
                self._save(now)
        self._saved_at = now

    def _save(self, now: float) -> None:
        is_worth = has_memory(self.pipeline)
        is_view_due = now - self._view_saved_at >= VIEW_EVERY_S and knows_view(self.pipeline)
        if is_worth or self.has_kept or is_view_due:
            save_memory(self.pipeline, self.path)
            self._view_saved_at = now
            self.disk.worked("memory")
        self.has_kept = is_worth
        if now - self._ground_saved_at >= GROUND_EVERY_S:
            save_ground(self.pipeline.learned, self.ground_path)
            self._ground_saved_at = now
