"""What is wrong with the tables, as sentences: run by `chengzhi standards check` and the tests."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, pairwise
from typing import TypeVar

from chengzhi.kernel.clock import Unit
from chengzhi.standards.store import Standards, current, fault
from chengzhi.standards.tables import DATA
from chengzhi.standards.types import Dated, Direction, HandlingRow, Problem

PARTIES = frozenset({"agency", "party", "organ", "court", "police"})
YEARS_AHEAD = 5  # the longest limit of the tables: 行政处罚法 36

RowT = TypeVar("RowT")
Check = Callable[[Standards, date], Iterator[Problem]]


def check(standards: Standards, *, on: date) -> list[Problem]:
    """Return every problem of the tables as seen on the day; warnings come last."""
    found = [problem for ask in CHECKS for problem in ask(standards, on)]
    return sorted(found, key=lambda problem: problem.is_warning)


def check_current(*, on: date) -> list[Problem]:
    """Return every problem of the tables in force, and why a changed folder is not among them."""
    found = check(current(), on=on)
    sentence = fault()
    if not sentence:
        return found
    said = f"{sentence}仍按改动前的标准运行。"
    return [Problem(table="overlay", key="folder", sentence=said), *found]


def _periods(standards: Standards, on: date) -> Iterator[Problem]:
    for table, index in _indexes(standards):
        for key, versions in index.items():
            yield from _in_sequence(table, key, versions)


def _indexes(standards: Standards) -> list[tuple[str, Mapping[str, Iterable[Dated]]]]:
    return [
        ("schemes", standards.schemes),
        ("components", standards.components_by_code),
        ("matters", standards.matters_by_code),
        ("legacy", standards.legacy_by_code),
        ("handling", _by_condition(standards.handling_by_code)),
        ("legacy_handling", _by_condition(standards.legacy_handling_by_code)),
        ("handler_kinds", standards.handler_kinds_by_code),
        ("handler_aliases", standards.handler_aliases_by_word),
        ("seasons", standards.seasons_by_code),
        ("matter_hints", standards.hints_by_code),
        ("limits", standards.limits_by_key),
        ("amounts", standards.amounts_by_key),
        ("stage_limits", standards.stages_by_name),
        ("finding_kinds", standards.findings_by_kind),
        ("verdict_reasons", standards.reasons_by_code),
        ("channels", standards.channels_by_code),
        ("code_patterns", standards.patterns_by_key),
    ]


def _by_condition(index: Mapping[str, tuple[HandlingRow, ...]]) -> dict[str, list[HandlingRow]]:
    rows = [row for versions in index.values() for row in versions]
    rows.sort(key=_condition)
    return {f"{key[1]}/{key[2]}": list(group) for key, group in groupby(rows, key=_condition)}


def _condition(row: HandlingRow) -> tuple[str, str, int]:
    return (row.kind, row.category_code, row.condition_no)


def _in_sequence(table: str, key: str, versions: Iterable[Dated]) -> Iterator[Problem]:
    ordered = sorted(versions, key=lambda row: row.valid_from)
    for row in ordered:
        if row.valid_to is not None and row.valid_to <= row.valid_from:
            yield Problem(table=table, key=key, sentence="失效日期不晚于生效日期，请改正。")
    for earlier, later in pairwise(ordered):
        if earlier.valid_to is None or later.valid_from < earlier.valid_to:
            sentence = f"重复，或有效期重叠（{later.valid_from.isoformat()} 起），请保留一行。"
            yield Problem(table=table, key=key, sentence=sentence)


def _parents(standards: Standards, on: date) -> Iterator[Problem]:
    names: dict[tuple[str, str], str] = {}
    for row in [*_flat(standards.matters_by_code), *_flat(standards.components_by_code)]:
        known = names.setdefault((row.kind, row.major), row.major_name)
        if not row.code.startswith(row.major) or len(row.code) != 5:
            yield Problem(table="codes", key=row.code, sentence="编码须是大类 2 位加小类 3 位。")
        if known != row.major_name:
            sentence = f"大类 {row.major} 有两个名称：{known}、{row.major_name}。"
            yield Problem(table="codes", key=row.code, sentence=sentence)


def _component_matters(standards: Standards, on: date) -> Iterator[Problem]:
    for component in _flat(standards.components_by_code):
        matters = standards.matters_by_code.get(component.code, ())
        if not any(row.name == f"{component.name}异常" for row in matters):
            sentence = f"部件“{component.name}”没有同码的“异常”事项。"
            yield Problem(table="matters", key=component.code, sentence=sentence)


def _handling(standards: Standards, on: date) -> Iterator[Problem]:
    for code, rows in standards.handling_by_code.items():
        if code not in standards.matters_by_code:
            yield Problem(table="handling", key=code, sentence="立案条件指向不存在的事项。")
        for row in rows:
            if row.handler not in standards.handler_kinds_by_code:
                sentence = f"处置单位类型“{row.handler}”不在 handler_kinds.csv 中。"
                yield Problem(table="handling", key=code, sentence=sentence)
    for code in standards.matters_by_code.keys() - standards.handling_by_code.keys():
        yield Problem(table="handling", key=code, sentence="事项没有立案条件，请至少写一行。")


def _maps(standards: Standards, on: date) -> Iterator[Problem]:
    for row in _flat(standards.maps_by_category):
        if row.matter_code not in standards.matters_by_code:
            sentence = f"对应到不存在的事项 {row.matter_code}。"
            yield Problem(table="category_maps", key=row.code, sentence=sentence)
    for alias in _flat(standards.handler_aliases_by_word):
        if alias.handler not in standards.handler_kinds_by_code:
            sentence = f"处置单位类型“{alias.handler}”不在 handler_kinds.csv 中。"
            yield Problem(table="handler_aliases", key=alias.code, sentence=sentence)


def _unconfirmed(standards: Standards, on: date) -> Iterator[Problem]:
    for code, rows in sorted(standards.handling_by_code.items()):
        if any(row.is_default for row in rows):
            sentence = f"“{rows[0].category_name}”使用默认条件和时限，请由本地核定。"
            yield Problem(table="handling", key=code, sentence=sentence, is_warning=True)


def _findings(standards: Standards, on: date) -> Iterator[Problem]:
    for row in _flat(standards.findings_by_kind):
        conditions = standards.handling_by_code.get(row.matter_code, ())
        if row.condition_no not in {condition.condition_no for condition in conditions}:
            sentence = f"事项 {row.matter_code} 第 {row.condition_no} 种条件不存在。"
            yield Problem(table="finding_kinds", key=row.code, sentence=sentence)


def _hints(standards: Standards, on: date) -> Iterator[Problem]:
    for row in _flat(standards.hints_by_code):
        for code in (row.code, *row.confused_with):
            if code not in standards.matters_by_code:
                sentence = f"辨识要点提到不存在的事项 {code}。"
                yield Problem(table="matter_hints", key=row.code, sentence=sentence)


def _limits(standards: Standards, on: date) -> Iterator[Problem]:
    countable = (Unit.WORK_DAY, Unit.NATURAL_DAY)
    for row in _flat(standards.limits_by_key):
        if row.duration.amount == 0:
            yield Problem(table="limits", key=row.key, sentence="期限为 0，请写明长度。")
        if row.direction is Direction.BEFORE and row.duration.unit not in countable:
            yield Problem(table="limits", key=row.key, sentence="倒推的期限须以日计。")
        if row.party not in PARTIES:
            sentence = f"义务主体“{row.party}”须是 {'、'.join(sorted(PARTIES))} 之一。"
            yield Problem(table="limits", key=row.key, sentence=sentence)


def _stages(standards: Standards, on: date) -> Iterator[Problem]:
    for row in _flat(standards.stages_by_name):
        if not row.urgent.unit.is_urgent:
            sentence = "紧急时限须以紧急工作时、紧急分钟或紧急工作日计。"
            yield Problem(table="stage_limits", key=row.stage, sentence=sentence)


def _shortcuts(standards: Standards, on: date) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for row in standards.verdict_reasons(on=on):
        if taken.setdefault(row.shortcut, row.code) != row.code:
            sentence = f"快捷键 {row.shortcut} 已被 {taken[row.shortcut]} 使用。"
            yield Problem(table="verdict_reasons", key=row.code, sentence=sentence)


def _patterns(standards: Standards, on: date) -> Iterator[Problem]:
    for row in _flat(standards.patterns_by_key):
        if re.fullmatch(row.regex, row.example) is None:
            sentence = f"示例“{row.example}”不符合自己的规则。"
            yield Problem(table="code_patterns", key=row.key, sentence=sentence)


def _calendar(standards: Standards, on: date) -> Iterator[Problem]:
    planned = standards.calendar.planned_years
    for year in range(min(planned, default=on.year), on.year + 2):
        if year not in planned:
            sentence = f"{year} 年的放假调休安排尚未录入，该年工作日只按周末和法定日推算。"
            yield Problem(table="calendar_cn", key=str(year), sentence=sentence, is_warning=True)
    if standards.calendar.last.year < on.year + YEARS_AHEAD:
        sentence = f"工作日历止于 {standards.calendar.last.isoformat()}，不足以计算五年期限。"
        yield Problem(table="calendar_cn", key="last", sentence=sentence)


def _overlay(standards: Standards, on: date) -> Iterator[Problem]:
    if standards.overlay is None:
        return
    known = {path.name for path in DATA.iterdir()}
    for path in sorted(standards.overlay.glob("*.*")):
        if path.suffix in (".csv", ".toml") and path.name not in known:
            sentence = f"本地文件不是任何标准表，不会被读取；表名有：{'、'.join(sorted(known))}。"
            yield Problem(table="overlay", key=path.name, sentence=sentence)


def _flat(index: Mapping[str, tuple[RowT, ...]]) -> list[RowT]:
    return [row for versions in index.values() for row in versions]


CHECKS: tuple[Check, ...] = (
    _periods,
    _parents,
    _component_matters,
    _handling,
    _maps,
    _findings,
    _hints,
    _limits,
    _stages,
    _shortcuts,
    _patterns,
    _overlay,
    _calendar,
    _unconfirmed,
)
