"""Faces through CenterFace (Xu et al. 2019, MIT): one pass, any size that 32 divides."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from chengzhi_redaction.sessions import session
from chengzhi_redaction.types import Area, Found, Picture

FILE = "centerface.onnx"
STRIDE, MULTIPLE = 4, 32
LONG_SIDE = 960
FLOOR = 0.35
OVERLAP = 0.3


class Faces:
    """Finds faces in pictures and in enlarged crops; thread-safe."""

    def __init__(self, folder: Path, *, long_side: int = LONG_SIDE, floor: float = FLOOR) -> None:
        self._session = session(folder / FILE)
        self._input = self._session.get_inputs()[0].name
        self.long_side, self.floor = long_side, floor

    def find(self, picture: Picture) -> Sequence[Found]:
        """Return the faces of a picture, best first."""
        height, width = picture.shape[:2]
        scale = min(self.long_side / max(height, width), 4.0)
        size = (_fit(width * scale), _fit(height * scale))
        blob = cv2.resize(picture, size)[None, :, :, ::-1].transpose(0, 3, 1, 2)
        maps = self._session.run(None, {self._input: np.ascontiguousarray(blob, np.float32)})
        return decode(maps, floor=self.floor, scale=(width / size[0], height / size[1]))


def decode(
    maps: Sequence[NDArray[Any]], *, floor: float, scale: tuple[float, float]
) -> list[Found]:
    """Return faces from heat map, size map and offset map (the paper, 3.2)."""
    heat, size, offset = maps[0][0, 0], maps[1][0], maps[2][0]
    rows, columns = np.nonzero(heat > floor)
    high, wide = (np.exp(size[i, rows, columns]) * STRIDE for i in (0, 1))
    top = (rows + offset[0, rows, columns] + 0.5) * STRIDE - high / 2
    left = (columns + offset[1, rows, columns] + 0.5) * STRIDE - wide / 2
    boxes = np.stack([left * scale[0], top * scale[1], wide * scale[0], high * scale[1]], axis=1)
    scores = heat[rows, columns].astype(float)
    return thinned(boxes, scores)


def thinned(boxes: NDArray[Any], scores: NDArray[Any]) -> list[Found]:
    """Return the best of each pile of overlapping boxes."""
    if not len(boxes):
        return []
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), 0.0, OVERLAP)
    areas = (Area(x=x, y=y, w=w, h=h) for x, y, w, h in boxes[list(kept)].tolist())
    return [Found(area=a, score=float(s)) for a, s in zip(areas, scores[list(kept)], strict=True)]


def _fit(side: float) -> int:
    return max(MULTIPLE, round(side / MULTIPLE) * MULTIPLE)
