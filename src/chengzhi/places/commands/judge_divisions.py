"""What stands against a division's shape, and how divisions are written."""

from dataclasses import replace
from datetime import datetime

import shapely

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.commands.neighbors import Crossing, crossings
from chengzhi.places.commands.plan import Plan, of_county, once
from chengzhi.places.models import Division
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.rules.codes import level_of, parent_of
from chengzhi.places.rules.features import Draft, as_geometry
from chengzhi.places.rules.topology import outside_share
from chengzhi.places.types import Level

OUTSIDE = 0.05  # coast lines of two sources differ by this much of a small island town


def judge_divisions(plan: Plan) -> Plan:
    """Judge codes, parents, borders and neighbors."""
    standing = _standing(plan.county)
    plan = replace(plan, standing=standing, writer=_write)
    plan = once(of_county(plan.judged(_code_wrong)))
    plan = plan.judged(lambda draft: _parent_missing(draft, plan))
    plan = _crossing(_outside(plan))
    return replace(plan, unchanged=_unchanged(plan))


def _standing(county: str) -> dict[str, Division]:
    rows = Division.objects.filter(code__startswith=county, valid_to__isnull=True)
    return {row.code: row for row in rows}


def _code_wrong(draft: Draft) -> str:
    try:
        level_of(draft.code)
    except InvalidInput as error:
        return error.sentence
    return "" if draft.name else "缺少名称（name）。"


def _parent_missing(draft: Draft, plan: Plan) -> str:
    parent = parent_of(draft.code)
    known = {*plan.standing, *(other.code for other in plan.sound())}
    return f"上级区划{parent}尚未登记，请先导入。" if parent and parent not in known else ""


def _shapes(plan: Plan) -> dict[str, shapely.Geometry]:
    held = {code: row.polygon for code, row in plan.standing.items() if row.polygon}
    return dict(zip(held, shapes_of(list(held.values())), strict=True))


def _outside(plan: Plan) -> Plan:
    shapes = _shapes(plan)
    shapes.update({draft.code: draft.shape for draft in plan.sound() if draft.shape})

    def sticking_out(draft: Draft) -> str:
        parent = shapes.get(parent_of(draft.code))
        if parent is None or draft.shape is None:
            return ""
        share = outside_share(draft.shape, parent=parent)
        outside = f"有{share:.1%}的面积在上级区划{parent_of(draft.code)}之外。请核对坐标系和边界。"
        return outside if share > OUTSIDE else ""

    return plan.judged(sticking_out)


def _crossing(plan: Plan) -> Plan:
    """Refuse each record that overlaps a neighbor of its level; slivers are only told."""
    found = [crossing for level in Level for crossing in _level_crossings(plan, level)]
    slivers = [f"{_told(c)}，为边界取舍所致，按编码在前者归属。" for c in found if c.is_sliver]
    against = {c.draft.number: f"{_told(c)}。请修正共同边界。" for c in found if not c.is_sliver}
    return plan.against(against).noting(*slivers)


def _told(crossing: Crossing) -> str:
    return f"{crossing.draft.name}与{crossing.other}重叠{crossing.square_metres:.0f}平方米"


def _level_crossings(plan: Plan, level: Level) -> list[Crossing]:
    peers = [draft for draft in plan.sound() if level_of(draft.code) is level]
    coming = {draft.code for draft in peers}
    staying = {
        code: shape
        for code, shape in _shapes(plan).items()
        if level_of(code) is level and code not in coming
    }
    return crossings(peers, staying)


def _unchanged(plan: Plan) -> frozenset[str]:
    return frozenset(
        draft.code for draft in plan.sound() if _same(draft, plan.standing.get(draft.code))
    )


def _same(draft: Draft, row: Division | None) -> bool:
    if row is None or draft.shape is None:
        return False
    squad = str(draft.properties.get("squad", row.squad))
    same_shape = row.polygon == as_geometry(draft.shape)
    return row.name == draft.name and row.squad == squad and same_shape


def _write(plan: Plan, actor: Actor, now: datetime) -> None:
    rows: dict[str, Division] = dict(plan.standing)
    for draft in sorted(plan.to_write(), key=lambda draft: len(draft.code)):
        row = rows.get(draft.code) or _new(draft, rows, plan)
        row.name = draft.name
        row.squad = str(draft.properties.get("squad", row.squad))
        row.polygon = as_geometry(draft.shape) if draft.shape else row.polygon
        row.save()
        rows[draft.code] = row


def _new(draft: Draft, rows: dict[str, Division], plan: Plan) -> Division:
    return Division(
        code=draft.code,
        level=level_of(draft.code),
        parent=rows.get(parent_of(draft.code)),
        valid_from=plan.on,
    )
