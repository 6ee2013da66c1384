"""The small tables of the standards: stages, limits, amounts, findings, reasons, problems."""

from datetime import date

from django.utils.translation import gettext

from chengzhi.site.web.standards.matter_rows import matter_link
from chengzhi.site.web.standards.tables import Cell, Column, Table, source_cell, table
from chengzhi.site.web.standards.words import (
    AMOUNT_UNIT_LABELS,
    PARTY_LABELS,
    ROLL_LABELS,
    START_LABELS,
    in_force,
    label,
    length,
    runs_from,
    yes,
)
from chengzhi.standards.check import check_current
from chengzhi.standards.store import Standards
from chengzhi.standards.types import (
    Channel,
    FindingKind,
    LegalAmount,
    LegalLimit,
    Problem,
    StageLimit,
    VerdictReason,
    holds,
)

TABLE_LABELS = {
    "schemes": "编码体系",
    "codes": "部件、事项代码",
    "components": "部件",
    "matters": "事项",
    "legacy": "旧编码",
    "handling": "立案、结案条件",
    "legacy_handling": "样本城市条件",
    "handler_kinds": "处置单位类型",
    "matter_hints": "辨识要点",
    "limits": "法定期限",
    "amounts": "法定数额",
    "stage_limits": "环节时限",
    "finding_kinds": "抓拍类型",
    "verdict_reasons": "误报原因",
    "channels": "来源渠道",
    "code_patterns": "编码规则",
    "calendar_cn": "工作日历",
    "overlay": "本地标准目录",
}


def stages(standards: Standards, *, on: date) -> list[Table]:
    """Return the limits of the stages, and the channels of report."""
    limits = [
        Column[StageLimit](label=gettext("环节"), look="strong", fill=lambda r: gettext(r.name)),
        Column[StageLimit](label=gettext("时限"), look="nowrap", fill=lambda r: length(r.limit)),
        Column[StageLimit](
            label=gettext("紧急时限"), look="nowrap", fill=lambda r: length(r.urgent)
        ),
        Column[StageLimit](
            label=gettext("来源"), look="wide", fill=lambda r: source_cell(r.source)
        ),
        Column[StageLimit](label=gettext("施行"), look="nowrap", fill=in_force),
    ]
    channels = [
        Column[Channel](label=gettext("来源渠道"), look="strong", fill=lambda r: gettext(r.name)),
        Column[Channel](label=gettext("先核实"), fill=lambda r: yes(r.needs_verification)),
        Column[Channel](label=gettext("公众渠道"), fill=lambda r: yes(r.is_public)),
        Column[Channel](label=gettext("来源"), look="wide", fill=lambda r: source_cell(r.source)),
        Column[Channel](label=gettext("施行"), look="nowrap", fill=in_force),
    ]
    hint = gettext("工作分钟只计上班时间；所立案件的处置时限为紧急时，改用紧急时限，昼夜连续计。")
    return [
        table("stages", gettext("环节时限"), limits, _stages(standards, on), hint=hint),
        table("channels", gettext("来源渠道"), channels, standards.channels(on=on)),
    ]


def _stages(standards: Standards, on: date) -> list[StageLimit]:
    """Return the stages in the order of the table, which is that of a work order's life."""
    return [row for rows in standards.stages_by_name.values() for row in rows if holds(row, on)]


def limits(standards: Standards, *, on: date, text: str, party: str) -> list[Table]:
    """Return the periods and amounts set by law that the filters leave."""
    wanted = text.casefold()
    periods = [
        row
        for row in standards.limits(on=on)
        if party in ("", row.party) and wanted in f"{row.name} {row.article} {row.note}".casefold()
    ]
    amounts = [
        row
        for versions in standards.amounts_by_key.values()
        for row in versions
        if holds(row, on) and not party and wanted in f"{row.name} {row.article}".casefold()
    ]
    return [
        table("limits", gettext("法定期限"), _limit_columns(), periods),
        table("amounts", gettext("法定数额"), _amount_columns(), amounts),
    ]


def _limit_columns() -> list[Column[LegalLimit]]:
    return [
        Column(
            label=gettext("期限"),
            look="strong",
            fill=lambda r: Cell(text=gettext(r.name), note=r.note),
        ),
        Column(label=gettext("起算点"), fill=runs_from),
        Column(label=gettext("长度"), look="nowrap", fill=lambda r: length(r.duration)),
        Column(label=gettext("可延长"), look="nowrap", fill=lambda r: length(r.extension) or "—"),
        Column(label=gettext("计算"), fill=_counting),
        Column(label=gettext("义务人"), look="nowrap", fill=lambda r: label(PARTY_LABELS, r.party)),
        Column(label=gettext("依据"), look="wide", fill=lambda r: r.article),
        Column(label=gettext("来源"), fill=lambda r: source_cell(r.source)),
        Column(label=gettext("施行"), look="nowrap", fill=in_force),
    ]


def _counting(row: LegalLimit) -> str:
    start = label(START_LABELS, row.rules.start)
    return gettext("%(start)s，%(roll)s") % {
        "start": start,
        "roll": label(ROLL_LABELS, row.rules.roll),
    }


def _amount_columns() -> list[Column[LegalAmount]]:
    return [
        Column(
            label=gettext("名称"),
            look="strong",
            fill=lambda r: Cell(text=gettext(r.name), note=r.note),
        ),
        Column(label=gettext("数额"), look="num", fill=_amount),
        Column(label=gettext("依据"), look="wide", fill=lambda r: r.article),
        Column(label=gettext("来源"), fill=lambda r: source_cell(r.source)),
        Column(label=gettext("施行"), look="nowrap", fill=in_force),
    ]


def _amount(row: LegalAmount) -> str:
    return f"{row.value:,} {label(AMOUNT_UNIT_LABELS, row.unit)}"


def findings(standards: Standards, *, on: date) -> list[Table]:
    """Return what cameras report, what it is filed as, and why a finding is rejected."""
    kinds = [
        Column[FindingKind](
            label=gettext("抓拍类型"), look="strong", fill=lambda r: gettext(r.name)
        ),
        Column[FindingKind](label=gettext("状态"), fill=_activity),
        Column[FindingKind](
            label=gettext("立案事项"), look="wide", fill=lambda r: _filed_as(standards, r, on=on)
        ),
        Column[FindingKind](
            label=gettext("来源"), look="wide", fill=lambda r: source_cell(r.source)
        ),
        Column[FindingKind](label=gettext("施行"), look="nowrap", fill=in_force),
    ]
    reasons = [
        Column[VerdictReason](
            label=gettext("误报原因"), look="strong", fill=lambda r: gettext(r.name)
        ),
        Column[VerdictReason](label=gettext("快捷键"), fill=lambda r: r.shortcut),
        Column[VerdictReason](label=gettext("须写说明"), fill=lambda r: yes(r.needs_note)),
        Column[VerdictReason](
            label=gettext("来源"), look="wide", fill=lambda r: source_cell(r.source)
        ),
        Column[VerdictReason](label=gettext("施行"), look="nowrap", fill=in_force),
    ]
    return [
        table("kinds", gettext("抓拍类型"), kinds, standards.finding_kinds(on=on)),
        table("reasons", gettext("误报原因"), reasons, standards.verdict_reasons(on=on)),
    ]


def _activity(row: FindingKind) -> Cell:
    if row.is_active:
        return Cell(status=gettext("启用"), tone="ok")
    return Cell(status=gettext("未启用"))


def _filed_as(standards: Standards, row: FindingKind, *, on: date) -> Cell:
    link = matter_link(standards, row.matter_code, on=on)
    rows = standards.handling_by_code.get(row.matter_code, ())
    said = [r.filing_condition for r in rows if r.condition_no == row.condition_no and holds(r, on)]
    return Cell(text=link.text, url=link.url, note=said[0] if said else "")


def problems(standards: Standards, *, on: date) -> Table:
    """Return what is wrong with the tables, problems before warnings."""
    columns = [
        Column[Problem](label=gettext("级别"), fill=_severity),
        Column[Problem](
            label=gettext("表"), look="nowrap", fill=lambda r: label(TABLE_LABELS, r.table)
        ),
        Column[Problem](
            label=gettext("行"), look="nowrap", fill=lambda r: _place(standards, r, on=on)
        ),
        Column[Problem](label=gettext("说明"), look="wide", fill=lambda r: r.sentence),
    ]
    return table("problems", gettext("检查结果"), columns, check_current(on=on))


def _severity(row: Problem) -> Cell:
    if row.is_warning:
        return Cell(status=gettext("提示"), tone="warn")
    return Cell(status=gettext("问题"), tone="bad")


def _place(standards: Standards, row: Problem, *, on: date) -> Cell:
    code = row.key.split("/")[0]
    if row.table in ("handling", "matters", "matter_hints", "codes"):
        link = matter_link(standards, code, on=on)
        return Cell(text=row.key, url=link.url)
    return Cell(text=row.key)
