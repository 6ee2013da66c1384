"""Read a camera file, the one form that worker and platform share; write it again."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chengzhi.kernel.errors import InvalidInput
from chengzhi.vision.rules import reading
from chengzhi.vision.rules.drawing import drawn_table, read_drawn, read_perspective
from chengzhi.vision.rules.presets import preset_table, read_presets
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
    "perspective",
)
CAMERA_FIELDS = ("code", "name", "source", "picture", "presets", *OPTIONS)
ZONE_FIELDS = ("name", "kind", "polygon", "drawn", "rules")
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
    reading.only(table, ("camera", "zones", "thresholds"), "")
    head = reading.table(table.get("camera"), "camera")
    reading.only(head, CAMERA_FIELDS, "camera.")
    options = {key: head[key] for key in OPTIONS if key in head}
    if "perspective" in head:
        options["perspective"] = read_perspective(head["perspective"])
    if "thresholds" in table:
        options["thresholds"] = dict(reading.table(table["thresholds"], "thresholds"))
    zones = read_zones(table.get("zones", []))
    return CameraFile(
        code=read_code(head.get("code"), "camera.code"),
        name=reading.text(head.get("name", ""), "camera.name"),
        source=reading.text(head.get("source", ""), "camera.source"),
        picture=reading.picture(head.get("picture")),
        options=options,
        zones=zones,
        presets=read_presets(head.get("presets", []), zones),
    )


def read_zones(value: Any) -> tuple[ZoneSpec, ...]:
    """Return the zones of a list of tables; names must differ."""
    zones = tuple(
        _zone(item, f"zones[{i}]") for i, item in enumerate(reading.items(value, "zones"))
    )
    names = [zone.name for zone in zones]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidInput(
                f"zones[{index}].name：区域名“{name}”重复，请换一个名字。",
                field=f"zones[{index}].name",
            )
    return zones


def read_plan(value: Any) -> tuple[ZoneSpec, ...]:
    """Return the zones of a drawn or kept plan: as in the file, each with the key of its preset."""
    listed = reading.items(value, "zones")
    bare = [
        {name: part for name, part in item.items() if name != "preset"}
        if isinstance(item, Mapping)
        else item
        for item in listed
    ]
    return tuple(
        replace(zone, preset=_preset_key(item.get("preset"), f"zones[{i}].preset"))
        for i, (zone, item) in enumerate(zip(read_zones(bare), listed, strict=True))
    )


def _preset_key(value: Any, where: str) -> int | None:
    return None if value is None else int(reading.number(value, where, 1, 2**53))


def read_rules(value: Any, *, kind: ZoneKind, where: str = "rules") -> tuple[RuleSpec, ...]:
    """Return the rules of a zone of this kind; one rule for each kind of finding."""
    rules = tuple(
        read_rule(item, kind=kind, where=f"{where}[{i}]")
        for i, item in enumerate(reading.items(value, where))
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
    table = reading.table(value, where)
    reading.only(table, (*RULE_FIELDS, "enabled"), f"{where}.")
    if "dwell_s" not in table:
        raise InvalidInput(
            f"{where}.dwell_s：缺少停留秒数，请填写，例如 dwell_s = 180。", field=f"{where}.dwell_s"
        )
    return RuleSpec(
        finding=_fitting(table.get("finding"), kind, f"{where}.finding"),
        dwell_s=reading.number(table["dwell_s"], f"{where}.dwell_s", 1, 7 * DAY_S),
        hours=tuple(
            reading.span(item, f"{where}.hours") for item in reading.listed(table, "hours", where)
        ),
        weekdays=reading.weekdays(reading.listed(table, "weekdays", where), f"{where}.weekdays"),
        except_dates=tuple(
            reading.day(item, f"{where}.except_dates")
            for item in reading.listed(table, "except_dates", where)
        ),
        min_size=reading.size(table.get("min_size"), f"{where}.min_size"),
        max_size=reading.size(table.get("max_size"), f"{where}.max_size"),
        exempt=tuple(
            reading.text(item, f"{where}.exempt") for item in reading.listed(table, "exempt", where)
        ),
        re_alert_s=reading.optional(table.get("re_alert_s"), f"{where}.re_alert_s", 10, 1e7),
        min_score=reading.optional(table.get("min_score"), f"{where}.min_score", 0, 1),
        grace_s=reading.optional(table.get("grace_s"), f"{where}.grace_s", 0, 3600),
        enabled=reading.flag(table.get("enabled", True), f"{where}.enabled"),
    )


def read_code(value: Any, where: str, *, field: str = "") -> str:
    """Return a camera code: letters, digits and `._-`, at most 64.

    `where` names it to people; the refusal's field, where that is another, to programs.
    """
    if not isinstance(value, str) or not CODE.fullmatch(value):
        raise InvalidInput(
            f'{where}：缺少摄像头编号或含有不能用的字符，请用字母、数字、._-，例如 "C001"。',
            field=field or where,
        )
    return value


def read_polygon(value: Any, where: str) -> Polygon:
    """Return a polygon of at least three points that encloses something."""
    points = tuple(reading.point(item, where) for item in reading.items(value, where))
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
    if camera.presets:
        head["presets"] = [preset_table(preset) for preset in camera.presets]
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


def plan_zones(zones: tuple[ZoneSpec, ...]) -> list[dict[str, Any]]:
    """Return zones as the editor takes them and a plan keeps them: disabled rules too."""
    return [
        {
            **_zone_table(zone),
            **({} if zone.preset is None else {"preset": zone.preset}),
            "rules": [{**rule_table(rule), "enabled": rule.enabled} for rule in zone.rules],
        }
        for zone in zones
    ]


def _zone_table(zone: ZoneSpec) -> dict[str, Any]:
    return {
        "name": zone.name,
        "kind": str(zone.kind),
        "polygon": [list(point) for point in zone.polygon],
        **({"drawn": drawn_table(zone.drawn)} if zone.drawn else {}),
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
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return f"[{', '.join(_toml(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _zone(value: Any, where: str) -> ZoneSpec:
    table = reading.table(value, where)
    reading.only(table, ZONE_FIELDS, f"{where}.")
    name = reading.text(table.get("name", ""), f"{where}.name").strip()
    if not name or len(name) > 60:
        raise InvalidInput(f"{where}.name：请填写区域名，不超过60字。", field=f"{where}.name")
    kind = _zone_kind(table.get("kind"), f"{where}.kind")
    return ZoneSpec(
        name=name,
        kind=kind,
        polygon=read_polygon(table.get("polygon", []), f"{where}.polygon"),
        drawn=read_drawn(table.get("drawn"), f"{where}.drawn"),
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
        cure = f"可以写：{listed}" if listed else "它本身不产生抓拍，请删去规则"
        raise InvalidInput(f"{where}：{label}不能布控 {value!r}，{cure}。", field=where)
    return FindingKind(value)
