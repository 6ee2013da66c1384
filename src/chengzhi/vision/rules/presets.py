"""The views of a moving camera: what they may be, and what a camera file says of them."""

import base64
from collections.abc import Collection, Sequence
from typing import Any

from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.vision.rules import reading
from chengzhi.vision.types import PresetSpec, ZoneSpec

NAME_LIMIT = 40
REASON_LIMIT = 200
MOST = 32
FIELDS = ("name", "picture", "zones")
DATA = "data:image/jpeg;base64,"
PICTURE_FORM = "data:image/jpeg;base64,…"
PICTURE_CURE = f"请写成 {PICTURE_FORM}；平台读不到文件路径"


class PresetInUse(DomainError):
    """Zones are drawn on it, or the camera is expected to stand there."""

    code = "preset-in-use"


class PresetGone(DomainError):
    """Nobody draws on it any more."""

    code = "preset-retired"


def check_name(name: str, *, taken: Collection[str]) -> str:
    """Return a preset's name without blanks at its ends.

    :raises InvalidInput: it is empty, too long, or another view of the camera has it.
    """
    kept = name.strip()
    if not kept or len(kept) > NAME_LIMIT:
        raise InvalidInput(
            f"预置位名称：请填写，不超过{NAME_LIMIT}字，例如“路口东向”。", field="name"
        )
    if kept in taken:
        raise InvalidInput(f"已有预置位“{kept}”，请换一个名称。", field="name")
    return kept


def check_reason(reason: str) -> str:
    """Return why a preset is retired; somebody who looks later must understand it."""
    missing = "请写明停用原因，例如“路口改造，视线被挡”。"
    return reading.sentence(
        reason, name="停用原因", most=REASON_LIMIT, field="reason", missing=missing
    )


def check_preset_zones(zones: Sequence[ZoneSpec], presets: Collection[int]) -> None:
    """Refuse a zone of a moving camera that belongs to none of its views, or to another's.

    :raises InvalidInput: the worker would never watch it, or would watch it in the wrong view.
    """
    for index, zone in enumerate(zones):
        field = f"zones[{index}].preset"
        if presets and zone.preset not in presets:
            raise InvalidInput(
                f"区域“{zone.name}”不属于在用的预置位。转动的摄像头只看画在预置位上的区域，"
                "请选好预置位再画，或给它指定一个。",
                field=field,
            )
        if not presets and zone.preset is not None:
            raise InvalidInput(
                f"这一路没有预置位，区域“{zone.name}”不能指定预置位，请重新打开页面。",
                field=field,
            )


def check_perspective(perspective: object, *, presets: int) -> None:
    """Refuse a person's height for several views: it is true in one of them at most."""
    if perspective and presets > 1:
        raise InvalidInput(
            "透视提示只对一个画面成立，有几个预置位的摄像头请先去掉透视，边长改用像素写。",
            field="perspective",
        )


# ── the camera file ────────────────────────────────────────────────────────────────────


def read_presets(value: Any, zones: Sequence[ZoneSpec]) -> tuple[PresetSpec, ...]:
    """Return the presets of a camera file; every zone belongs to exactly one of them."""
    presets = tuple(
        _preset(item, f"camera.presets[{i}]")
        for i, item in enumerate(reading.items(value, "camera.presets"))
    )
    check_count(len(presets))
    for index, preset in enumerate(presets):
        check_name(preset.name, taken=[other.name for other in presets[:index]])
    for zone in zones if presets else ():
        _belongs(zone.name, presets)
    _known(presets, {zone.name for zone in zones})
    return presets


def check_count(count: int) -> None:
    """Refuse more views than anybody keeps in mind."""
    if count > MOST:
        raise InvalidInput(f"一路最多{MOST}个预置位，请停用不再转到的。", field="camera.presets")


def _preset(value: Any, where: str) -> PresetSpec:
    table = reading.table(value, where)
    reading.only(table, FIELDS, f"{where}.")
    zones = reading.listed(table, "zones", where)
    return PresetSpec(
        name=reading.text(table.get("name", ""), f"{where}.name").strip(),
        view=_view(table.get("picture", ""), f"{where}.picture"),
        zones=tuple(reading.text(name, f"{where}.zones") for name in zones),
    )


def _view(value: Any, where: str) -> bytes:
    written = reading.text(value, where)
    if not written:
        return b""
    if not written.startswith("data:image/"):
        raise InvalidInput(f"{where}：{PICTURE_CURE}。", field=where)
    try:
        content = base64.b64decode(written.partition(",")[2], validate=True)
    except ValueError as error:  # not base64, or not even ASCII
        raise InvalidInput(f"{where}：{PICTURE_CURE}。", field=where) from error
    return content


def _belongs(zone: str, presets: Sequence[PresetSpec]) -> None:
    count = sum(preset.zones.count(zone) for preset in presets)
    if count != 1:
        told = "不属于任何预置位" if count == 0 else "属于几个预置位"
        raise InvalidInput(
            f"camera.presets：区域“{zone}”{told}，请写进恰好一个预置位的 zones。",
            field="camera.presets",
        )


def _known(presets: Sequence[PresetSpec], zones: Collection[str]) -> None:
    for index, preset in enumerate(presets):
        for name in preset.zones:
            if name not in zones:
                field = f"camera.presets[{index}].zones"
                raise InvalidInput(f"{field}：没有区域“{name}”，请改正名称。", field=field)


def preset_table(preset: PresetSpec) -> dict[str, Any]:
    """Return a preset as the file holds it; without its picture for those who may not see it."""
    picture = DATA + base64.b64encode(preset.view).decode() if preset.view else ""
    return {"name": preset.name, "picture": picture, "zones": list(preset.zones)}
