"""Read a camera file, the one form that worker and platform share; write it again."""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules.space import area
from chengzhi.vision.rules.wording import kind_label
from chengzhi.vision.types import (
    ZONE_FINDINGS,
    ZONE_KIND_LABELS,
    CameraFile,
    FindingKind,
    Polygon,
    RuleSpec,
    ZoneKind,
    ZoneSpec,
)

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Fields of [camera] that the platform keeps and hands on without using them itself.
OPTIONS = (
    "loop",
    "loop_pause_s",
    "sample_fps",
    "keyframes_only",
    "snapshot_s",
    "timezone",
    "priority",
)
CAMERA_FIELDS = ("code", "name", "source", "picture", *OPTIONS)
ZONE_FIELDS = ("name", "kind", "polygon", "rules")
RULE_FIELDS = (
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
)
DAY_S = 86_400


def parse_toml(text: str) -> CameraFile:
    """Return the camera that a TOML text describes.

    :raises InvalidInput: the syntax or a value is wrong; `field` is its path in the file.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"摄像头文件语法有误：{error}。请按 TOML 格式改正后再上传。", field="file"
        ) from error
    return read_camera_file(table)


def read_camera_file(table: Mapping[str, Any]) -> CameraFile:
    """Return the camera that a parsed file describes; every field is checked."""
    _only(table, ("camera", "zones", "thresholds"), "")
    head = _table(table.get("camera"), "camera")
    _only(head, CAMERA_FIELDS, "camera.")
    options = {key: head[key] for key in OPTIONS if key in head}
    if "thresholds" in table:
        options["thresholds"] = dict(_table(table["thresholds"], "thresholds"))
    return CameraFile(
        code=read_code(head.get("code"), "camera.code"),
        name=_text(head.get("name", ""), "camera.name"),
        source=_text(head.get("source", ""), "camera.source"),
        picture=_picture(head.get("picture")),
        options=options,
        zones=read_zones(table.get("zones", [])),
    )


def read_zones(value: Any) -> tuple[ZoneSpec, ...]:
    """Return the zones of a list of tables; names must differ."""
    zones = tuple(_zone(item, f"zones[{i}]") for i, item in enumerate(_list(value, "zones")))
    names = [zone.name for zone in zones]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidInput(
                f"zones[{index}].name：区域名“{name}”重复，请换一个名字。",
                field=f"zones[{index}].name",
            )
    return zones


def read_rules(value: Any, *, kind: ZoneKind, where: str = "rules") -> tuple[RuleSpec, ...]:
    """Return the rules of a zone of this kind; one rule for each kind of finding."""
    rules = tuple(
        read_rule(item, kind=kind, where=f"{where}[{i}]")
        for i, item in enumerate(_list(value, where))
    )
    findings = [rule.finding for rule in rules]
    for index, finding in enumerate(findings):
        if finding in findings[:index]:
            label = kind_label(finding)
            raise InvalidInput(
                f"{where}[{index}].finding：同一区域已有“{label}”规则，请合并成一条。",
                field=f"{where}[{index}].finding",
            )
    return rules


def read_rule(value: Any, *, kind: ZoneKind, where: str) -> RuleSpec:
    """Return one rule, checked against the kind of its zone."""
    table = _table(value, where)
    _only(table, (*RULE_FIELDS, "enabled"), f"{where}.")
    if "dwell_s" not in table:
        raise InvalidInput(
            f"{where}.dwell_s：缺少停留秒数，请填写，例如 dwell_s = 180。", field=f"{where}.dwell_s"
        )
    return RuleSpec(
        finding=_fitting(table.get("finding"), kind, f"{where}.finding"),
        dwell_s=_number(table["dwell_s"], f"{where}.dwell_s", 1, 7 * DAY_S),
        hours=tuple(_span(item, f"{where}.hours") for item in _listed(table, "hours", where)),
        weekdays=_weekdays(_listed(table, "weekdays", where), f"{where}.weekdays"),
        except_dates=tuple(
            _day(item, f"{where}.except_dates") for item in _listed(table, "except_dates", where)
        ),
        min_size=_size(table.get("min_size"), f"{where}.min_size"),
        max_size=_size(table.get("max_size"), f"{where}.max_size"),
        exempt=tuple(_text(item, f"{where}.exempt") for item in _listed(table, "exempt", where)),
        re_alert_s=_optional(table.get("re_alert_s"), f"{where}.re_alert_s", 10, 1e7),
        min_score=_optional(table.get("min_score"), f"{where}.min_score", 0, 1),
        grace_s=_optional(table.get("grace_s"), f"{where}.grace_s", 0, 3600),
        enabled=_flag(table.get("enabled", True), f"{where}.enabled"),
    )


def read_code(value: Any, where: str) -> str:
    """Return a camera code: letters, digits and `._-`, at most 64."""
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise InvalidInput(
            f'{where}：缺少摄像头编号或含有不能用的字符，请用字母、数字、._-，例如 "C001"。',
            field=where,
        )
    return value


def read_polygon(value: Any, where: str) -> Polygon:
    """Return a polygon of at least three points that encloses something."""
    points = tuple(_point(item, where) for item in _list(value, where))
    if len(points) < 3:
        raise InvalidInput(f"{where}：至少要3个点，现在有{len(points)}个，请接着画。", field=where)
    if area(points) < 1:
        raise InvalidInput(f"{where}：各点在一条线上，围不成区域，请重画。", field=where)
    return points


# ── writing ────────────────────────────────────────────────────────────────────────────


def as_table(camera: CameraFile) -> dict[str, Any]:
    """Return the file's structure: what the worker reads as JSON; disabled rules are left out."""
    options = dict(camera.options)
    thresholds = options.pop("thresholds", None)
    head: dict[str, Any] = {"code": camera.code, "name": camera.name, "source": camera.source}
    if camera.picture:
        head["picture"] = list(camera.picture)
    table: dict[str, Any] = {
        "camera": {**head, **options},
        "zones": [_zone_table(zone) for zone in camera.zones],
    }
    return table if thresholds is None else {**table, "thresholds": thresholds}


def as_toml(camera: CameraFile) -> str:
    """Return the camera file as TOML text; reading it again gives the same camera."""
    table = as_table(camera)
    lines = ["[camera]", *_pairs(table["camera"])]
    for zone in table["zones"]:
        rules = zone.pop("rules")
        lines += ["", "[[zones]]", *_pairs(zone)]
        for rule in rules:
            lines += ["", "[[zones.rules]]", *_pairs(rule)]
    if "thresholds" in table:
        lines += ["", "[thresholds]", *_pairs(table["thresholds"])]
    return "\n".join(lines) + "\n"


def rule_table(rule: RuleSpec) -> dict[str, Any]:
    """Return a rule as the file holds it; fields left at their default are not written."""
    pairs = {name: getattr(rule, name) for name in RULE_FIELDS}
    kept = {name: value for name, value in pairs.items() if value not in (None, ())}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()
    }


def _zone_table(zone: ZoneSpec) -> dict[str, Any]:
    return {
        "name": zone.name,
        "kind": str(zone.kind),
        "polygon": [list(point) for point in zone.polygon],
        "rules": [rule_table(rule) for rule in zone.rules if rule.enabled],
    }


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_toml(value)}" for key, value in table.items()]


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


# ── single values ──────────────────────────────────────────────────────────────────────


def _zone(value: Any, where: str) -> ZoneSpec:
    table = _table(value, where)
    _only(table, ZONE_FIELDS, f"{where}.")
    name = _text(table.get("name", ""), f"{where}.name").strip()
    if not name or len(name) > 60:
        raise InvalidInput(f"{where}.name：请填写区域名，不超过60字。", field=f"{where}.name")
    kind = _zone_kind(table.get("kind"), f"{where}.kind")
    return ZoneSpec(
        name=name,
        kind=kind,
        polygon=read_polygon(table.get("polygon", []), f"{where}.polygon"),
        rules=read_rules(table.get("rules", []), kind=kind, where=f"{where}.rules"),
    )


def _zone_kind(value: Any, where: str) -> ZoneKind:
    if not isinstance(value, str) or value not in set(ZoneKind):
        listed = "、".join(f"{kind}（{ZONE_KIND_LABELS[kind]}）" for kind in ZoneKind)
        raise InvalidInput(f"{where}：没有区域类型 {value!r}，可以写：{listed}。", field=where)
    return ZoneKind(value)


def _fitting(value: Any, kind: ZoneKind, where: str) -> FindingKind:
    listed = "、".join(f"{finding}（{kind_label(finding)}）" for finding in ZONE_FINDINGS[kind])
    if value not in ZONE_FINDINGS[kind]:
        label = ZONE_KIND_LABELS[kind]
        raise InvalidInput(f"{where}：{label}不能布控 {value!r}，可以写：{listed}。", field=where)
    return FindingKind(value)


def _table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{where}：缺少这一节或写法不对，应为一组“名称 = 值”。", field=where)
    return value


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"{where}：应为列表，请用方括号。", field=where)
    return list(value)


def _listed(table: Mapping[str, Any], name: str, where: str) -> list[Any]:
    return _list(table.get(name, []), f"{where}.{name}")


def _only(table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for key in table:
        if key not in known:
            listed = "、".join(known)
            raise InvalidInput(
                f"{prefix}{key}：没有这个字段，请删去；可用的有：{listed}。", field=f"{prefix}{key}"
            )


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(f"{where}：应为文字，请加引号。", field=where)
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(f"{where}：应为 true 或 false。", field=where)
    return value


def _number(value: Any, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InvalidInput(f"{where}：应为{low:g}到{high:g}之间的数，得到 {value!r}。", field=where)
    return float(value)


def _optional(value: Any, where: str, low: float, high: float) -> float | None:
    return None if value is None else _number(value, where, low, high)


def _point(value: Any, where: str) -> tuple[float, float]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise InvalidInput(
            f"{where}：每个点应为 [x, y] 两个像素坐标，得到 {value!r}。", field=where
        )
    return _number(value[0], where, -1e5, 1e5), _number(value[1], where, -1e5, 1e5)


def _size(value: Any, where: str) -> tuple[float, float] | None:
    if value is None:
        return None
    return _point(value if isinstance(value, list | tuple) else [value, value], where)


def _picture(value: Any) -> tuple[int, int] | None:
    if value is None:
        return None
    width, height = _point(value, "camera.picture")
    return round(width), round(height)


def _weekdays(days: list[Any], where: str) -> tuple[int, ...]:
    if any(isinstance(day, bool) or day not in range(1, 8) for day in days):
        raise InvalidInput(f"{where}：应为1（周一）到7（周日）的列表，得到 {days!r}。", field=where)
    return tuple(sorted(set(days)))


def _span(value: Any, where: str) -> str:
    start, dash, end = value.partition("-") if isinstance(value, str) else ("", "", "")
    try:
        return f"{_clock(start)}{dash}{_clock(end)}"
    except ValueError as error:
        raise InvalidInput(
            f'{where}：时段应写成 "07:00-22:00"，得到 {value!r}。', field=where
        ) from error


def _clock(text: str) -> str:
    plain = text.strip()
    return plain if plain == "24:00" else f"{time.fromisoformat(plain):%H:%M}"


def _day(value: Any, where: str) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f'{where}：日期应写成 "2026-10-01"，得到 {value!r}。', field=where
        ) from error
