"""A detector that keeps what it saw: it looks once at each picture, however often a clip is run."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path

import numpy as np

from chengzhi_vision.detectors.protocol import Detector, classes_of
from chengzhi_vision.types import Detection, Picture


class Remembered:
    """Keeps to `Detector`; `save` writes what was seen into the folder, by model and version.

    Weights that change without a new version need an empty folder.
    """

    def __init__(self, detector: Detector, *, folder: Path) -> None:
        self._detector = detector
        self.model, self.classes = detector.model, classes_of(detector)
        self._file = folder / f"seen-{self.model.name}-{self.model.version}.pickle"
        self._seen: dict[bytes, list[Detection]] = {}
        self._is_new = False

    def load(self) -> None:
        """Read what was seen before."""
        if self._file.is_file():
            self._seen = pickle.loads(self._file.read_bytes())

    def detect(self, image: Picture) -> list[Detection]:
        """Return what is known of a picture, or look."""
        shown = hashlib.blake2b(np.ascontiguousarray(image).tobytes(), digest_size=16)
        shown.update(str(image.shape).encode())
        key = shown.digest()
        if key not in self._seen:
            self._seen[key], self._is_new = list(self._detector.detect(image)), True
        return list(self._seen[key])

    def save(self) -> None:
        if self._is_new:
            self._file.write_bytes(pickle.dumps(self._seen))
