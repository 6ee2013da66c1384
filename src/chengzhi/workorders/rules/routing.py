"""Who should handle it: the most specific rule, else the grid's squad, else a person decides."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chengzhi.accounts.types import Role
from chengzhi.places.types import Located
from chengzhi.workorders.rules.words import CHINA
from chengzhi.workorders.types import Coverage, RoutingRow, Spot, Suggestion

WRITERS = (Role.ADMINISTRATOR, Role.DISPATCHER)
READERS = (*WRITERS, Role.DUTY_MANAGER, Role.LEADER, Role.EVALUATOR, Role.AUDITOR)
WEEKDAYS = "一二三四五六日"
LONGEST_PREFIX = 5
Rank = tuple[int, bool, tuple[int, int], bool, bool, int]


class Reach(Protocol):
    """What only a map can tell; None means that the layer is not ready."""

    def metres_to(self, road: str, lon: float, lat: float) -> float | None: ...

    def is_inside(self, layer: str, lon: float, lat: float) -> bool | None: ...


class NoMap:
    """No road and no layer is loaded."""

    def metres_to(self, road: str, lon: float, lat: float) -> float | None:
        """Return nothing: there is no road."""
        return None

    def is_inside(self, layer: str, lon: float, lat: float) -> bool | None:
        """Return nothing: there is no layer."""
        return None


@dataclass(frozen=True, slots=True)
class Book:
    """Rules compiled for asking: by the beginning of the matter's code, each in order of rank.

    `likely` keeps what is left of a prefix for a kind of handler in a town, once it was asked for:
    a report then looks at a handful of rules, however many the county has.
    """

    by_prefix: Mapping[str, tuple["Compiled", ...]] = field(default_factory=dict)
    likely: dict[tuple[str, str, str], tuple["Compiled", ...]] = field(default_factory=dict)

    def rules_for(self, prefix: str, kind: str, town: str) -> tuple["Compiled", ...]:
        """Return the rules of a prefix that could apply to a kind of handler in a town."""
        key = (prefix, kind, town)
        found = self.likely.get(key)
        if found is None:
            found = self.likely[key] = tuple(
                made for made in self.by_prefix[prefix] if _could_be(made.row, kind, town)
            )
        return found


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule with its times as numbers."""

    row: RoutingRow
    slot: tuple[int, int] | None  # minutes of the day
    is_mapped: bool  # needs a road's or a layer's shape


def compile_book(rows: Iterable[RoutingRow]) -> Book:
    """Return the rules in a form in which one question costs microseconds."""
    by_prefix: dict[str, list[Compiled]] = {}
    for row in sorted(rows, key=rank):
        made = Compiled(row, slot_minutes(row.slot), bool(row.road or row.layer))
        by_prefix.setdefault(row.matter_prefix, []).append(made)
    return Book({prefix: tuple(found) for prefix, found in by_prefix.items()})


def rank(row: RoutingRow) -> Rank:
    """Return the place of a rule in the order in which rules are asked.

    The matter first (a condition before a whole matter, a matter before its class), then the
    place (a polygon, a road, the smaller area), then the time, then the kind of handler.
    """
    place = (0, 0) if row.layer else (1, 0) if row.road else (2, -len(row.area_prefix))
    is_timeless = not (row.weekdays or row.slot)
    return (
        -len(row.matter_prefix),
        not row.condition_number,
        place,
        is_timeless,
        not row.handler_kind,
        row.id,
    )


def suggest(
    book: Book,
    spot: Spot,
    *,
    units: Mapping[str, str],
    reach: Reach | None = None,
    coverage: Coverage | None = None,
) -> Suggestion:
    """Return the unit that should handle a matter at a place and a moment, and why, in sentences.

    `units` maps the codes of the county's handling units to their names. A rule whose unit is gone
    is passed over, and said. A rule whose layer is not ready stops the search: whether it applies
    is unknown, and what stands below it would be a guess (权责).
    """
    gone: list[str] = []
    for made, metres in _matching(book, spot, reach or NoMap()):
        row = made.row
        if metres is UNREADY:
            return _undecided(row, gone)
        if row.flag or row.unit not in units:
            gone.append(_gone(row))
            continue
        return Suggestion(
            unit=row.unit,
            unit_name=units[row.unit],
            reasons=(because(row, units[row.unit], metres), *_doubts(row), *gone),
            candidates=tuple(dict.fromkeys((row.unit, *_squad(spot.place, units)))),
            rule=row.id,
            person="" if row.is_person_gone else row.person,
            person_name="" if row.is_person_gone else row.person_name,
        )
    return _fallback(spot, units, tuple(gone), coverage)


UNREADY = -2.0  # metres of a rule whose layer is not loaded
NO_ROAD = -1.0


def _matching(book: Book, spot: Spot, reach: Reach) -> Iterator[tuple[Compiled, float]]:
    """Yield the rules that apply, in order, with the metres to the road that they name."""
    for length in range(LONGEST_PREFIX, -1, -1):
        prefix = spot.matter[:length]
        if prefix not in book.by_prefix:
            continue
        for made in book.rules_for(prefix, spot.handler_kind, spot.place.town):
            if not _fits(made, spot):
                continue
            metres = _placed(made.row, spot, reach) if made.is_mapped else NO_ROAD
            if metres is not None:
                yield made, metres


def _could_be(row: RoutingRow, kind: str, town: str) -> bool:
    return row.handler_kind in ("", kind) and town.startswith(row.area_prefix[:9])


def _fits(made: Compiled, spot: Spot) -> bool:
    row = made.row
    if row.handler_kind and row.handler_kind != spot.handler_kind:
        return False
    if row.condition_number and row.condition_number != spot.condition_number:
        return False
    if row.area_prefix and not _within(spot.place, row.area_prefix):
        return False
    return not (row.weekdays or made.slot) or is_time(row.weekdays, made.slot, spot.at)


def _within(place: Located, prefix: str) -> bool:
    return (
        place.cell.startswith(prefix)
        or place.grid.startswith(prefix)
        or place.community.startswith(prefix)
        or place.town.startswith(prefix)
    )


def _placed(row: RoutingRow, spot: Spot, reach: Reach) -> float | None:
    """Return the metres to the rule's road, NO_ROAD if it names none; None where it is elsewhere."""
    if spot.lon is None or spot.lat is None:
        return UNREADY
    if row.layer:
        inside = reach.is_inside(row.layer, spot.lon, spot.lat)
        if inside is not True:
            return UNREADY if inside is None else None
    if not row.road:
        return NO_ROAD
    metres = reach.metres_to(row.road, spot.lon, spot.lat)
    if metres is None:
        return UNREADY
    return metres if metres <= row.road_metres else None


def slot_minutes(slot: str) -> tuple[int, int] | None:
    """Return "18:00-06:00" as minutes of the day."""
    if not slot:
        return None
    starts, ends = (text.split(":") for text in slot.split("-"))
    return int(starts[0]) * 60 + int(starts[1]), int(ends[0]) * 60 + int(ends[1])


def is_time(weekdays: str, slot: tuple[int, int] | None, at: datetime) -> bool:
    """Return whether a moment lies in the weekdays and the slot; a night belongs to its evening."""
    local = at.astimezone(CHINA)
    minute, day = local.hour * 60 + local.minute, local.isoweekday()
    if slot is not None:
        starts, ends = slot
        past_midnight = ends <= starts
        if not (minute >= starts or minute < ends if past_midnight else starts <= minute < ends):
            return False
        if past_midnight and minute < ends:
            day = (day - 2) % 7 + 1
    return not weekdays or str(day) in weekdays


def _fallback(
    spot: Spot, units: Mapping[str, str], gone: tuple[str, ...], coverage: Coverage | None
) -> Suggestion:
    """Return whose turn it is by the coverage plan, else the grid's squad, else nobody."""
    place, candidates = spot.place, tuple(_squad(spot.place, units))
    duty = coverage(place.grid, spot.at) if coverage and place.grid else None
    if duty is not None and duty.unit in units:
        name = units[duty.unit]
        found = tuple(dict.fromkeys((duty.unit, *candidates)))
        return Suggestion(
            unit=duty.unit, unit_name=name, reasons=(duty.reason, *gone), candidates=found
        )
    if place.squad in units:
        name = units[place.squad]
        reason = f"没有适用的派遣规则；点位在{name}的责任网格 {place.grid or place.cell}"
        return Suggestion(
            unit=place.squad, unit_name=name, reasons=(reason, *gone), candidates=candidates
        )
    reason = "没有适用的派遣规则，点位也不在任何中队的责任网格内，请人工选定处置单位"
    return Suggestion(unit="", unit_name="", reasons=(reason, *gone))


def _undecided(row: RoutingRow, gone: list[str]) -> Suggestion:
    what = f"“{row.layer}”" if row.layer else f"道路{row.road_name or row.road}"
    reason = f"派遣规则 {row.id} 要看{what}，图层未就绪，由人决定"
    return Suggestion(unit="", unit_name="", reasons=(reason, *gone))


def _squad(place: Located, units: Mapping[str, str]) -> list[str]:
    return [place.squad] if place.squad in units else []


def because(row: RoutingRow, name: str, metres: float = NO_ROAD) -> str:
    """Return why a rule decides: what, where and when it was about, and its number."""
    parts = [
        what_text(row),
        where_text(row),
        time_text(row),
        row.kind_name and f"须{row.kind_name}",
    ]
    if metres >= 0:
        parts[1] += f"（相距 {metres:.0f} 米）"
    note = f"（{row.note}）" if row.note else ""
    return f"因{'、'.join(part for part in parts if part)}：派遣规则 {row.id}，由{name}处置{note}"


def what_text(row: RoutingRow) -> str:
    """Return the matters that a rule is about."""
    if not row.matter_prefix:
        return "各类事项"
    name = row.matter_name or f"代码 {row.matter_prefix} 开头的事项"
    return f"{name}第 {row.condition_number} 种情形" if row.condition_number else name


def where_text(row: RoutingRow) -> str:
    """Return the place that a rule is about."""
    parts = []
    if row.area_prefix:
        parts.append(f"在{row.area_name or f' {row.area_prefix} '}范围内")
    if row.layer:
        parts.append(f"在图层“{row.layer}”内")
    if row.road:
        parts.append(f"{row.road_name or row.road} {row.road_metres} 米内")
    return "、".join(parts) or "在全县"


def place_text(row: RoutingRow) -> str:
    """Return the place that a rule is about; nothing for the whole county."""
    return where_text(row) if row.area_prefix or row.layer or row.road else ""


def time_text(row: RoutingRow) -> str:
    """Return the times that a rule is about; nothing if it always holds."""
    days = "周" + "、".join(WEEKDAYS[int(day) - 1] for day in row.weekdays) if row.weekdays else ""
    return f"{days} {row.slot.replace('-', '—')}".strip() if days or row.slot else ""


def _doubts(row: RoutingRow) -> tuple[str, ...]:
    if not row.is_person_gone:
        return ()
    return (f"派遣规则 {row.id} 指定的责任人{row.person_name or row.person}已离岗，请修改该规则",)


def _gone(row: RoutingRow) -> str:
    why = row.flag or f"指定的单位 {row.unit} 已撤销"
    return f"派遣规则 {row.id} {why}，未采用，请修改该规则"
