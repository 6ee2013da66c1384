"""Who should handle it: the most specific rule, else the grid's squad, else a person decides."""

from collections.abc import Iterable, Mapping

from chengzhi.accounts.types import Role
from chengzhi.places.types import Located
from chengzhi.workorders.types import RoutingRow, Suggestion

WRITERS = (Role.ADMINISTRATOR, Role.DISPATCHER)
READERS = (*WRITERS, Role.DUTY_MANAGER, Role.LEADER, Role.EVALUATOR, Role.AUDITOR)


def suggest(
    rows: Iterable[RoutingRow],
    *,
    matter: str,
    place: Located,
    handler_kind: str,
    units: Mapping[str, str],
) -> Suggestion:
    """Return the unit that should handle a matter at a place, and why, in sentences.

    Among the rules that apply the longest matter prefix wins, then the longest area prefix,
    then one that names the kind of handler, then the oldest. `units` maps the codes of the
    county's handling units to their names; a rule whose unit is gone is passed over, and said.
    """
    matching = sorted(_matching(rows, matter, place, handler_kind), key=rank)
    gone = tuple(_gone(row) for row in matching if row.unit not in units)
    alive = [row for row in matching if row.unit in units]
    candidates = tuple(dict.fromkeys([*(row.unit for row in alive), *_squad(place, units)]))
    if alive:
        row = alive[0]
        return Suggestion(
            unit=row.unit,
            unit_name=units[row.unit],
            reasons=(_because(row, units[row.unit]), *gone),
            candidates=candidates,
        )
    return _fallback(place, units, gone, candidates)


def _fallback(
    place: Located, units: Mapping[str, str], gone: tuple[str, ...], candidates: tuple[str, ...]
) -> Suggestion:
    if place.squad in units:
        name = units[place.squad]
        reason = f"没有适用的派遣规则；点位在{name}的责任网格 {place.grid or place.cell}"
        return Suggestion(
            unit=place.squad, unit_name=name, reasons=(reason, *gone), candidates=candidates
        )
    reason = "没有适用的派遣规则，点位也不在任何中队的责任网格内，请人工选定处置单位"
    return Suggestion(unit="", unit_name="", reasons=(reason, *gone))


def _matching(
    rows: Iterable[RoutingRow], matter: str, place: Located, kind: str
) -> Iterable[RoutingRow]:
    areas = (place.cell, place.grid, place.community, place.town)
    for row in rows:
        here = not row.area_prefix or any(area.startswith(row.area_prefix) for area in areas)
        fits = not row.handler_kind or row.handler_kind == kind
        if here and fits and matter.startswith(row.matter_prefix):
            yield row


def rank(row: RoutingRow) -> tuple[int, int, bool, int]:
    """Return the place of a rule in the order in which rules are asked."""
    return -len(row.matter_prefix), -len(row.area_prefix), not row.handler_kind, row.id


def _squad(place: Located, units: Mapping[str, str]) -> list[str]:
    return [place.squad] if place.squad in units else []


def _because(row: RoutingRow, name: str) -> str:
    what = f"代码 {row.matter_prefix} 开头的事项" if row.matter_prefix else "各类事项"
    where = f"在 {row.area_prefix} 范围内" if row.area_prefix else "在全县"
    note = f"（{row.note}）" if row.note else ""
    return f"派遣规则 {row.id}：{what}{where}由{name}处置{note}"


def _gone(row: RoutingRow) -> str:
    return f"派遣规则 {row.id} 指定的单位 {row.unit} 已撤销，未采用，请修改该规则"
