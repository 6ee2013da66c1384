"""What a saved plan may be, and how a refusal names the zone and the rule it is about."""

import re
from datetime import timedelta
from typing import Any

from chengzhi.kernel.errors import DomainError
from chengzhi.vision.rules.space import Size, factors
from chengzhi.vision.rules.wording import kind_label

#: A new picture that has not come by then will not: the worker asks every few seconds.
STILL_WAIT = timedelta(seconds=90)
ZONES_LIMIT = 60
PLACE = re.compile(r"zones\[(\d+)\](?:\.rules\[(\d+)\])?(?:\.(\w+))?(?:\.(\w+))?")
FIELD_LABELS = {
    "name": "名称",
    "kind": "类型",
    "polygon": "形状",
    "drawn": "画法",
    "preset": "预置位",
    "points": "点",
    "width": "宽度",
    "finding": "抓拍类型",
    "dwell_s": "停留秒数",
    "hours": "时段",
    "weekdays": "星期",
    "except_dates": "除外日期",
    "min_size": "最小边长",
    "max_size": "最大边长",
    "exempt": "豁免类别",
    "re_alert_s": "再次提醒",
    "min_score": "最低置信度",
    "grace_s": "遮挡宽限",
    "enabled": "启用",
}


class PlanChanged(DomainError):
    """Somebody else saved a version meanwhile."""

    code = "zone-plan-changed"


def check_base(base: int | None, newest: int) -> None:
    """Refuse a plan that was begun on another version than the newest.

    :raises PlanChanged: somebody saved meanwhile; their work must not be overwritten unseen.
    """
    if base is not None and base != newest:
        raise PlanChanged(
            f"布控方案已被别人改成第{newest}版，您是从第{base}版改起的。"
            "请在另一个窗口打开本页看改了什么，再在这里点“仍要保存”或重新打开。",
            field="base",
        )


def named(sentence: str, zones: Any) -> str:
    """Return a refusal with zones and rules called by their names instead of numbers."""
    match = PLACE.search(sentence)
    if match is None or not isinstance(zones, list):
        return sentence
    zone = _at(zones, match[1])
    parts = [f"区域“{zone.get('name') or int(match[1]) + 1}”"]
    if match[2] is not None:
        rule = _at(zone.get("rules"), match[2])
        parts.append(f"规则“{kind_label(str(rule.get('finding', '')))}”")
    parts += [FIELD_LABELS.get(name, name) for name in match.groups()[2:] if name]
    return sentence.replace(match[0], "的".join(parts), 1)


def stretched(plan: dict[str, Any], size: Size) -> dict[str, Any]:
    """Return a plan on a picture of another shape, to begin from: what it shows is to be checked."""
    across, down = factors(plan["size"], size)
    marks = plan["perspective"] and {
        "person": [
            [round(x * across), round(y * down), round(tall * down)]
            for x, y, tall in plan["perspective"]["person"]
        ]
    }
    zones = [_stretched_zone(zone, across, down) for zone in plan["zones"]]
    return {"zones": zones, "perspective": marks, "size": list(size)}


def _stretched_zone(zone: dict[str, Any], across: float, down: float) -> dict[str, Any]:
    def at(points: list[list[float]]) -> list[list[int]]:
        return [[round(x * across), round(y * down)] for x, y in points]

    made = {**zone, "polygon": at(zone["polygon"])}
    if "drawn" in zone:
        drawn = zone["drawn"]
        width = drawn["width"] * across if drawn["unit"] == "px" else drawn["width"]
        made["drawn"] = {**drawn, "points": at(drawn["points"]), "width": round(width, 1)}
    made["rules"] = [_stretched_rule(rule, across, down) for rule in zone["rules"]]
    return made


def _stretched_rule(rule: dict[str, Any], across: float, down: float) -> dict[str, Any]:
    sides = {name: rule[name] for name in ("min_size", "max_size") if name in rule}
    return {
        **rule,
        **{name: [round(w * across), round(h * down)] for name, (w, h) in sides.items()},
    }


def _at(rows: Any, index: str) -> dict[str, Any]:
    row = rows[int(index)] if isinstance(rows, list) and int(index) < len(rows) else {}
    return row if isinstance(row, dict) else {}
