"""What stands against a unit grid, and how unit grids are written (GB/T 47678.3)."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

import shapely

from chengzhi.accounts.types import Actor
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.commands.neighbors import crossings
from chengzhi.places.commands.plan import Plan, of_county, once
from chengzhi.places.events import CellChanged
from chengzhi.places.models import Cell, Division
from chengzhi.places.queries.index import shapes_of
from chengzhi.places.rules.codes import read_cell_code
from chengzhi.places.rules.features import Draft, as_geometry
from chengzhi.places.rules.measure import areas
from chengzhi.places.rules.topology import holes, outside_share, uncovered

OUTSIDE = 0.01  # a hundredth of a unit grid, about a metre along its border


def judge_cells(plan: Plan) -> Plan:
    """Judge codes, communities, borders, neighbors and gaps."""
    plan = replace(plan, standing=_standing(plan.county), writer=_write)
    plan = once(of_county(plan.judged(_code_wrong)))
    divisions = _divisions(plan.county)
    plan = plan.judged(lambda draft: _homeless(draft, divisions))
    plan = _crossing(_outside(plan, divisions))
    return replace(plan, unchanged=_unchanged(plan)).noting(*_gaps(plan, divisions))


def _standing(county: str) -> dict[str, Cell]:
    rows = Cell.objects.filter(code__startswith=county, valid_to__isnull=True)
    return {row.code: row for row in rows}


def _divisions(county: str) -> dict[str, shapely.Geometry | None]:
    rows = list(
        Division.objects.filter(code__startswith=county, valid_to__isnull=True).values_list(
            "code", "polygon"
        )
    )
    drawn = [row for row in rows if row[1]]
    shapes = shapes_of([polygon for _, polygon in drawn])
    found: dict[str, shapely.Geometry | None] = dict.fromkeys(code for code, _ in rows)
    found.update(zip((code for code, _ in drawn), shapes, strict=True))
    return found


def _code_wrong(draft: Draft) -> str:
    try:
        read_cell_code(draft.code)
    except InvalidInput as error:
        return error.sentence
    return ""


def _homeless(draft: Draft, divisions: dict[str, shapely.Geometry | None]) -> str:
    for length, what in ((9, "街道（乡镇）"), (12, "社区（村）")):
        if draft.code[:length] not in divisions:
            return f"{what}{draft.code[:length]}尚未登记，请先导入行政区划。"
    return ""


def _outside(plan: Plan, divisions: dict[str, shapely.Geometry | None]) -> Plan:
    shapely.prepare([shape for shape in divisions.values() if shape is not None])

    def sticking_out(draft: Draft) -> str:
        for length in (12, 9):
            parent = divisions[draft.code[:length]]
            if parent is not None and draft.shape is not None:
                share = outside_share(draft.shape, parent=parent)
                outside = f"有{share:.1%}的面积在{draft.code[:length]}之外。请核对编码和边界。"
                return outside if share > OUTSIDE else ""
        return ""

    return plan.judged(sticking_out)


def _crossing(plan: Plan) -> Plan:
    """Refuse each record that shares ground with another of the file, or with one that stays."""
    drafts = plan.sound()
    coming = {draft.code for draft in drafts}
    staying = [row for code, row in plan.standing.items() if code not in coming]
    shapes = shapes_of([row.polygon for row in staying])
    found = crossings(drafts, dict(zip((row.code for row in staying), shapes, strict=True)))
    return plan.against(
        {
            crossing.draft.number: f"与单元网格{crossing.other}重叠"
            f"{crossing.square_metres:.0f}平方米，单元网格不得重叠。"
            for crossing in found
            if not crossing.is_sliver
        }
    )


def _gaps(plan: Plan, divisions: dict[str, shapely.Geometry | None]) -> list[str]:
    groups: dict[str, list[shapely.Geometry]] = defaultdict(list)
    for draft in plan.sound():
        if draft.shape is not None:
            groups[draft.code[:12]].append(draft.shape)
    return [
        note
        for community, shapes in sorted(groups.items())
        if (note := _gap(community, shapes, divisions.get(community)))
    ]


def _gap(community: str, shapes: list[shapely.Geometry], parent: shapely.Geometry | None) -> str:
    if parent is not None:
        missing = uncovered(shapes, parent=parent)
        share = missing / (missing + float(areas(shapes).sum()))
        told = f"社区{community}有{missing:.0f}平方米（{share:.1%}）没有单元网格覆盖。"
        return told if share > OUTSIDE else ""
    found = holes(shapes)
    total = sum(found)
    return (
        f"社区{community}的单元网格之间有{len(found)}处空隙，共{total:.0f}平方米。" if found else ""
    )


def _unchanged(plan: Plan) -> frozenset[str]:
    return frozenset(
        draft.code
        for draft in plan.sound()
        if draft.code in plan.standing
        and draft.shape is not None
        and plan.standing[draft.code].polygon == as_geometry(draft.shape)
    )


def _write(plan: Plan, actor: Actor, now: datetime) -> None:
    drafts = plan.to_write()
    sizes = areas([draft.shape for draft in drafts if draft.shape is not None])
    rows = [
        _row(draft, float(size), plan.standing.get(draft.code), plan.on)
        for draft, size in zip(drafts, sizes, strict=True)
    ]
    _close(plan, rows, actor, now)
    Cell.objects.bulk_create(rows, batch_size=500)


def _row(draft: Draft, size: float, before: Cell | None, on: date) -> Cell:
    assert draft.shape is not None
    return Cell(
        code=draft.code,
        polygon=as_geometry(draft.shape),
        area=round(size, 2),
        grid_id=before.grid_id if before else None,
        initial_on=before.initial_on if before else on,
        changed_on=on if before else None,
        valid_from=on,
        remark=str(draft.properties.get("remark", "")),
    )


def _close(plan: Plan, rows: list[Cell], actor: Actor, now: datetime) -> None:
    """End the validity of the rows that are replaced, each with its own event."""
    for row in rows:
        before = plan.standing.get(row.code)
        if before is None:
            continue
        before.valid_to = plan.on
        before.save(update_fields=["valid_to"])
        event = CellChanged(code=row.code, area_before=before.area, area_after=row.area)
        audit.record(event, subject=f"cell:{row.code}", actor=actor.ref, at=now)
