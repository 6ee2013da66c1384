"""Read a camera from TOML or JSON and refuse what cannot be meant, naming field and cure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from chengzhi_vision.config import ALL_DAYS, Camera, Rule, Span, Zone
from chengzhi_vision.errors import CameraFileInvalid
from chengzhi_vision.findings import kind_table
from chengzhi_vision.geometry import Polygon, area
from chengzhi_vision.perspective import read_perspective
from chengzhi_vision.preset_file import read_presets
from chengzhi_vision.reading import hour, number
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import FindingKind, ZoneKind

Choice = TypeVar("Choice", bound=StrEnum)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CAMERA_FIELDS = frozenset(
    [
        "code",
        "name",
        "source",
        "loop",
        "loop_pause_s",
        "sample_fps",
        "keyframes_only",
        "snapshot_s",
        "timezone",
        "picture",
        "priority",
        "perspective",
        "presets",
    ]
)
ZONE_FIELDS = frozenset({"name", "kind", "polygon", "drawn", "rules"})  # drawn: for the editor
RULE_FIELDS = frozenset(
    [
        "finding",
        "dwell_s",
        "hours",
        "weekdays",
        "except_dates",
        "min_size",
        "max_size",
        "exempt",
        "re_alert_s",
        "min_score",
        "grace_s",
        "explore_share",
        "explore_from",
    ]
)


def load_camera(path: Path) -> Camera:
    """Read a camera file, TOML or (by its ending) JSON."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise CameraFileInvalid(f"读不到摄像机配置 {path}，请检查路径和权限。") from error
    except UnicodeDecodeError as error:
        raise CameraFileInvalid(f"摄像机配置 {path} 不是 UTF-8 文本，请另存为 UTF-8。") from error
    return read_camera(_parse(text, is_json=path.suffix == ".json"))


def _parse(text: str, *, is_json: bool) -> Any:
    try:
        return json.loads(text) if is_json else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise CameraFileInvalid(f"摄像机配置的语法有误：{error}。") from error


def read_camera(table: Any) -> Camera:
    """Return the camera a parsed table describes."""
    table = _with_source(_mapping(table, "配置"))
    _only(table, {"camera", "zones", "thresholds"}, "")
    head = _mapping(table.get("camera"), "camera")
    _only(head, CAMERA_FIELDS, "camera.")
    zones = tuple(
        _zone(_mapping(item, f"zones[{i}]"), f"zones[{i}]")
        for i, item in enumerate(_list(table.get("zones", []), "zones"))
    )
    _unique([zone.name for zone in zones])
    return Camera(
        code=_code(head.get("code")),
        name=_text(head.get("name", ""), "camera.name"),
        source=_text(head.get("source", ""), "camera.source"),
        loop=_flag(head.get("loop", False), "camera.loop"),
        loop_pause_s=_number(
            head.get("loop_pause_s", 0.0), "camera.loop_pause_s", low=0, high=86400
        ),
        sample_fps=_number(head.get("sample_fps", 5.0), "camera.sample_fps", low=0.05, high=30),
        keyframes_only=_flag(head.get("keyframes_only", False), "camera.keyframes_only"),
        snapshot_s=_number(head.get("snapshot_s", 5.0), "camera.snapshot_s", low=0.2, high=3600),
        timezone=_timezone(head.get("timezone", "Asia/Shanghai")),
        priority=int(_number(head.get("priority", 0), "camera.priority", low=0, high=9)),
        picture=_picture(head.get("picture")),
        perspective=read_perspective(head.get("perspective")),
        presets=read_presets(head.get("presets", []), zones=frozenset(z.name for z in zones)),
        zones=zones,
        limits=thresholds(_mapping(table.get("thresholds", {}), "thresholds")),
        warnings=_warnings(zones),
    )


def _with_source(table: Mapping[str, Any]) -> Mapping[str, Any]:
    """Accept the server's way of naming the source beside the camera."""
    if "source" not in table or not isinstance(table.get("camera"), Mapping):
        return table
    rest = {key: value for key, value in table.items() if key != "source"}
    return {**rest, "camera": {**table["camera"], "source": table["source"]}}


def _zone(table: Mapping[str, Any], where: str) -> Zone:
    _only(table, ZONE_FIELDS, f"{where}.")
    name = _text(table.get("name", ""), f"{where}.name")
    if not name:
        raise CameraFileInvalid(f"{where}.name：缺少区域名称，请填写。")
    kind = _one_of(ZoneKind, table.get("kind"), f"{where}.kind")
    rules = tuple(
        _rule(_mapping(item, f"{where}.rules[{i}]"), f"{where}.rules[{i}]", kind=kind)
        for i, item in enumerate(_list(table.get("rules", []), f"{where}.rules"))
    )
    polygon = _polygon(table.get("polygon"), f"{where}.polygon")
    return Zone(name=name, kind=kind, polygon=polygon, rules=rules)


def _rule(table: Mapping[str, Any], where: str, *, kind: ZoneKind) -> Rule:
    _only(table, RULE_FIELDS, f"{where}.")
    finding = _one_of(FindingKind, table.get("finding"), f"{where}.finding")
    _fits(finding, kind, where)
    if "dwell_s" not in table:
        raise CameraFileInvalid(f"{where}.dwell_s：缺少停留秒数，请填写，例如 dwell_s = 180。")
    biggest = table.get("max_size")
    return Rule(
        finding=finding,
        dwell_s=_number(table["dwell_s"], f"{where}.dwell_s", low=1, high=7 * 86400),
        hours=tuple(_span(i, f"{where}.hours") for i in _list(table.get("hours", []), where)),
        weekdays=_weekdays(table.get("weekdays"), f"{where}.weekdays"),
        except_dates=_dates(table.get("except_dates", []), f"{where}.except_dates"),
        min_size=_size(table.get("min_size", 0), f"{where}.min_size"),
        max_size=None if biggest is None else _size(biggest, f"{where}.max_size"),
        exempt=_labels(table.get("exempt", []), f"{where}.exempt"),
        re_alert_s=_optional(table.get("re_alert_s"), f"{where}.re_alert_s", low=10, high=1e7),
        min_score=_optional(table.get("min_score"), f"{where}.min_score", low=0, high=1),
        grace_s=_optional(table.get("grace_s"), f"{where}.grace_s", low=0, high=3600),
        explore_share=_number(
            table.get("explore_share", 0), f"{where}.explore_share", low=0, high=1
        ),
        explore_from=_optional(table.get("explore_from"), f"{where}.explore_from", low=0, high=1),
    )


def _fits(finding: FindingKind, kind: ZoneKind, where: str) -> None:
    row = kind_table()[finding]
    if kind not in row.zone_kinds:
        fitting = "、".join(sorted(row.zone_kinds)) or "（整幅画面，无需写入规则）"
        raise CameraFileInvalid(
            f"{where}.finding：{finding}（{row.name}）不能用于 {kind} 区域，可用于：{fitting}。"
        )


def _warnings(zones: tuple[Zone, ...]) -> tuple[str, ...]:
    waiting = {rule.finding for zone in zones for rule in zone.rules}
    return tuple(
        f"{finding}（{kind_table()[finding].name}）的检测器尚未提供，该规则暂不产生发现。"
        for finding in sorted(waiting)
        if not kind_table()[finding].is_ready
    )


def _mapping(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CameraFileInvalid(f"{where}：缺少这一节或写法不对，应为一组“名称 = 值”。")
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise CameraFileInvalid(f"{where}：应为列表。")
    return value


def _only(table: Mapping[str, Any], known: frozenset[str] | set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            listed = "、".join(sorted(known))
            raise CameraFileInvalid(f"{prefix}{key}：没有这个字段，可用字段为：{listed}。")


def _unique(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise CameraFileInvalid(f"zones：区域名称“{name}”重复，请为每个区域取不同的名称。")


def _code(value: Any) -> str:
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise CameraFileInvalid(
            'camera.code：缺少摄像机编码或含有不可用的字符，请用字母、数字、._-，例如 "C001"。'
        )
    return value


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise CameraFileInvalid(f"{where}：应为文字，请加引号。")
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise CameraFileInvalid(f"{where}：应为 true 或 false。")
    return value


def _number(value: Any, where: str, *, low: float, high: float) -> float:
    return number(value, where, low=low, high=high, refusal=CameraFileInvalid)


def _optional(value: Any, where: str, *, low: float, high: float) -> float | None:
    return None if value is None else _number(value, where, low=low, high=high)


def _one_of(kinds: type[Choice], value: Any, where: str) -> Choice:
    if value not in set(kinds):
        listed = "、".join(kinds)
        raise CameraFileInvalid(f"{where}：得到 {value!r}，可用的值为：{listed}。")
    return kinds(value)


def _polygon(value: Any, where: str) -> Polygon:
    points = tuple(_pair(item, where) for item in _list(value, where))
    if len(points) < 3:
        raise CameraFileInvalid(f"{where}：至少需要 3 个点，得到 {len(points)} 个，请补画。")
    if area(points) < 1:
        raise CameraFileInvalid(f"{where}：各点在一条线上，围不成区域，请重画。")
    return points


def _pair(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise CameraFileInvalid(f"{where}：每个点应为 [x, y] 两个像素坐标，得到 {value!r}。")
    x, y = (_number(part, where, low=-1e5, high=1e5) for part in value)
    return (x, y)


def _size(value: Any, where: str) -> tuple[float, float]:
    if isinstance(value, list):
        return _pair(value, where)
    side = _number(value, where, low=0, high=1e5)
    return (side, side)


def _picture(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    width, height = _pair(value, "camera.picture")
    if min(width, height) < 1:
        raise CameraFileInvalid(f"camera.picture：应为画区域的画面 [宽, 高]，得到 {value!r}。")
    return (round(width), round(height))


def _timezone(value: Any) -> str:
    name = _text(value, "camera.timezone")
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        message = f"camera.timezone：不认识时区 {name!r}，请写成 Asia/Shanghai 这样的名称。"
        raise CameraFileInvalid(message) from error
    return name


def _span(value: Any, where: str) -> Span:
    days, _, hours = value.rpartition("/") if isinstance(value, str) else ("", "", "")
    start, _, end = hours.partition("-")
    try:
        return Span(start=hour(start), end=hour(end), days=_days_of(days))
    except ValueError as error:
        cure = '时段应写成 "07:00-22:00"，只管周末写成 "67/09:00-18:00"'
        raise CameraFileInvalid(f"{where}：{cure}，得到 {value!r}。") from error


def _days_of(text: str) -> frozenset[int]:
    days = frozenset(int(digit) for digit in text)
    if not days <= ALL_DAYS:
        raise ValueError(text)
    return days or ALL_DAYS


def _weekdays(value: Any, where: str) -> frozenset[int]:
    if value is None:
        return ALL_DAYS
    days = _list(value, where)
    if not days or any(day not in ALL_DAYS or isinstance(day, bool) for day in days):
        raise CameraFileInvalid(f"{where}：应为 1（周一）到 7（周日）的列表，得到 {value!r}。")
    return frozenset(days)


def _dates(value: Any, where: str) -> frozenset[date]:
    return frozenset(_date(item, where) for item in _list(value, where))


def _date(value: Any, where: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        message = f'{where}：日期应写成 "2026-10-01"，得到 {value!r}。'
        raise CameraFileInvalid(message) from error


def _labels(value: Any, where: str) -> frozenset[str]:
    return frozenset(_text(item, where) for item in _list(value, where))
