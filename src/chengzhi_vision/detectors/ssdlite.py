"""SSDLite-MobileNetV2: people, vehicles, two-wheelers and dogs."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_vision.detectors.boxes import suppress
from chengzhi_vision.detectors.engine import Engine, open_net, version_under
from chengzhi_vision.detectors.setup import ModelSpec, is_ready
from chengzhi_vision.errors import ModelMissing
from chengzhi_vision.lending import Lender
from chengzhi_vision.types import Box, Detection, ModelRef, ObjectClass, Picture

#: What the net was trained on: 0 to 255 as -1 to 1.
AS_TRAINED = np.arange(256, dtype=np.float32) * np.float32(1 / 127.5) - 1
OUTPUTS = ("boxes", "logits")
SCALES = np.array([0.1, 0.1, 0.2, 0.2], np.float32)


class SsdLite:
    """The default detector; thread-safe after `load` (one net, one thread each run)."""

    def __init__(
        self,
        spec: ModelSpec,
        *,
        folder: Path,
        floor: float,
        threads: int = 1,
        engine: Engine = Engine.ONNXRUNTIME,
    ) -> None:
        self.spec, self.folder, self.floor = spec, folder, floor
        self.threads, self.engine = threads, engine
        self.model = ModelRef(name=spec.name, version=version_under(engine, spec.version))
        self.classes = frozenset(ObjectClass(kind) for _, kind in spec.classes.values())
        self._ids = list(spec.classes)
        self._inputs: Lender[int, NDArray[np.float32]] = Lender(_input)
        self._least = log(floor / (1 - floor))

    def load(self) -> None:
        """Open the converted model."""
        if not is_ready(self.spec, folder=self.folder):
            raise ModelMissing("检测模型尚未准备，请先运行 chengzhi-vision models。")
        weights = (self.folder / f"{self.spec.key}.onnx").read_bytes()
        self._net = open_net(weights, outputs=OUTPUTS, engine=self.engine, threads=self.threads)
        self._anchors = np.load(self.folder / f"{self.spec.key}.anchors.npy")

    def detect(self, image: Picture) -> list[Detection]:
        """Return the boxes above the floor, best first, one per object."""
        size = int(self.spec.graph["input_size"])
        squashed = cv2.cvtColor(cv2.resize(image, (size, size)), cv2.COLOR_BGR2RGB)
        with self._inputs.lent(size) as picture:
            cv2.LUT(squashed, AS_TRAINED, picture[0])
            boxes, logits = self._net(picture)
        height, width = image.shape[:2]
        codes = boxes.reshape(-1, 4)
        return self._decode(codes, logits.reshape(len(codes), -1), width, height)

    def _decode(
        self, codes: NDArray[Any], logits: NDArray[Any], width: int, height: int
    ) -> list[Detection]:
        if logits.shape[1] > len(self._ids):  # converted before heads were cut to our classes
            logits = logits[:, self._ids]
        rows, columns = np.nonzero(logits > self._least)
        scores = 1 / (1 + np.exp(-logits[rows, columns]))
        boxes = _corners(codes[rows] * SCALES, self._anchors[rows]) * [width, height] * 1.0
        found = [
            self._detection(box, self._ids[column], float(score))
            for box, column, score in zip(boxes, columns, scores, strict=True)
        ]
        return suppress(found)

    def _detection(self, corners: NDArray[Any], class_id: int, score: float) -> Detection:
        label, kind = self.spec.classes[class_id]
        (left, top), (right, bottom) = corners.tolist()
        box = Box(x=left, y=top, w=right - left, h=bottom - top)
        return Detection(box=box, kind=ObjectClass(kind), score=score, label=label)


def _input(size: int) -> NDArray[np.float32]:
    return np.empty((1, size, size, 3), np.float32)


def _corners(codes: NDArray[Any], anchors: NDArray[Any]) -> NDArray[Any]:
    """Return left-top and right-bottom of each box, in shares of the picture."""
    sizes = anchors[:, 2:] - anchors[:, :2]
    centers = anchors[:, :2] + sizes / 2 + codes[:, :2] * sizes
    half = np.exp(codes[:, 2:]) * sizes / 2
    corners = np.stack([centers - half, centers + half], axis=1)
    clipped: NDArray[Any] = np.clip(corners[:, :, ::-1], 0, 1)
    return clipped
