"""The standards of one city: every table, asked by key and day.

`Standards.load(overlay)` is pure and cached: the same folder gives the same object. The site
names its overlay folder once with `configure(overlay)` at start-up (from its settings, the only
place that reads the environment); everybody else asks `current()`. Nothing else is global.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

from chengzhi.kernel.calendar import Plan, WorkCalendar
from chengzhi.standards import loaders
from chengzhi.standards.types import (
    Category,
    CategoryMap,
    Channel,
    CodePattern,
    Dated,
    FindingKind,
    HandlerAlias,
    HandlingRow,
    Hint,
    Kind,
    LegalAmount,
    LegalLimit,
    Named,
    Scheme,
    Season,
    StageLimit,
    StandardBroken,
    StandardMissing,
    VerdictReason,
    holds,
)
from chengzhi.standards.work_calendar import has_calendar, read_plan

RowT = TypeVar("RowT", bound=Dated)
Index = Mapping[str, tuple[RowT, ...]]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Standards:
    """All tables, each an index from key to the versions of its row, oldest first."""

    overlay: Path | None
    schemes: Index[Scheme]
    components_by_code: Index[Category]
    matters_by_code: Index[Category]
    legacy_by_code: Index[Category]
    handling_by_code: Index[HandlingRow]
    legacy_handling_by_code: Index[HandlingRow]
    handler_kinds_by_code: Index[Named]
    handler_aliases_by_word: Index[HandlerAlias]
    maps_by_category: Index[CategoryMap]
    seasons_by_code: Index[Season]
    hints_by_code: Index[Hint]
    limits_by_key: Index[LegalLimit]
    amounts_by_key: Index[LegalAmount]
    stages_by_name: Index[StageLimit]
    findings_by_kind: Index[FindingKind]
    reasons_by_code: Index[VerdictReason]
    channels_by_code: Index[Channel]
    patterns_by_key: Index[CodePattern]
    plan: Plan
    calendar: WorkCalendar

    @staticmethod
    def load(overlay: Path | None = None) -> "Standards":
        """Return the standards with a city's overlay folder merged by key; read once."""
        return _load(overlay, stamp_of(overlay) if overlay else 0)

    # Codes ---------------------------------------------------------------------------------

    def matter(self, code: str, *, on: date) -> Category:
        """Return the matter (事项) of a 5-digit code."""
        return _one(self.matters_by_code, code, on, "事项")

    def matters(self, *, on: date) -> list[Category]:
        """Return all matters in force, by code."""
        return _all(self.matters_by_code, on)

    def component(self, code: str, *, on: date) -> Category:
        """Return the component class (部件) of a 5-digit code."""
        return _one(self.components_by_code, code, on, "部件")

    def components(self, *, on: date) -> list[Category]:
        """Return all component classes in force, by code."""
        return _all(self.components_by_code, on)

    def legacy_category(self, kind: Kind, code: str, *, on: date) -> Category:
        """Return a category of the old scheme by its four digits, major and minor."""
        return _one(self.legacy_by_code, f"{kind}:{code}", on, "旧编码类别")

    def hint(self, code: str, *, on: date) -> Hint | None:
        """Return how to tell the matter from its neighbours, if it is often confused."""
        return _maybe(self.hints_by_code, code, on)

    # Handling ------------------------------------------------------------------------------

    def handling_rows(self, matter_code: str, *, on: date) -> list[HandlingRow]:
        """Return the condition rows of a matter, in order, each with the limit of that day.

        A row out of its season is left out; `out_of_season` has it.
        """
        self.matter(matter_code, on=on)
        rows = self.handling_by_code.get(matter_code, ())
        return [found for row in rows if holds(row, on) and (found := row.on(on)) is not None]

    def out_of_season(self, matter_code: str, *, on: date) -> list[HandlingRow]:
        """Return the condition rows of a matter under which nothing is filed on that day."""
        rows = self.handling_by_code.get(matter_code, ())
        return [row for row in rows if holds(row, on) and row.on(on) is None]

    def handling_versions(self, matter_code: str) -> tuple[HandlingRow, ...]:
        """Return every version of a matter's condition rows, closed and future ones included."""
        return self.handling_by_code.get(matter_code, ())

    def mapped_matters(self, kind: Kind, code: str, *, on: date) -> list[str]:
        """Return the matters that a four-digit category stands for; none if nobody said."""
        rows = self.maps_by_category.get(f"{kind}:{code}", ())
        return [row.matter_code for row in rows if holds(row, on)]

    def handling_row(self, matter_code: str, condition_no: int, *, on: date) -> HandlingRow:
        """Return one condition row of a matter."""
        for row in self.handling_rows(matter_code, on=on):
            if row.condition_no == condition_no:
                return row
        for row in self.out_of_season(matter_code, on=on):
            if row.condition_no == condition_no:
                raise StandardMissing(out_of_season_sentence(row), field="condition_no")
        raise StandardMissing(
            f"事项 {matter_code} 没有第 {condition_no} 种立案条件，请从该事项的条件表中选择。",
            field="condition_no",
        )

    def legacy_handling_rows(self, kind: Kind, code: str, *, on: date) -> list[HandlingRow]:
        """Return the condition rows of the old-scheme sample."""
        found = self.legacy_handling_by_code.get(f"{kind}:{code}", ())
        return [row for row in found if holds(row, on)]

    def handler_kind(self, code: str, *, on: date) -> Named:
        """Return a kind of handler (处置单位类型)."""
        return _one(self.handler_kinds_by_code, code, on, "处置单位类型")

    def handler_kinds(self, *, on: date) -> list[Named]:
        """Return all kinds of handler."""
        return _all(self.handler_kinds_by_code, on)

    # Limits --------------------------------------------------------------------------------

    def limit(self, key: str, *, on: date) -> LegalLimit:
        """Return a period set by law, such as "decision" (行政处罚法 60)."""
        return _one(self.limits_by_key, key, on, "法定期限")

    def limits(self, *, on: date) -> list[LegalLimit]:
        """Return all periods set by law."""
        return _all(self.limits_by_key, on)

    def amount(self, key: str, *, on: date) -> LegalAmount:
        """Return an amount set by law, such as "simple_citizen" (行政处罚法 51)."""
        return _one(self.amounts_by_key, key, on, "法定数额")

    def stage_limit(self, stage: str, *, on: date) -> StageLimit:
        """Return the limit of one stage of a work order, such as "verify"."""
        return _one(self.stages_by_name, stage, on, "环节时限")

    def stage_limits(self, *, on: date) -> list[StageLimit]:
        """Return the limits of all stages."""
        return _all(self.stages_by_name, on)

    # Findings, reports, numbers --------------------------------------------------------------

    def finding_kind(self, code: str, *, on: date) -> FindingKind:
        """Return what a machine finding of this kind is filed as."""
        return _one(self.findings_by_kind, code, on, "机器发现类型")

    def finding_kinds(self, *, on: date) -> list[FindingKind]:
        """Return all kinds of machine finding."""
        return _all(self.findings_by_kind, on)

    def verdict_reason(self, code: str, *, on: date) -> VerdictReason:
        """Return one reason to reject a finding."""
        return _one(self.reasons_by_code, code, on, "误报原因")

    def verdict_reasons(self, *, on: date) -> list[VerdictReason]:
        """Return the reasons to reject a finding, in the order of the table."""
        return [row for rows in self.reasons_by_code.values() for row in rows if holds(row, on)]

    def channel(self, code: str, *, on: date) -> Channel:
        """Return a channel of report."""
        return _one(self.channels_by_code, code, on, "来源渠道")

    def channels(self, *, on: date) -> list[Channel]:
        """Return the channels of report, in the order of the table."""
        return [row for rows in self.channels_by_code.values() for row in rows if holds(row, on)]

    def pattern(self, key: str, *, on: date) -> CodePattern:
        """Return how a code is written, such as "work_order" or "unit_grid"."""
        return _one(self.patterns_by_key, key, on, "编码规则")

    def work_order_code(self, sequence: int, *, on: date) -> str:
        """Return the number of a work order: 城案〔2026〕41732."""
        return self.pattern("work_order", on=on).pattern.format(year=on.year, sequence=sequence)


def configure(overlay: Path | None) -> None:
    """Name the overlay folder of this process; called once, by the site at start-up."""
    global _good
    _configured[0], _good = overlay, None


def current() -> Standards:
    """Return the standards in force in this process."""
    if _good is not None:
        return _good.standards
    overlay = _configured[0]
    if overlay is None:
        return _load(None, 0)
    stamp = stamp_of(overlay)
    return _take(overlay, stamp, _load(overlay, stamp))


def notice() -> None:
    """Read the tables anew if the overlay folder changed; every request and every tick asks.

    The look is one `stat` of the folder: what comes there by renaming is noticed by every process.
    A folder that has become unreadable leaves the last good tables in force, and `fault()` says so.
    """
    overlay = _configured[0]
    if overlay is None or _good is None or _good.stamp == (stamp := stamp_of(overlay)):
        return
    try:
        _take(overlay, stamp, _load(overlay, stamp))
    except StandardBroken as error:
        _take(overlay, stamp, _good.standards, fault=error.sentence)


def fault() -> str:
    """Return why the overlay folder as it stands now is not in force; nothing if it is."""
    return _good.fault if _good is not None else ""


def stamp_of(overlay: Path) -> int:
    """Return what changes when a file comes into the folder or leaves it; 0 without one."""
    try:
        return os.stat(overlay).st_mtime_ns
    except FileNotFoundError:
        return 0


@dataclass(frozen=True, kw_only=True)
class _Good:
    """The tables in force in this process, and what of the folder they were read from."""

    overlay: Path
    stamp: int
    standards: Standards
    fault: str


def _take(overlay: Path, stamp: int, standards: Standards, *, fault: str = "") -> Standards:
    global _good
    _good = _Good(overlay=overlay, stamp=stamp, standards=standards, fault=fault)
    return standards


_good: _Good | None = None
_configured: list[Path | None] = [None]


def out_of_season_sentence(row: HandlingRow) -> str:
    """Return why nothing is filed under a row now: it names months, and this is none of them."""
    months = "、".join(f"{month}月" for month in row.season_months)
    return (
        f"“{row.category_name}”第 {row.condition_no} 种立案条件的时限“{row.limit_text}”"
        f"只在{months}适用，今天不能按它立案。请选择其他条件，或补充其余月份的时限。"
    )


@lru_cache(maxsize=32)
def _load(overlay: Path | None, stamp: int) -> Standards:
    if overlay is not None and not overlay.is_dir():
        raise StandardBroken(f"本地标准目录 {overlay} 不存在，请改正设置或建立该目录。")
    schemes = loaders.schemes(overlay)
    codes = loaders.categories(schemes, overlay)
    seasons = loaders.seasons(overlay)
    named = {season.name: season.months for season in seasons}
    handling = loaders.handling(schemes, named, overlay)
    legacy = loaders.legacy_handling(schemes, named, overlay)
    plan, calendar = _working(overlay if has_calendar(overlay) else None)
    return Standards(
        overlay=overlay,
        schemes=_index(schemes.values(), lambda row: row.code),
        components_by_code=_index(_of(codes, Kind.COMPONENT), lambda row: row.code),
        matters_by_code=_index(_of(codes, Kind.MATTER), lambda row: row.code),
        legacy_by_code=_index(loaders.legacy_categories(legacy), _kind_and_code),
        handling_by_code=_index(handling, lambda row: row.category_code),
        legacy_handling_by_code=_index(legacy, lambda row: f"{row.kind}:{row.category_code}"),
        handler_kinds_by_code=_index(loaders.handler_kinds(overlay), lambda row: row.code),
        handler_aliases_by_word=_index(loaders.handler_aliases(overlay), lambda row: row.code),
        maps_by_category=_index(loaders.category_maps(overlay), _kind_and_code),
        seasons_by_code=_index(seasons, lambda row: row.code),
        hints_by_code=_index(loaders.hints(overlay), lambda row: row.code),
        limits_by_key=_index(loaders.limits(overlay), lambda row: row.key),
        amounts_by_key=_index(loaders.amounts(overlay), lambda row: row.key),
        stages_by_name=_index(loaders.stage_limits(overlay), lambda row: row.stage),
        findings_by_kind=_index(loaders.finding_kinds(overlay), lambda row: row.code),
        reasons_by_code=_index(loaders.verdict_reasons(overlay), lambda row: row.code),
        channels_by_code=_index(loaders.channels(overlay), lambda row: row.code),
        patterns_by_key=_index(loaders.patterns(overlay), lambda row: row.key),
        plan=plan,
        calendar=calendar,
    )


@cache
def _working(overlay: Path | None) -> tuple[Plan, WorkCalendar]:
    plan = read_plan(overlay)
    return plan, WorkCalendar(plan)


def _of(codes: Iterable[Category], kind: Kind) -> list[Category]:
    return [row for row in codes if row.kind is kind]


def _kind_and_code(row: Category | CategoryMap) -> str:
    return f"{row.kind}:{row.code}"


def _index(rows: Iterable[RowT], key: Callable[[RowT], str]) -> dict[str, tuple[RowT, ...]]:
    index: dict[str, list[RowT]] = {}
    for row in rows:
        index.setdefault(key(row), []).append(row)
    return {name: tuple(found) for name, found in index.items()}


def _maybe(index: Index[RowT], key: str, on: date) -> RowT | None:
    return next((row for row in index.get(key, ()) if holds(row, on)), None)


def _one(index: Index[RowT], key: str, on: date, what: str) -> RowT:
    found = _maybe(index, key, on)
    if found is not None:
        return found
    if key not in index:
        raise StandardMissing(f"标准表中没有{what}“{key}”，请核对编码。", field="code")
    starts = min(row.valid_from for row in index[key])
    raise StandardMissing(
        f"{what}“{key}”在 {on.isoformat()} 不适用（{starts.isoformat()} 起施行），请核对日期。",
        field="on",
    )


def _all(index: Index[RowT], on: date) -> list[RowT]:
    return [row for key in sorted(index) for row in index[key] if holds(row, on)]
