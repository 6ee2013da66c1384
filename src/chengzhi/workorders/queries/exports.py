"""Background exports: one's own, and those that wait for a worker; the columns of every export."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import Q

from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.kernel.sheets import Cell
from chengzhi.workorders.models import ExportJob
from chengzhi.workorders.types import Row
from chengzhi.workorders.types.exports import EXPORT_STATE_LABELS, UNFINISHED, ExportView

# Codes stand beside names, so that what is joined on them survives a new name (anchors_civic.md 4.33).
COLUMNS: tuple[tuple[str, Callable[[Row], Cell]], ...] = (
    ("编号", lambda row: row.code),
    ("序号", lambda row: row.serial),
    ("状态代码", lambda row: row.state),
    ("状态", lambda row: row.state_label),
    ("来源代码", lambda row: row.channel),
    ("来源", lambda row: row.channel_label),
    ("事项代码", lambda row: row.matter_code),
    ("类别", lambda row: row.matter_name),
    ("镇街代码", lambda row: row.town),
    ("镇街", lambda row: row.town_name),
    ("地点", lambda row: row.address),
    ("责任网格", lambda row: row.grid),
    ("处置单位代码", lambda row: row.handler),
    ("处置单位", lambda row: row.handler_name),
    ("上报时间", lambda row: row.reported_at),
    ("立案时间", lambda row: row.filed_at),
    ("处置截止", lambda row: row.handling_due_at),
    ("办结时间", lambda row: row.closed_at),
    ("返工", lambda row: row.rework_count),
    ("回退", lambda row: row.return_count),
    ("结案结果代码", lambda row: row.closing_result),
    ("结案结果", lambda row: row.closing_result_label),
    ("经度", lambda row: row.lon),
    ("纬度", lambda row: row.lat),
)
HEAD = tuple(label for label, _ in COLUMNS)


def cells(rows: Iterator[Row]) -> Iterator[list[Cell]]:
    """Yield what a file holds of each row."""
    return ([cell(row) for _, cell in COLUMNS] for row in rows)


def own_exports(actor: Actor, *, most: int = 50) -> list[ExportView]:
    """Return one's own exports, newest first."""
    rows = ExportJob.objects.filter(person=actor.ref).order_by("-pk")[:most]
    return [as_view(row) for row in rows]


def access_export(actor: Actor, pk: int) -> ExportJob:
    """Return one of one's own exports.

    :raises NotVisible: there is none of that number, or somebody else asked for it.
    """
    job = ExportJob.objects.filter(person=actor.ref, pk=pk).first()
    if job is None:
        raise NotVisible("没有这份导出，或它不是您申请的。")
    return job


def next_export(*, now: datetime) -> int | None:
    """Return the oldest export that nobody works on."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
    rows = ExportJob.objects.filter(free, state__in=UNFINISHED).order_by("pk")
    return rows.values_list("pk", flat=True).first()


def as_view(job: ExportJob) -> ExportView:
    """Return a job as its owner sees it."""
    return ExportView(
        id=job.pk,
        kind=job.kind,
        query=job.query,
        state=job.state,
        state_label=EXPORT_STATE_LABELS[job.state],
        rows_done=job.rows_done,
        rows_total=job.rows_total,
        size=job.size,
        failure=job.failure,
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        expires_at=job.expires_at,
    )
