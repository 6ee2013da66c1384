"""Read what really happened: our JSON truth or ViPER XML, both to the same frozen values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from chengzhi_vision.bench.types import (
    BORDER_S,
    AlarmRow,
    ClipTruth,
    IgnoredSpan,
    TimedBox,
    TruthEvent,
)
from chengzhi_vision.config import Camera
from chengzhi_vision.errors import TruthInvalid
from chengzhi_vision.findings import kind_table
from chengzhi_vision.types import Box, FindingKind, ObjectClass

VIPER = "{http://lamp.cfar.umd.edu/viper#}"
VIPER_DATA = "{http://lamp.cfar.umd.edu/viperdata#}"
NAMES = {
    "abandonedobject": FindingKind.OBJECT_LEFT,
    "abandoned": FindingKind.OBJECT_LEFT,
    "stationaryobject": FindingKind.OBJECT_LEFT,
    "object": FindingKind.OBJECT_LEFT,
    "parkedvehicle": FindingKind.MOTOR_VEHICLE_PARKED,
    "vehicle": FindingKind.MOTOR_VEHICLE_PARKED,
    "car": FindingKind.MOTOR_VEHICLE_PARKED,
    "bicycle": FindingKind.TWO_WHEELER_PARKED,
}


def load_truth(
    path: Path, *, camera: Camera | None = None, dwell_s: float | None = None, clip: str = ""
) -> ClipTruth:
    """Read a truth file; the dwell is that of the camera's rule, else `dwell_s`."""
    name = clip or path.name.removesuffix(".xml").removesuffix(".json").removesuffix(".truth")
    try:
        if path.suffix == ".xml":
            return read_viper(path.read_text("utf-8"), clip=name, dwell_s=dwell_s)
        table = json.loads(path.read_text("utf-8"))
        return read_json(table, clip=name, camera=camera, dwell_s=dwell_s)
    except (OSError, ValueError, KeyError, TypeError, ElementTree.ParseError) as error:
        message = f"真值文件 {path} 读不懂：{type(error).__name__}: {error}。"
        raise TruthInvalid(message) from error


def read_json(
    table: Mapping[str, Any], *, clip: str, camera: Camera | None, dwell_s: float | None = None
) -> ClipTruth:
    """Return the truth of our own JSON (docs/howto/event-benchmark.md)."""
    seconds = float(table["seconds"])
    events, ignored = [], [_ignored(row) for row in table.get("ignore", [])]
    for row in table["events"]:
        kind, zone = FindingKind(row["kind"]), row.get("zone", "")
        dwell = row.get("dwell_s") or _dwell(camera, kind, zone) or dwell_s
        if dwell is None:
            raise ValueError(f"事件 {row.get('id')} 没有时限，请用 --camera 或 --dwell 给出")
        event = _event(row, clip=clip, kind=kind, zone=zone, dwell_s=float(dwell))
        if is_furniture(event):
            ignored.append(_as_ignored(event, seconds=seconds))
        else:
            events.append(_within(event, seconds=seconds))
    return ClipTruth(
        clip=clip,
        seconds=seconds,
        events=tuple(events),
        ignored=tuple(ignored),
        conditions=tuple(table.get("conditions", [])),
        decoys=tuple(str(row.get("what", "")) for row in table.get("decoys", [])),
        origin=str(table.get("origin", "")),
    )


def is_furniture(event: TruthEvent) -> bool:
    """Tell whether a thing without a name stood there before the first frame.

    Nobody who sees only this clip, man or machine, can tell it from what belongs to the street;
    a vehicle, a cycle or a heap of garbage can be told, whenever it came.
    """
    return event.start_s <= 0 and kind_table()[event.kind].classes == {ObjectClass.OBJECT}


def _as_ignored(event: TruthEvent, *, seconds: float) -> IgnoredSpan:
    last = seconds if event.end_s is None else event.end_s
    box = event.box_at(event.start_s)
    return IgnoredSpan(start_s=event.start_s, end_s=last, kind=event.kind, box=box)


def _event(
    row: Mapping[str, Any], *, clip: str, kind: FindingKind, zone: str, dwell_s: float
) -> TruthEvent:
    end = row.get("end_s")
    return TruthEvent(
        event_id=str(row["id"]),
        clip=clip,
        kind=kind,
        zone=zone,
        start_s=float(row["start_s"]),
        end_s=None if end is None else float(end),
        dwell_s=dwell_s,
        boxes=tuple(TimedBox(at=float(b["t"]), box=_box(b["bbox"])) for b in row["boxes"]),
        what=str(row.get("what", "")),
        hidden=tuple((float(a), float(b)) for a, b in row.get("hidden", [])),
    )


def _within(event: TruthEvent, *, seconds: float) -> TruthEvent:
    """A stay that goes on when the clip ends has been seen until then, no longer."""
    if event.end_s is None and event.alarm_s + BORDER_S > seconds:
        return replace(event, end_s=seconds)
    return event


def _dwell(camera: Camera | None, kind: FindingKind, zone: str) -> float | None:
    if camera is None:
        return None
    rules = [(z.name, rule) for z in camera.zones for rule in z.rules if rule.finding is kind]
    own = [rule.dwell_s for name, rule in rules if name == zone] or [r.dwell_s for _, r in rules]
    return own[0] if own else None


def _ignored(row: Mapping[str, Any]) -> IgnoredSpan:
    kind, box = row.get("kind"), row.get("bbox")
    return IgnoredSpan(
        start_s=float(row["start_s"]),
        end_s=float(row["end_s"]),
        kind=None if kind is None else FindingKind(kind),
        box=None if box is None else _box(box),
    )


def _box(values: list[float]) -> Box:
    x, y, w, h = (float(v) for v in values)
    return Box(x=x, y=y, w=w, h=h)


def read_viper(text: str, *, clip: str, dwell_s: float | None) -> ClipTruth:
    """Return the truth of a ViPER file (AVSS, PETS): objects with frame spans and boxes."""
    if dwell_s is None:
        raise ValueError("ViPER 没有时限，请用 --dwell 给出")
    root = ElementTree.fromstring(text)
    rate = _viper_number(root, "FRAMERATE") or 25.0
    frames = _viper_number(root, "NUMFRAMES") or 0.0
    events = [
        _viper_event(node, number, clip=clip, rate=rate, dwell_s=dwell_s)
        for number, node in enumerate(root.iter(f"{VIPER}object"), start=1)
    ]
    found = [event for event in events if event is not None]
    last = max([event.end_s or 0.0 for event in found], default=0.0)
    return ClipTruth(
        clip=clip, seconds=frames / rate if frames else last, events=tuple(found), origin="viper"
    )


def _viper_number(root: ElementTree.Element, name: str) -> float | None:
    for node in root.iter(f"{VIPER}file"):
        for attribute in node.iter(f"{VIPER}attribute"):
            if attribute.get("name") == name and len(attribute):
                return float(attribute[0].get("value", "nan"))
    return None


def _viper_event(
    node: ElementTree.Element, number: int, *, clip: str, rate: float, dwell_s: float
) -> TruthEvent | None:
    kind = NAMES.get(node.get("name", "").replace("_", "").replace("-", "").lower())
    if kind is None:
        return None
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


def load_alarms(path: Path, *, clip: str) -> list[AlarmRow]:
    """Read findings.jsonl of `analyse`; a row may carry `clip` and `emitted_pts` of a bench run."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [alarm_row(row, clip=clip) for row in rows]


def alarm_row(row: Mapping[str, Any], *, clip: str) -> AlarmRow:
    return AlarmRow(
        clip=str(row.get("clip", clip)),
        kind=FindingKind(row["kind"]),
        zone=str(row.get("zone", "")),
        start_s=float(row["start_pts"]),
        alarm_s=float(row["alarm_pts"]),
        emitted_s=float(row.get("emitted_pts", row["alarm_pts"])),
        box=_box(row["bbox"]),
        start_unknown=bool(row.get("start_unknown", False)),
        score=float(row.get("score", 0.0)),
    )
