"""What stands against a patrol grid, and how patrol grids are written."""

from dataclasses import replace
from datetime import datetime

import shapely

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.places.commands.plan import Plan, of_county, once
from chengzhi.places.events import GridChanged
from chengzhi.places.models import Cell, Division, PatrolGrid
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.rules.features import Draft
from chengzhi.places.types import Level

CODE_DIGITS = 12  # town code + three digits; a patrol grid is a local layer


def judge_grids(plan: Plan) -> Plan:
    """Judge codes, towns and the cells named, or found by the shape."""
    plan = replace(plan, standing=_standing(plan.county), writer=_write)
    towns = _towns(plan.county)
    plan = once(of_county(plan.judged(lambda draft: _code_wrong(draft, towns))))
    cells = _cells(plan.county)
    plan = replace(plan, drafts=tuple(_with_cells(draft, cells) for draft in plan.drafts))
    plan = _once_each(plan.judged(lambda draft: _cells_wrong(draft, cells)))
    return replace(plan, unchanged=_unchanged(plan, cells))


def _standing(county: str) -> dict[str, PatrolGrid]:
    return {row.code: row for row in PatrolGrid.objects.filter(code__startswith=county)}


def _towns(county: str) -> set[str]:
    rows = Division.objects.filter(code__startswith=county, level=Level.TOWN, valid_to__isnull=True)
    return set(rows.values_list("code", flat=True))


def _cells(county: str) -> dict[str, Cell]:
    rows = Cell.objects.filter(code__startswith=county, valid_to__isnull=True)
    return {row.code: row for row in rows.select_related("grid")}


def _code_wrong(draft: Draft, towns: set[str]) -> str:
    if len(draft.code) != CODE_DIGITS or not draft.code.isdigit():
        return f"责任网格编码“{draft.code}”不对：应为{CODE_DIGITS}位数字（街道代码9位+序号3位）。"
    if draft.code[:9] not in towns:
        return f"街道（乡镇）{draft.code[:9]}尚未登记，请先导入行政区划。"
    return "" if draft.name else "缺少名称（name）。"


def _with_cells(draft: Draft, cells: dict[str, Cell]) -> Draft:
    """Return the draft with its cells: those named, else those whose middle its shape holds."""
    if "cells" in draft.properties or draft.shape is None:
        return draft
    codes = list(cells)
    middles = shapely.point_on_surface(shapes_of([cells[code].polygon for code in codes]))
    inside = shapely.contains(draft.shape, middles)
    named = [code for code, held in zip(codes, inside, strict=True) if held]
    return replace(draft, properties={**draft.properties, "cells": named})


def _named(draft: Draft) -> list[str]:
    named = draft.properties.get("cells")
    return [str(code) for code in named] if isinstance(named, list) else []


def _cells_wrong(draft: Draft, cells: dict[str, Cell]) -> str:
    named = _named(draft)
    if not named:
        return "责任网格没有单元网格。请在cells中列出，或画出范围。"
    unknown = [code for code in named if code not in cells]
    if unknown:
        return f"单元网格{unknown[0]}等{len(unknown)}个尚未登记。请先导入单元网格。"
    return ""


def _once_each(plan: Plan) -> Plan:
    owners: dict[str, Draft] = {}
    against: dict[int, str] = {}
    for draft in plan.sound():
        for code in _named(draft):
            other = owners.setdefault(code, draft)
            if other is not draft:
                against[draft.number] = (
                    f"单元网格{code}已属于责任网格{other.code}，不能再属于此格。"
                )
    return plan.against(against)


def _unchanged(plan: Plan, cells: dict[str, Cell]) -> frozenset[str]:
    held: dict[str, set[str]] = {}
    for code, cell in cells.items():
        if cell.grid:
            held.setdefault(cell.grid.code, set()).add(code)
    return frozenset(
        draft.code
        for draft in plan.sound()
        if _same(draft, plan.standing.get(draft.code))
        and held.get(draft.code) == set(_named(draft))
    )


def _same(draft: Draft, row: PatrolGrid | None) -> bool:
    squad = str(draft.properties.get("squad", ""))
    return row is not None and (row.name, row.squad) == (draft.name, squad)


def _write(plan: Plan, actor: Actor, now: datetime) -> None:
    for draft in plan.to_write():
        row = plan.standing.get(draft.code) or PatrolGrid(
            code=draft.code, town_code=draft.code[:9], valid_from=plan.on
        )
        row.name, row.squad = draft.name, str(draft.properties.get("squad", ""))
        row.save()
        named = _named(draft)
        standing = Cell.objects.filter(valid_to__isnull=True)
        standing.filter(grid=row).exclude(code__in=named).update(grid=None)
        standing.filter(code__in=named).update(grid=row)
        event = GridChanged(
            code=row.code, grid_name=row.name, squad=row.squad, cell_count=len(set(named))
        )
        audit.record(event, subject=f"grid:{row.code}", actor=actor.ref, at=now)
