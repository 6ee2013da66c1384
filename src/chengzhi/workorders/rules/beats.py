"""Which collector looks after a place on a day: the narrowest beat, then the fewest tasks."""

from collections.abc import Iterable, Mapping
from datetime import date

from chengzhi.places.types import Located
from chengzhi.workorders.types import BeatChoice, BeatRow

DAY_NAMES = "一二三四五六日"


def choose(
    rows: Iterable[BeatRow],
    *,
    place: Located,
    on: date,
    people: Mapping[str, str],
    tasks: Mapping[str, int],
    besides: frozenset[str] = frozenset(),
) -> BeatChoice:
    """Return the collector of the beat that covers a place on a day, and why.

    `people` maps the refs of today's collectors to their names; `tasks` says how many tasks each
    has open. The narrowest area wins, then the fewest open tasks, then the ref, so that the same
    facts always name the same person.
    """
    here = [row for row in rows if covers(row, place) and _works(row, on)]
    fit = narrowest([row for row in here if row.person in people and row.person not in besides])
    if not fit:
        return BeatChoice(ref="", name="", reason=_nobody(here, place, on))
    best = min(fit, key=lambda row: (tasks.get(row.person, 0), row.person))
    name = people[best.person]
    busy = (
        f"，手上 {tasks.get(best.person, 0)} 件，同范围 {len(fit)} 人中最少" if len(fit) > 1 else ""
    )
    reason = f"责任网格 {best.area_prefix} 今天由{name}巡查{busy}"
    return BeatChoice(ref=best.person, name=name, reason=reason)


def narrowest(rows: list[BeatRow]) -> list[BeatRow]:
    """Return the rows of the smallest area."""
    longest = max((len(row.area_prefix) for row in rows), default=0)
    return [row for row in rows if len(row.area_prefix) == longest]


def covers(row: BeatRow, place: Located) -> bool:
    """Return whether a beat's area holds a place."""
    areas = (place.cell, place.grid, place.community, place.town)
    return any(area.startswith(row.area_prefix) for area in areas if area)


def _works(row: BeatRow, on: date) -> bool:
    return str(on.isoweekday()) in row.weekdays


def _nobody(here: list[BeatRow], place: Located, on: date) -> str:
    where = place.grid or place.cell or place.town or "点位"
    if here:
        return f"{where} 的采集员今天不在岗或不宜再去，请人工选定采集员"
    return f"{where} 周{DAY_NAMES[on.isoweekday() - 1]}没有安排采集员，请人工选定采集员"
