"""The tables as pages for people: docs/standards is written from them and never edited."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from chengzhi.standards.store import Standards
from chengzhi.standards.types import HandlingRow, LegalLimit
from chengzhi.standards.work_calendar import holiday_names

NOTE = "Generated from `src/chengzhi/standards/data/` by `make docs`; edit the tables instead."
RowT = TypeVar("RowT")


def pages(standards: Standards | None = None) -> dict[str, str]:
    """Return the pages by file name."""
    table = standards or Standards.load()
    written = {
        "limits.md": _limits(table),
        "work-orders.md": _work_orders(table),
        "findings.md": _findings(table),
        "codes.md": _codes(table),
        "handling.md": _handling(table),
        "calendar.md": _calendar(table),
    }
    return {"README.md": _contents(written)} | written


def _contents(written: Mapping[str, str]) -> str:
    titles = {name: text.splitlines()[0].removeprefix("# ") for name, text in written.items()}
    return _page("Standards", [f"- [{title}]({name})" for name, title in titles.items()], MARKS)


MARKS = [
    "",
    "Marks in the source column: `[V:…]` read in the named text · `[V2:…]` read in a transcription"
    " · `[M]` from memory, to be confirmed · `[D]` our own choice, configurable.",
    "",
    "A city lays its own folder over these tables (`CHENGZHI_STANDARDS`): a file of the same name"
    " whose rows replace the rows of the same key. `chengzhi standards check` tells what is wrong.",
]


def _limits(table: Standards) -> str:
    head = ("key", "期限", "自", "长度", "起算", "顺延", "可延长", "谁", "依据", "来源", "施行")
    rows = [_limit(row) for row in _flat(table.limits_by_key)]
    amounts = [
        (f"`{a.key}`", a.name, f"{a.value:,} {a.unit}", a.article, a.source, a.valid_from)
        for a in _flat(table.amounts_by_key)
    ]
    return _page(
        "Periods and amounts set by law 法定期限与数额",
        _table(head, rows),
        ["", "## Amounts 数额", ""],
        _table(("key", "名称", "数额", "依据", "来源", "施行"), amounts),
    )


def _limit(row: LegalLimit) -> Sequence[object]:
    ends = f" – {row.valid_to}" if row.valid_to else ""
    before = "之前" if row.direction == "before" else ""
    return (
        f"`{row.key}`",
        row.name + (f"（{row.note}）" if row.note else ""),
        f"`{row.trigger}`{before}",
        row.duration,
        row.rules.start,
        row.rules.roll,
        row.extension or "",
        row.party,
        row.article,
        row.source,
        f"{row.valid_from}{ends}",
    )


def _work_orders(table: Standards) -> str:
    stages = [
        (f"`{s.stage}`", s.name, s.limit, s.urgent, s.source) for s in _flat(table.stages_by_name)
    ]
    patterns = [
        (f"`{p.key}`", p.name, p.example, f"`{p.regex}`", p.source)
        for p in _flat(table.patterns_by_key)
    ]
    channels = [
        (f"`{c.code}`", c.name, _yes(c.needs_verification), _yes(c.is_public), c.source)
        for c in _flat(table.channels_by_code)
    ]
    handlers = [(f"`{h.code}`", h.name, h.source) for h in _flat(table.handler_kinds_by_code)]
    return _page(
        "Work orders: stages, channels, handlers, numbers 案件",
        ["## Stage limits 环节时限", ""],
        _table(("stage", "环节", "时限", "紧急", "来源"), stages),
        ["", "## Channels 来源渠道", ""],
        _table(("code", "名称", "先核实", "公众", "来源"), channels),
        ["", "## Kinds of handler 处置单位类型", ""],
        _table(("code", "名称", "来源"), handlers),
        ["", "## Numbers 编码", ""],
        _table(("key", "名称", "例", "规则", "来源"), patterns),
    )


def _findings(table: Standards) -> str:
    kinds = [
        (f"`{f.code}`", f.name, f.matter_code, f.condition_no, _yes(f.is_active), f.source)
        for f in _flat(table.findings_by_kind)
    ]
    reasons = [
        (f"`{r.code}`", r.name, r.shortcut, _yes(r.needs_note), r.source)
        for r in _flat(table.reasons_by_code)
    ]
    hints = [
        (h.code, h.hint, " ".join(h.confused_with), h.source) for h in _flat(table.hints_by_code)
    ]
    return _page(
        "Machine findings, reasons, hints 机器发现",
        ["## Kinds 类型", ""],
        _table(("code", "名称", "事项", "条件", "启用", "来源"), kinds),
        ["", "## Reasons to reject 误报原因", ""],
        _table(("code", "名称", "键", "须说明", "来源"), reasons),
        ["", "## Telling matters apart 辨识要点", ""],
        _table(("事项", "要点", "易混", "来源"), hints),
    )


def _codes(table: Standards) -> str:
    schemes = [(s.code, s.name, s.valid_from, s.source) for s in _flat(table.schemes)]
    matters = [
        (row.code, row.name, row.major_name, row.scheme, row.source)
        for row in _flat(table.matters_by_code)
    ]
    components = [
        (row.code, row.name, row.major_name, row.source) for row in _flat(table.components_by_code)
    ]
    return _page(
        "Components and matters 管理部件和事项",
        ["## Schemes 编码体系", ""],
        _table(("code", "名称", "施行", "来源"), schemes),
        ["", f"## Matters 事项 ({len(matters)})", ""],
        _table(("code", "名称", "大类", "体系", "来源"), matters),
        ["", f"## Components 部件 ({len(components)})", ""],
        _table(("code", "名称", "大类", "来源"), components),
    )


def _handling(table: Standards) -> str:
    head = ("事项", "名称", "条件", "立案条件", "结案条件", "时限", "处置", "来源")
    legacy = [
        (row.category_code, row.category_name, *_condition(row))
        for row in _flat(table.legacy_handling_by_code)
    ]
    rows = [
        (row.category_code, row.category_name, *_condition(row))
        for row in _flat(table.handling_by_code)
    ]
    return _page(
        "Filing, closing and limits 立案、处置和结案",
        ["A row marked `default` has no city's table behind it and waits for local confirmation."],
        ["", f"## Under GB/T 47678.5 codes ({len(rows)})", ""],
        _table(head, rows),
        ["", f"## The sample city's own table ({len(legacy)})", ""],
        _table(head, legacy),
    )


def _condition(row: HandlingRow) -> Sequence[object]:
    closing = row.closing_condition
    source = f"{row.source} `{row.origin}`"
    return row.condition_no, row.filing_condition, closing, row.limit, row.handler, source


def _calendar(table: Standards) -> str:
    names = holiday_names(table.overlay)
    plan = table.plan
    off = [(on, _weekday(on), names.get(on, "")) for on in sorted(plan.holidays)]
    worked = [(on, _weekday(on)) for on in sorted(plan.make_up_days)]
    planned = "、".join(map(str, sorted(plan.planned_years)))
    return _page(
        "Working calendar 工作日历",
        [f"Published plans 已公布: {planned}. Other years know their statutory days at most."],
        ["", "## Days off 放假", ""],
        _table(("日期", "星期", "节日"), off),
        ["", "## Make-up working days 调休上班", ""],
        _table(("日期", "星期"), worked),
    )


def _weekday(on: object) -> str:
    return f"{on:%u}".translate(str.maketrans("1234567", "一二三四五六日"))


def _page(title: str, *parts: Iterable[str]) -> str:
    lines = [f"# {title}", "", NOTE, "", *(line for part in parts for line in part)]
    return "\n".join(lines) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(map(_cell, line)) + " |" for line in lines]


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|")


def _yes(value: bool) -> str:
    return "是" if value else "否"


def _flat(index: Mapping[str, tuple[RowT, ...]]) -> list[RowT]:
    return [row for versions in index.values() for row in versions]
