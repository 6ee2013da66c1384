"""导出: a list becomes a file in the background, row by row, for the one who asked."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, tzinfo
from tempfile import TemporaryFile
from typing import IO
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.evidence.interface import Store
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.kernel.sheets import MEDIA, write_file
from chengzhi.workorders.events import (
    ExportAsked,
    ExportCancelled,
    ExportFailed,
    ExportFetched,
    ExportFinished,
    ListExported,
)
from chengzhi.workorders.models import ExportJob
from chengzhi.workorders.queries import lists
from chengzhi.workorders.queries.exports import HEAD, access_export, cells, next_export
from chengzhi.workorders.rules.exports import (
    LEASE,
    MOST_ATTEMPTS,
    MOST_UNFINISHED,
    ExportOver,
    TooManyExports,
    as_plain,
    from_plain,
)
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.parameters import parameters
from chengzhi.workorders.types import Filters, Row
from chengzhi.workorders.types.exports import UNFINISHED, ExportState

ABROAD = "工作进程多次中断，未能写完。请缩小范围后再试，或联系系统管理员。"


class Interrupted(Exception):
    """The export was cancelled, or another worker has it; what was written is dropped."""


@transaction.atomic
def note_export(*, rows: int, kind: str, query: str, actor: Actor, now: datetime) -> None:
    """Record that a short list was taken out of the house at once."""
    accounts.permit(actor, Permission.EXPORT)
    told = ListExported(rows=rows, kind=kind, query=query or "无")
    audit.record(told, subject=f"export:{uuid4().hex}", actor=actor.ref, at=now, first=True)


@transaction.atomic
def ask_export(filters: Filters, *, kind: str, query: str, actor: Actor, now: datetime) -> int:
    """Put a list in the queue of exports, and return its number.

    :raises TooManyExports: the person has as many under way as one may have.
    :raises InvalidInput: neither xlsx nor csv was asked for.
    """
    accounts.permit(actor, Permission.EXPORT)
    if kind not in MEDIA:
        raise InvalidInput(f"不能导出为“{kind}”，请选 xlsx 或 csv。", field="kind")
    mine = ExportJob.objects.filter(person=actor.ref, state__in=UNFINISHED)
    if mine.count() >= MOST_UNFINISHED:
        raise TooManyExports(f"您已有 {MOST_UNFINISHED} 份导出在生成，请等其中一份完成或取消它。")
    job = ExportJob.objects.create(
        county=actor.county,
        person=actor.ref,
        kind=kind,
        query=query[:2000],
        filters=as_plain(filters),
        asked_at=now,
    )
    told = ExportAsked(kind=kind, query=query or "无")
    audit.record(told, subject=job.subject, actor=actor.ref, at=now, first=True)
    return job.pk


@transaction.atomic
def cancel_export(pk: int, *, actor: Actor, now: datetime) -> None:
    """Stop an export that waits or runs; its worker notices with the next batch.

    :raises ExportOver: it is already over.
    """
    access_export(actor, pk)
    job = ExportJob.objects.select_for_update().get(pk=pk)
    if job.state not in UNFINISHED:
        raise ExportOver("这份导出已经结束，不能取消。")
    job.state, job.ended_at = ExportState.CANCELLED, now
    job.save(update_fields=["state", "ended_at"])
    told = ExportCancelled(rows=job.rows_done)
    audit.record(told, subject=job.subject, actor=actor.ref, at=now)


@transaction.atomic
def fetch_export(pk: int, *, actor: Actor, now: datetime) -> tuple[str, int, str]:
    """Return key, size and kind of a finished file, and record that it leaves the house.

    :raises ExportOver: it is not finished, or has expired.
    """
    accounts.permit(actor, Permission.EXPORT)
    access_export(actor, pk)
    job = ExportJob.objects.select_for_update().get(pk=pk)
    if job.state != ExportState.DONE or (job.expires_at and job.expires_at <= now):
        raise ExportOver("这份导出没有可取的文件：尚未生成，或已过保留期。请重新导出。")
    told = ExportFetched(rows=job.rows_done, kind=job.kind)
    audit.record(told, subject=job.subject, actor=actor.ref, at=now)
    return job.file, job.size, job.kind


def run_export(
    *, store: Store, clock: Callable[[], datetime], zone: tzinfo, should_stop: Callable[[], bool]
) -> bool:
    """Write the oldest export that waits, and return whether there was one."""
    worker, now = uuid4().hex, clock()
    pk = next_export(now=now)
    if pk is None or not _claim(pk, worker=worker, now=now):
        return False
    job = ExportJob.objects.get(pk=pk)
    if job.attempts > MOST_ATTEMPTS:
        _fail(job, ABROAD, worker=worker, now=now)
        return True
    try:
        _write(job, worker=worker, store=store, clock=clock, zone=zone, should_stop=should_stop)
    except Interrupted:
        return True
    except DomainError as refused:
        _fail(job, refused.sentence, worker=worker, now=clock())
    return True


def _claim(pk: int, *, worker: str, now: datetime) -> bool:
    """Take the job if nobody else did since it was looked up."""
    waiting = ExportJob.objects.filter(pk=pk, state__in=UNFINISHED).exclude(claimed_until__gt=now)
    return bool(
        waiting.update(
            state=ExportState.RUNNING,
            claimed_by=worker,
            claimed_until=now + LEASE,
            attempts=F("attempts") + 1,
            rows_done=0,
        )
    )


def _write(
    job: ExportJob,
    *,
    worker: str,
    store: Store,
    clock: Callable[[], datetime],
    zone: tzinfo,
    should_stop: Callable[[], bool],
) -> None:
    """List as the person may see it now, write batch by batch, and put the file in the store."""
    now = clock()
    actor = accounts.actor_by_ref(job.person, on=civil_date(now))
    accounts.permit(actor, Permission.EXPORT)
    filters = from_plain(job.filters)
    total = lists.count(actor, filters, now=now)
    ExportJob.objects.filter(pk=job.pk, claimed_by=worker).update(rows_total=total)

    def go_on(done: int) -> None:
        if should_stop():
            _release(job, worker=worker)
            raise Interrupted
        if not _moved(job, done, worker=worker, now=clock()):
            raise Interrupted

    rows = _watched(lists.export(actor, filters, now=now), go_on)
    with TemporaryFile() as out:
        write_file(out, job.kind, [gettext(label) for label in HEAD], cells(rows), zone=zone)
        key, size = _stored(out, job.kind, store)
    _finish(job, key, size, worker=worker, now=clock())


def _watched(rows: Iterator[Row], go_on: Callable[[int], None]) -> Iterator[Row]:
    """Yield the rows, and say after every batch how many there were."""
    done = 0
    for row in rows:
        yield row
        done += 1
        if done % lists.BATCH == 0:
            go_on(done)
    go_on(done)


def _moved(job: ExportJob, done: int, *, worker: str, now: datetime) -> bool:
    """Write how far it is; false if it was cancelled or another worker took it over."""
    mine = ExportJob.objects.filter(pk=job.pk, claimed_by=worker, state=ExportState.RUNNING)
    return bool(mine.update(rows_done=done, claimed_until=now + LEASE))


def _release(job: ExportJob, *, worker: str) -> None:
    """Give the job back: this worker is being stopped, which is not the job's fault."""
    mine = ExportJob.objects.filter(pk=job.pk, claimed_by=worker, state=ExportState.RUNNING)
    mine.update(
        state=ExportState.WAITING, claimed_by="", claimed_until=None, attempts=F("attempts") - 1
    )


def _stored(out: IO[bytes], kind: str, store: Store) -> tuple[str, int]:
    out.seek(0)
    content = out.read()
    key = f"{hashlib.sha256(content + uuid4().bytes).hexdigest()}.{kind}"
    store.put(key, content)
    return key, len(content)


@transaction.atomic
def _finish(job: ExportJob, key: str, size: int, *, worker: str, now: datetime) -> None:
    kept = ExportJob.objects.select_for_update().get(pk=job.pk)
    if kept.claimed_by != worker or kept.state != ExportState.RUNNING:
        raise Interrupted
    kept.state, kept.file, kept.size, kept.ended_at = ExportState.DONE, key, size, now
    kept.expires_at = now + timedelta(days=parameters().export_days)
    kept.claimed_until = None
    kept.save()
    told = ExportFinished(
        person=kept.person, kind=kept.kind, rows=kept.rows_done, expires_at=str(kept.expires_at)
    )
    audit.record(told, subject=kept.subject, actor="system:exports", at=now)


@transaction.atomic
def _fail(job: ExportJob, reason: str, *, worker: str, now: datetime) -> None:
    mine = ExportJob.objects.filter(pk=job.pk, claimed_by=worker, state=ExportState.RUNNING)
    if mine.update(
        state=ExportState.FAILED, failure=reason[:200], ended_at=now, claimed_until=None
    ):
        told = ExportFailed(person=job.person, kind=job.kind, reason=reason[:200])
        audit.record(told, subject=job.subject, actor="system:exports", at=now)


def expire_exports(*, store: Store, now: datetime) -> int:
    """Delete the files whose time is over, and return how many; the row stays and says so."""
    over = ExportJob.objects.filter(state=ExportState.DONE, expires_at__lte=now).order_by("pk")
    jobs = list(over)
    for job in jobs:
        store.delete(job.file)
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.EXPIRED, file="", size=0)
    return len(jobs)
