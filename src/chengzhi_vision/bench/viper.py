"""Read ViPER XML, in which AVSS and PETS tell what really happened."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from chengzhi_vision.bench.types import ClipTruth, TimedBox, TruthEvent
from chengzhi_vision.errors import BenchInvalid
from chengzhi_vision.types import Box, FindingKind

VIPER = "{http://lamp.cfar.umd.edu/viper#}"
VIPER_DATA = "{http://lamp.cfar.umd.edu/viperdata#}"
LEFT_OUT = "-"
Names = Mapping[str, FindingKind | None]  # None: no event, left out and counted
KNOWN: Names = {
    "abandonedobject": FindingKind.OBJECT_LEFT,
    "abandoned": FindingKind.OBJECT_LEFT,
    "stationaryobject": FindingKind.OBJECT_LEFT,
    "object": FindingKind.OBJECT_LEFT,
    "parkedvehicle": FindingKind.MOTOR_VEHICLE_PARKED,
    "vehicle": FindingKind.MOTOR_VEHICLE_PARKED,
    "car": FindingKind.MOTOR_VEHICLE_PARKED,
    "bicycle": FindingKind.TWO_WHEELER_PARKED,
}


def read_names(path: Path) -> Names:
    """Return the known names and those of a table "their name = our kind", "-" to leave one out.

    :raises BenchInvalid: it cannot be read, or names a kind that is none of ours.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))["objects"]
        own = {plain(name): None if kind == LEFT_OUT else FindingKind(kind)
               for name, kind in table.items()}  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        kinds = "、".join(FindingKind)
        message = (
            f"对照表 {path} 读不懂：{type(error).__name__}: {error}。应为 TOML 的 [objects] 表，"
            f'每行 对象名 = "问题类型"，不计的写 "{LEFT_OUT}"；可用类型：{kinds}。'
        )
        raise BenchInvalid(message) from error
    return {**KNOWN, **own}


def plain(name: str) -> str:
    """Return an object's name as it is compared: no case, no hyphens."""
    return name.replace("_", "").replace("-", "").replace(" ", "").lower()


def read_viper(text: str, *, clip: str, dwell_s: float | None, names: Names = KNOWN) -> ClipTruth:
    """Return the truth of a ViPER file (AVSS, PETS): objects with frame spans and boxes.

    :raises ValueError: an object has a name that is not in `names`: a score without it is wrong.
    """
    if dwell_s is None:
        raise ValueError("ViPER 没有时限，请用 --dwell 给出")
    root = ElementTree.fromstring(text)
    rate = _viper_number(root, "FRAMERATE") or 25.0
    frames = _viper_number(root, "NUMFRAMES") or 0.0
    objects = [(node, _kind(node, names)) for node in root.iter(f"{VIPER}object")]
    events = tuple(
        _viper_event(node, kind, number, clip=clip, rate=rate, dwell_s=dwell_s)
        for number, (node, kind) in enumerate(objects, start=1)
        if kind is not None
    )
    last = max([event.end_s or 0.0 for event in events], default=0.0)
    return ClipTruth(
        clip=clip,
        seconds=frames / rate if frames else last,
        events=events,
        origin="viper",
        left_out=tuple(node.get("name", "") for node, kind in objects if kind is None),
    )


def _kind(node: ElementTree.Element, names: Names) -> FindingKind | None:
    name = node.get("name", "")
    if plain(name) in names:
        return names[plain(name)]
    message = (
        f"对象 {name!r}（id {node.get('id', '?')}）不知道是哪类问题，漏掉它分数就不对；"
        f'已知的名称：{"、".join(sorted(names))}。请用 --names 对照表给出它的类型，不计的写 "{LEFT_OUT}"'
    )
    raise ValueError(message)


def _viper_number(root: ElementTree.Element, name: str) -> float | None:
    for node in root.iter(f"{VIPER}file"):
        for attribute in node.iter(f"{VIPER}attribute"):
            if attribute.get("name") == name and len(attribute):
                return float(attribute[0].get("value", "nan"))
    return None


def _viper_event(
    node: ElementTree.Element,
    kind: FindingKind,
    number: int,
    *,
    clip: str,
    rate: float,
    dwell_s: float,
) -> TruthEvent:
    first, last = _span(node.get("framespan", ""))
    boxes = [
        TimedBox(at=(_span(part.get("framespan", ""))[0] - 1) / rate, box=_viper_box(part))
        for part in node.iter(f"{VIPER_DATA}bbox")
    ]
    return TruthEvent(
        event_id=f"{node.get('name')}-{node.get('id', number)}",
        clip=clip,
        kind=kind,
        start_s=(first - 1) / rate,
        end_s=last / rate,
        dwell_s=dwell_s,
        boxes=tuple(boxes),
    )


def _span(text: str) -> tuple[int, int]:
    """Return the first and last frame of "2870:4727" or of several such spans."""
    parts = [part.split(":") for part in text.replace(",", " ").split()]
    return min(int(part[0]) for part in parts), max(int(part[-1]) for part in parts)


def _viper_box(node: ElementTree.Element) -> Box:
    x, y, w, h = (float(node.get(name, "0")) for name in ("x", "y", "width", "height"))
    return Box(x=x, y=y, w=w, h=h)
