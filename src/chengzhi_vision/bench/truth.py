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
from chengzhi_vision.bench.viper import KNOWN, Names, read_viper
from chengzhi_vision.config import Camera
from chengzhi_vision.errors import BenchInvalid, TruthInvalid
from chengzhi_vision.findings import kind_table
from chengzhi_vision.types import Box, FindingKind, ObjectClass


def load_truth(
    path: Path,
    *,
    camera: Camera | None = None,
    dwell_s: float | None = None,
    clip: str = "",
    names: Names = KNOWN,
) -> ClipTruth:
    """Read a truth file; the dwell is that of the camera's rule, else `dwell_s`.

    :raises TruthInvalid: it cannot be read, or holds what has no kind of ours.
    """
    name = clip or path.name.removesuffix(".xml").removesuffix(".json").removesuffix(".truth")
    try:
        if path.suffix == ".xml":
            return read_viper(path.read_text("utf-8"), clip=name, dwell_s=dwell_s, names=names)
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
        kind, zone = _kind(row["kind"], f"事件 {row.get('id')}"), row.get("zone", "")
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
        conditions=_conditions(table),
        decoys=tuple(str(row.get("what", "")) for row in table.get("decoys", [])),
        origin=str(table.get("origin", "")),
    )


def _conditions(table: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a staged clip was put through; of a rendered one, its sky."""
    sky = [table["sky"]] if "sky" in table else []
    return tuple(str(name) for name in table.get("conditions", sky))


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
        kind=None if kind is None else _kind(kind, "ignore"),
        box=None if box is None else _box(box),
    )


def _kind(name: object, where: str) -> FindingKind:
    try:
        return FindingKind(str(name))
    except ValueError as error:
        known = "、".join(FindingKind)
        raise ValueError(f"{where} 的 kind：得到 {name!r}，可用：{known}") from error


def _box(values: list[float]) -> Box:
    x, y, w, h = (float(v) for v in values)
    return Box(x=x, y=y, w=w, h=h)


def load_alarms(path: Path, *, clip: str) -> list[AlarmRow]:
    """Read findings.jsonl of `analyse`; a row may carry `clip` and `emitted_pts` of a bench run.

    :raises BenchInvalid: a line is no alarm, or its kind is none of ours.
    """
    lines = enumerate(path.read_text("utf-8").splitlines(), start=1)
    return [_alarm(line, clip=clip, where=f"{path} 第 {i} 行") for i, line in lines if line.strip()]


def _alarm(line: str, *, clip: str, where: str) -> AlarmRow:
    try:
        return alarm_row(json.loads(line), clip=clip)
    except (ValueError, KeyError, TypeError) as error:
        raise BenchInvalid(f"告警文件 {where}读不懂：{type(error).__name__}: {error}。") from error


def alarm_row(row: Mapping[str, Any], *, clip: str) -> AlarmRow:
    return AlarmRow(
        clip=str(row.get("clip", clip)),
        kind=_kind(row["kind"], "告警"),
        zone=str(row.get("zone", "")),
        start_s=float(row["start_pts"]),
        alarm_s=float(row["alarm_pts"]),
        emitted_s=float(row.get("emitted_pts", row["alarm_pts"])),
        box=_box(row["bbox"]),
        start_unknown=bool(row.get("start_unknown", False)),
        score=float(row.get("score", 0.0)),
    )
