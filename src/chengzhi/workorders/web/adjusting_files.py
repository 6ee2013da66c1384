"""Requests, appeals, notices and the ledger as files."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils.translation import gettext

from chengzhi.workorders.queries.ledger import LedgerLine
from chengzhi.workorders.types.adjustments import AdjustmentRow
from chengzhi.workorders.types.appeals import AppealRow
from chengzhi.workorders.types.notices import NoticeRow
from chengzhi.workorders.web.sheet import file_of


def adjustments_file(kind: str, rows: Iterable[AdjustmentRow]) -> HttpResponse:
    """Return requests as a file."""
    head = [
        gettext("案件编号"), gettext("类别"), gettext("地点"), gettext("类型"), gettext("内容"),
        gettext("原因"), gettext("理由"), gettext("单位代码"), gettext("单位"), gettext("状态"),
        gettext("申请人"), gettext("申请时间"), gettext("初审人"), gettext("初审时间"),
        gettext("终审人"), gettext("终审时间"), gettext("审批意见"),
    ]  # fmt: skip
    lines = [
        (
            row.order_code, row.matter_name, row.address, row.kind_label, row.what, row.cause,
            row.reason, row.unit, row.unit_name, row.state_label, row.asked_by_name, row.asked_at,
            row.first_name, row.first_at, row.decided_name, row.decided_at, row.decided_note,
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("延期缓办挂账"), head, lines)


def appeals_file(kind: str, rows: Iterable[AppealRow]) -> HttpResponse:
    """Return appeals as a file."""
    head = [
        gettext("案件编号"), gettext("类别"), gettext("环节"), gettext("环节截止"),
        gettext("环节完成"), gettext("单位代码"), gettext("单位"), gettext("理由"), gettext("状态"),
        gettext("申诉人"), gettext("申诉时间"), gettext("初审人"), gettext("初审意见"),
        gettext("终审人"), gettext("终审时间"), gettext("终审意见"),
    ]  # fmt: skip
    lines = [
        (
            row.order_code, row.matter_name, row.stage_label, row.run_due_at, row.run_ended_at,
            row.unit, row.unit_name, row.reason, row.state_label, row.lodged_by_name,
            row.lodged_at, row.first_name, row.first_note, row.decided_name, row.decided_at,
            row.decided_note,
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("超时申诉"), head, lines)


def ledger_file(kind: str, lines: Iterable[LedgerLine]) -> HttpResponse:
    """Return what stands as a file."""
    head = [
        gettext("案件编号"), gettext("类别"), gettext("镇街"), gettext("地点"), gettext("类型"),
        gettext("原因"), gettext("理由"), gettext("单位代码"), gettext("处置单位"),
        gettext("批准时间"), gettext("复核日期"),
    ]  # fmt: skip
    rows = [
        (
            line.row.code, line.row.matter_name, line.row.town_name, line.row.address,
            line.kind_label, line.cause, line.reason, line.row.handler, line.unit_name,
            line.granted_at, line.until,
        )
        for line in lines
    ]  # fmt: skip
    return file_of(kind, gettext("挂账台账"), head, rows)


def notices_file(kind: str, rows: Iterable[NoticeRow]) -> HttpResponse:
    """Return notices as a file."""
    head = [
        gettext("案件编号"), gettext("类别"), gettext("地点"), gettext("级别"), gettext("内容"),
        gettext("单位代码"), gettext("收件单位"), gettext("状态"), gettext("发出人"),
        gettext("发出时间"), gettext("回复截止"), gettext("签收时间"), gettext("回复时间"),
        gettext("回复"), gettext("超期"),
    ]  # fmt: skip
    lines = [
        (
            row.order_code, row.matter_name, row.address, row.level_label, row.text, row.unit,
            row.unit_name, row.state_label, row.issued_by_name, row.issued_at, row.due_at,
            row.acknowledged_at, row.replied_at, row.reply, row.is_overdue,
        )
        for row in rows
    ]  # fmt: skip
    return file_of(kind, gettext("催办督办"), head, lines)
