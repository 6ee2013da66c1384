"""People and vehicles through the worker's own SSDLite model, for programs that have no worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from chengzhi_redaction.sessions import session
from chengzhi_redaction.types import Area, Picture, Seen, ThingKind

FILE, ANCHORS, RECEIPT = "ssdlite.onnx", "ssdlite.anchors.npy", "ssdlite.json"
WHOLE_HEAD = 91  # classes of a model that was converted before heads were cut to ours
SIZE, CODES = 300, np.array([0.1, 0.1, 0.2, 0.2], np.float32)
FLOOR = 0.10  # low on purpose: hiding a bush costs less than showing a face
OVERLAP = 0.5
#: COCO-90 class ids that matter here.
CLASSES = {
    1: ThingKind.PERSON,
    2: ThingKind.TWO_WHEELER,
    3: ThingKind.VEHICLE,
    4: ThingKind.TWO_WHEELER,
    6: ThingKind.VEHICLE,
    8: ThingKind.VEHICLE,
}


class Things:
    """One look at a picture finds people, vehicles and two-wheelers; thread-safe."""

    def __init__(self, folder: Path, *, floor: float = FLOOR) -> None:
        self._session = session(folder / FILE)
        self._columns = columns_of(folder)
        self._anchors = np.load(folder / ANCHORS)
        self.floor = floor

    def things(self, picture: Picture) -> Sequence[Seen]:
        """Return what is above the floor, one box per thing."""
        blob = cv2.resize(picture, (SIZE, SIZE))[None, :, :, ::-1].astype(np.float32)
        feed = {"picture": blob * np.float32(1 / 127.5) - 1}
        codes, logits = self._session.run(["boxes", "logits"], feed)
        codes, kinds_of = codes.reshape(-1, 4), list(CLASSES.values())
        scores = 1 / (1 + np.exp(-logits.reshape(len(codes), -1)[:, self._columns]))
        rows, columns = np.nonzero(scores > self.floor)
        boxes = self._boxes(codes[rows] * CODES, rows, picture)
        kinds = [kinds_of[column] for column in columns]
        return _thinned(boxes, kinds, scores[rows, columns])

    def _boxes(self, codes: np.ndarray, rows: np.ndarray, picture: Picture) -> np.ndarray:
        """Return left, top, width and height in pixels."""
        height, width = picture.shape[:2]
        anchors = self._anchors[rows]
        sizes = anchors[:, 2:] - anchors[:, :2]
        centers = anchors[:, :2] + sizes / 2 + codes[:, :2] * sizes
        half = np.exp(codes[:, 2:]) * sizes / 2
        low = np.clip(centers - half, 0, 1)[:, ::-1] * [width, height]
        high = np.clip(centers + half, 0, 1)[:, ::-1] * [width, height]
        return np.concatenate([low, high - low], axis=1)


def columns_of(folder: Path) -> list[int]:
    """Return which columns of the class head are ours: its receipt says what the head answers for."""
    receipt = folder / RECEIPT
    told = json.loads(receipt.read_text("utf-8")) if receipt.is_file() else {}
    head: Sequence[int] = told.get("head") or range(WHOLE_HEAD)
    return [list(head).index(number) for number in CLASSES]


def _thinned(boxes: np.ndarray, kinds: list[ThingKind], scores: np.ndarray) -> list[Seen]:
    found = []
    for kind in ThingKind:
        mine = [i for i, one in enumerate(kinds) if one is kind]
        if mine:
            kept = cv2.dnn.NMSBoxes(boxes[mine].tolist(), scores[mine].tolist(), 0.0, OVERLAP)
            found += [_seen(kind, boxes[mine[k]], float(scores[mine[k]])) for k in kept]
    return found


def _seen(kind: ThingKind, box: np.ndarray, score: float) -> Seen:
    x, y, w, h = box.tolist()
    return Seen(kind=kind, area=Area(x=x, y=y, w=w, h=h), score=score)
