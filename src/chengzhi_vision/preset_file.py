"""Read the presets of a turning camera: a name, a reference picture and the zones of each."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from chengzhi_vision.config import Preset
from chengzhi_vision.errors import CameraFileInvalid

FIELDS = {"name", "picture", "zones"}
DATA = "data:"
MOST = 500_000


def read_presets(value: Any, *, zones: frozenset[str]) -> tuple[Preset, ...]:
    """Return the presets; each zone of the camera belongs to those that name it."""
    if not isinstance(value, list):
        raise CameraFileInvalid("camera.presets：应为列表。")
    presets = tuple(_preset(item, f"camera.presets[{i}]", zones) for i, item in enumerate(value))
    names = [preset.name for preset in presets]
    for name in names:
        if names.count(name) > 1:
            raise CameraFileInvalid(f"camera.presets：预置位“{name}”重复，请换一个名称。")
    return presets


def _preset(value: Any, where: str, zones: frozenset[str]) -> Preset:
    if not isinstance(value, Mapping) or set(value) != FIELDS:
        raise CameraFileInvalid(f"{where}：应写明 name、picture、zones 三项。")
    name, picture, own = value["name"], value["picture"], value["zones"]
    if not isinstance(name, str) or not name:
        raise CameraFileInvalid(f"{where}.name：缺少预置位名称，请填写。")
    if not isinstance(own, list) or not set(own) <= zones:
        raise CameraFileInvalid(f"{where}.zones：应为本摄像机的区域名称列表，得到 {own!r}。")
    return Preset(name=name, picture=_picture(picture, f"{where}.picture"), zones=frozenset(own))


def _picture(value: Any, where: str) -> bytes:
    """Return the bytes of a picture: the path of a file, or a data address (base64)."""
    cure = "请给出参考画面的文件路径，或 data:image/jpeg;base64,…（不超过 500 KB）。"
    if not isinstance(value, str):
        raise CameraFileInvalid(f"{where}：{cure}")
    try:
        _, _, text = value.partition(",")
        is_inline = value.startswith(DATA)
        content = base64.b64decode(text, validate=True) if is_inline else Path(value).read_bytes()
    except (OSError, binascii.Error) as error:
        raise CameraFileInvalid(f"{where}：读不到参考画面，{cure}") from error
    shown = (
        cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE) if content else None
    )
    if shown is None or len(content) > MOST:
        raise CameraFileInvalid(f"{where}：不是图片或过大，{cure}")
    return content
