"""Frames whose boxes somebody else found: the detections contract (docs/detections.md).

A producer (DeepStream, Savant, DL Streamer, an edge box) sends one JSON object a line: when, what it
saw, and from time to time the picture. Rules, evidence and review stay ours.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import cv2
import httpx
import numpy as np

from chengzhi_vision.detectors.given import GivenDetector
from chengzhi_vision.errors import SourceFailed, VisionError
from chengzhi_vision.geometry import row as sides
from chengzhi_vision.jpeg import decoded, encoded
from chengzhi_vision.reading import number
from chengzhi_vision.types import Box, Detection, Frame, ObjectClass, Picture

VERSION = 1
SCHEME = "detections"
FILE_END = ".detections.jsonl"
MOST_BAD = 20
SIZES = ("width", "height")
MAX_SIDE = 8192
TIMEOUT = httpx.Timeout(30.0, connect=5.0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the contract; without a picture it only says that the producer lives."""

    pts: float
    at: float | None
    objects: tuple[Detection, ...]
    picture: Picture | None


def is_detections(address: str) -> bool:
    """Tell whether an address gives detections: detections+http(s)://…, detections:/path."""
    scheme = address.partition(":")[0]
    return scheme.partition("+")[0] == SCHEME or address.endswith(FILE_END)


def is_pushed(address: str) -> bool:
    """Tell whether the detections come from a producer that goes on, and not from a file."""
    return address.startswith((f"{SCHEME}+http://", f"{SCHEME}+https://"))


class DetectionsSource:
    """Reads one producer's lines and hands the boxes to `given` just before each frame."""

    def __init__(
        self, address: str, *, given: GivenDetector, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.address, self.given = address.removeprefix(f"{SCHEME}+"), given
        self._transport = transport
        self.decoded = self.refused = 0

    def frames(self, *, started_at: float, stop: Callable[[], bool]) -> Iterator[Frame]:
        """Yield a frame for each line with a picture.

        :raises SourceFailed: the producer is away, or sends what is no detections.
        """
        first: float | None = None
        with self._lines() as lines:
            for text in lines:
                if stop():
                    return
                line = self._read(text)
                if line is None or line.picture is None:
                    continue
                first = line.pts if first is None else first
                self.given.give(line.picture, line.objects)
                pts = line.pts - first
                at = started_at + pts if line.at is None else line.at
                yield Frame(index=self.decoded, pts=pts, at=at, image=line.picture)
                self.decoded += 1

    def _read(self, text: str) -> Line | None:
        """Return a line; a bad one is counted, and too many in a row end the source."""
        if not text.strip():
            return None
        try:
            line = read_line(text)
        except VisionError as refusal:
            self.refused += 1
            if self.refused >= MOST_BAD:
                raise SourceFailed(f"检测结果流连续有误：{refusal.sentence}") from refusal
            return None
        self.refused = 0
        return line

    @contextmanager
    def _lines(self) -> Iterator[Iterator[str]]:
        if not self.address.startswith(("http://", "https://")):
            with self._file() as file:
                yield iter(file)
            return
        try:
            with (
                httpx.Client(timeout=TIMEOUT, transport=self._transport) as client,
                client.stream("GET", self.address) as answer,
            ):
                answer.raise_for_status()
                yield answer.iter_lines()
        except httpx.HTTPError as error:
            message = f"检测结果流中断（{type(error).__name__}），将自动重连。"
            raise SourceFailed(message) from error

    def _file(self) -> Any:
        path = self.address.removeprefix(f"{SCHEME}:")
        try:
            return open(path, encoding="utf-8")
        except OSError as error:
            raise SourceFailed(f"检测结果文件 {path} 打不开，请检查路径。") from error


def read_line(text: str) -> Line:
    """Return one line of the contract.

    :raises VisionError: it keeps not to the contract; the sentence names the field.
    """
    try:
        row = json.loads(text)
    except ValueError as error:
        raise VisionError("这一行不是 JSON，应为一个对象一行。") from error
    if not isinstance(row, dict) or row.get("version") != VERSION:
        raise VisionError(f"version：应为 {VERSION}。")
    width, height = (number(row.get(name), name, low=1, high=MAX_SIDE) for name in SIZES)
    size = (round(width), round(height))
    objects = row.get("objects")
    if not isinstance(objects, list):
        raise VisionError("objects：应为列表，没有目标时写空列表。")
    return Line(
        pts=number(row.get("pts"), "pts", low=-1e12, high=1e12),
        at=_moment(row.get("at")),
        objects=tuple(_object(item, f"objects[{i}]") for i, item in enumerate(objects)),
        picture=_picture(row["picture"], size) if row.get("picture") else None,
    )


def _object(item: Any, where: str) -> Detection:
    if not isinstance(item, dict):
        raise VisionError(f"{where}：应为对象。")
    try:
        kind = ObjectClass(str(item.get("class")))
    except ValueError as error:
        known = "、".join(ObjectClass)
        raise VisionError(f"{where}.class：得到 {item.get('class')!r}，可用：{known}。") from error
    box = item.get("box")
    if not isinstance(box, list) or len(box) != 4:
        raise VisionError(f"{where}.box：应为 [左, 上, 宽, 高] 四个像素值。")
    x, y, w, h = (number(part, f"{where}.box", low=-MAX_SIDE, high=MAX_SIDE) for part in box)
    if w <= 0 or h <= 0:
        raise VisionError(f"{where}.box：宽和高应大于 0。")
    return Detection(
        box=Box(x=x, y=y, w=w, h=h),
        kind=kind,
        score=number(item.get("score"), f"{where}.score", low=0, high=1),
        label=str(item.get("label", "")),
    )


def _moment(value: Any) -> float | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise VisionError(f"at：应为带时区的 ISO 8601 时刻，得到 {value!r}。") from error
    if moment.tzinfo is None:
        raise VisionError(f"at：缺少时区，得到 {value!r}。")
    return moment.timestamp()


def _picture(value: Any, size: tuple[int, int]) -> Picture:
    """Return the picture in the size in which the boxes are told."""
    try:
        image = decoded(base64.b64decode(value, validate=True))
    except (TypeError, ValueError, binascii.Error) as error:
        raise VisionError("picture：应为 Base64 编码的 JPEG、PNG 或 WebP。") from error
    if image is None:
        raise VisionError("picture：解不出图片，应为 JPEG、PNG 或 WebP。")
    if (image.shape[1], image.shape[0]) == size:
        return image
    return cv2.resize(image, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def write_line(
    frame: Frame, objects: Sequence[Detection], *, at: str | None = None, picture_width: int = 0
) -> str:
    """Return one line of the contract; with a width, it carries the picture as JPEG."""
    height, width = frame.image.shape[:2]
    row: dict[str, Any] = {
        "version": VERSION,
        "pts": round(frame.pts, 3),
        "width": width,
        "height": height,
        "objects": [
            {
                "class": str(one.kind),
                "score": round(one.score, 3),
                "box": [round(side, 1) for side in sides(one.box)],
                "label": one.label,
            }
            for one in objects
        ],
    }
    if at is not None:
        row["at"] = at
    if picture_width:
        row["picture"] = _encoded(frame.image, picture_width)
    return json.dumps(row, ensure_ascii=False)


def _encoded(image: Picture, width: int) -> str:
    height = max(round(image.shape[0] * width / image.shape[1]), 1)
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    return base64.b64encode(encoded(np.asarray(small, np.uint8), quality=50)).decode("ascii")
