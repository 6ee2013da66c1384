"""What stands against a road, and how roads are written."""

from dataclasses import replace
from datetime import datetime

import shapely

from chengzhi.accounts.types import Actor
from chengzhi.places.commands.plan import Plan, of_county, once
from chengzhi.places.models import Road
from chengzhi.places.rules.features import Draft, as_geometry
from chengzhi.places.rules.measure import in_metres

CODE_DIGITS = 10  # county code + four digits
SHORTEST = 10.0  # metres


def judge_roads(plan: Plan) -> Plan:
    """Judge codes, names and lengths."""
    rows = Road.objects.filter(code__startswith=plan.county)
    plan = replace(plan, standing={row.code: row for row in rows}, writer=_write)
    plan = once(of_county(plan.judged(_wrong)))
    same = frozenset(d.code for d in plan.sound() if _same(d, plan.standing.get(d.code)))
    return replace(plan, unchanged=same)


def _wrong(draft: Draft) -> str:
    if len(draft.code) != CODE_DIGITS or not draft.code.isdigit():
        return f"道路编码“{draft.code}”不对：应为{CODE_DIGITS}位数字（县代码6位+序号4位）。"
    if not draft.name:
        return "缺少路名（name）。"
    return "" if _length(draft) >= SHORTEST else f"道路长度不足{SHORTEST:.0f}米。"


def _length(draft: Draft) -> float:
    if draft.shape is None:
        return 0.0
    lat = float(shapely.get_coordinates(draft.shape)[:, 1].mean())
    return float(shapely.length(in_metres(draft.shape, lat=lat)))


def _same(draft: Draft, row: Road | None) -> bool:
    if row is None or draft.shape is None:
        return False
    return row.name == draft.name and row.line == as_geometry(draft.shape)


def _write(plan: Plan, actor: Actor, now: datetime) -> None:
    for draft in plan.to_write():
        row = plan.standing.get(draft.code) or Road(code=draft.code)
        row.name, row.length = draft.name, round(_length(draft), 1)
        row.line = as_geometry(draft.shape) if draft.shape else row.line
        row.save()
