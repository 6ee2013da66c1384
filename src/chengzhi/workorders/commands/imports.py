"""Bringing in another system's list, row by row: once, and with a history that stays true.

What is still open there is reported here and starts its own clocks now; what has ended there is
written down as ended, with one event that says where it comes from. No step is invented.
"""

import csv
import hashlib
from dataclasses import asdict, replace
from datetime import datetime
from io import StringIO

from django.db import transaction

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission, Role
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import DomainError, InvalidInput
from chengzhi.places import interface as places
from chengzhi.places.types import Datum, Located, Point
from chengzhi.workorders.commands.intake import report
from chengzhi.workorders.commands.taking import tell
from chengzhi.workorders.events import ListImported, WorkOrderImported
from chengzhi.workorders.models import ImportRun, WorkOrder
from chengzhi.workorders.rules.imports import RowRefused, cleaned, external_id, read_mapping
from chengzhi.workorders.rules.limits import civil_date, matter_name
from chengzhi.workorders.rules.nearby import lattice
from chengzhi.workorders.rules.words import moment_text
from chengzhi.workorders.types import Report, State
from chengzhi.workorders.types.endings import ClosingBasis, ClosingResult
from chengzhi.workorders.types.imports import (
    CleanRow,
    Crs,
    Ending,
    ImportedLine,
    ImportResult,
    Outcome,
    Progress,
    RowMapping,
)

STEP = 100  # rows between two looks at the progress
ENDS = {Ending.CLOSED: State.CLOSED, Ending.REJECTED: State.REJECTED}
NO_ADDRESS = "（原清单没有地址）"


def nobody(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def import_list(
    content: bytes,
    *,
    file_name: str,
    mapping: str,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = nobody,
) -> ImportResult:
    """Bring in a list; each row stands alone, and a row that came before is left as it is.

    :raises InvalidInput: the list or the mapping file cannot be read.
    :raises NotPermitted: the actor may not import.
    """
    accounts.permit(actor, Permission.IMPORT_WORK_ORDERS)
    read = read_mapping(mapping)
    rows = _rows(content)
    run = None if dry_run else _started(read, content, file_name, mapping, len(rows), actor, now)
    lines: list[ImportedLine] = []
    for number, row in enumerate(rows, start=1):
        lines.append(_line(number, row, read, actor=actor, now=now, dry_run=dry_run))
        if number % STEP == 0 or number == len(rows):
            progress(number, len(rows))
            _keep(run, lines)
    if run is not None:
        _finish(run, actor=actor, now=now)
    return ImportResult(
        source=read.source,
        file_name=file_name,
        lines=tuple(lines),
        is_dry_run=dry_run,
        run=run.pk if run else None,
    )


def _rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a comma-separated list in UTF-8 or GB 18030."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    rows = list(csv.DictReader(StringIO(text)))
    if not rows:
        raise InvalidInput("清单没有数据行，应为首行是列名的 CSV。", field="file")
    return [{k: v for k, v in row.items() if isinstance(k, str) and v} for row in rows]


@transaction.atomic
def _started(
    read: RowMapping,
    content: bytes,
    file_name: str,
    mapping: str,
    total: int,
    actor: Actor,
    now: datetime,
) -> ImportRun:
    return ImportRun.objects.create(
        county=actor.county,
        source=read.source,
        file_name=file_name[:200],
        file_hash=hashlib.sha256(content).hexdigest(),
        mapping=mapping,
        started_by=actor.ref,
        started_at=now,
        total=total,
    )


def _keep(run: ImportRun | None, lines: list[ImportedLine]) -> None:
    """Write down how far an import is, for the page that shows it."""
    if run is None:
        return
    run.done = len(lines)
    run.imported, run.known, run.refused = (
        sum(line.outcome is outcome for line in lines) for outcome in Outcome
    )
    run.lines = [asdict(line) for line in lines if line.sentence]
    run.save(update_fields=["done", "imported", "known", "refused", "lines"])


@transaction.atomic
def _finish(run: ImportRun, *, actor: Actor, now: datetime) -> None:
    run.finished_at = now
    run.save(update_fields=["finished_at"])
    event = ListImported(
        source=run.source,
        file_name=run.file_name,
        file_hash=run.file_hash,
        imported=run.imported,
        known=run.known,
        refused=run.refused,
    )
    audit.record(event, subject=run.subject, actor=actor.ref, at=now)


def _line(
    number: int,
    row: dict[str, str],
    mapping: RowMapping,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool,
) -> ImportedLine:
    own = external_id(row, mapping)
    line = ImportedLine(number=number, external_id=own, outcome=Outcome.REFUSED)
    ref = f"{mapping.source}:{own}"
    before = WorkOrder.objects.filter(county=actor.county, client_ref=ref).first() if own else None
    if before is not None:
        return replace(line, outcome=Outcome.KNOWN, work_order=before.pk)
    try:
        return _take(line, row, mapping, actor=actor, now=now, dry_run=dry_run)
    except DomainError as error:
        return replace(line, field=error.field or "", sentence=error.sentence)


@transaction.atomic
def _take(
    line: ImportedLine,
    row: dict[str, str],
    mapping: RowMapping,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool,
) -> ImportedLine:
    clean = cleaned(row, mapping, now=now)
    matter_name(clean.matter_code, on=civil_date(now))  # refuses a code that is not in force
    point = _point(clean, mapping)
    place = places.locate(point, now=now)
    inside = bool(place.town) and place.town.startswith(actor.county)
    if not inside and not mapping.keeps_outside:
        raise RowRefused("点位不在本县任何镇街范围内，请核对坐标系或坐标。", field="x")
    notes = _notes(clean, place) if inside else "点位不在本县范围内。"
    if dry_run:
        return replace(line, outcome=Outcome.IMPORTED, sentence=notes)
    order = _opened if clean.ending is Ending.OPEN else _ended
    made = order(clean, point, place, mapping, notes, actor=actor, now=now)
    return replace(line, outcome=Outcome.IMPORTED, sentence=notes, work_order=made.pk)


def _point(clean: CleanRow, mapping: RowMapping) -> Point:
    """Return the place in WGS-84 degrees."""
    x, y = clean.x, clean.y
    if mapping.crs is Crs.BD09MC:
        found = places.bd09_from_metres(x, y)
        if found is None:
            raise RowRefused(f"坐标“{x}，{y}”不是百度米制坐标。", field="x")
        x, y = found
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise RowRefused(f"坐标“{x}，{y}”不是经纬度，请核对坐标系。", field="x")
    datum = Datum.BD09 if mapping.crs is Crs.BD09MC else Datum(mapping.crs.value)
    east, north = (float(v) for v in places.convert(x, y, source=datum, target=Datum.WGS84))
    return Point(lon=round(east + mapping.offset[0], 7), lat=round(north + mapping.offset[1], 7))


def _notes(clean: CleanRow, place: Located) -> str:
    """Say where the list names another area than the one in which the point lies."""
    if not clean.area:
        return ""
    names = places.division_names({place.town, place.community})
    if clean.area in names.values():
        return ""
    return f"原清单写“{clean.area}”，点位在{names.get(place.town, place.town)}，以点位为准。"


def _opened(
    clean: CleanRow,
    point: Point,
    place: Located,
    mapping: RowMapping,
    notes: str,
    *,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Report what is still open there; its clocks start now, when we learn of it."""
    received = Report(
        channel=clean.channel,
        matter_code=clean.matter_code,
        lon=point.lon,
        lat=point.lat,
        address=clean.address or NO_ADDRESS,
        description=clean.description,
        client_ref=f"{mapping.source}:{clean.external_id}",
        reporter_name=clean.name,
        reporter_phone=clean.phone,
        occurred_at=clean.reported_at,
    )
    made = report(received, actor=_reporting(actor), now=now)
    order = WorkOrder.objects.select_for_update().get(pk=made.id)
    tell(order, _imported(order, clean, mapping, notes), actor=actor, now=now)
    return order


def _reporting(actor: Actor) -> Actor:
    """Let the importer speak for the sources of the list: the permission to import covers it."""
    return replace(actor, roles=actor.roles | {Role.SYSTEM})


def _ended(
    clean: CleanRow,
    point: Point,
    place: Located,
    mapping: RowMapping,
    notes: str,
    *,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    """Write down what has ended there, with its own times and no step of ours."""
    ended_at = clean.ended_at or clean.reported_at
    if ended_at < clean.reported_at:
        raise RowRefused("办结时间早于上报时间。", field="ended_at")
    order = _as_listed(clean, point, place, mapping, actor=actor, now=now)
    if clean.ending is Ending.CLOSED:
        order.closing_result, order.closing_basis = ClosingResult.RESOLVED, ClosingBasis.IMPORTED
    order.enter(ENDS[clean.ending], now=ended_at, ends=None)
    order.save()
    event = _imported(order, clean, mapping, notes)
    audit.record(event, subject=order.subject, actor=actor.ref, at=now, first=True)
    return order


def _as_listed(
    clean: CleanRow,
    point: Point,
    place: Located,
    mapping: RowMapping,
    *,
    actor: Actor,
    now: datetime,
) -> WorkOrder:
    return WorkOrder(
        county=actor.county,
        year=civil_date(now).year,  # of its number, which is given now
        procedure=f"import {mapping.source}",
        channel=clean.channel,
        client_ref=f"{mapping.source}:{clean.external_id}",
        matter_code=clean.matter_code,
        matter_name=matter_name(clean.matter_code, on=civil_date(now)),
        address=clean.address or NO_ADDRESS,
        description=clean.description,
        reporter_name=clean.name,
        reporter_phone=clean.phone,
        reported_by=actor.ref,
        occurred_at=clean.reported_at,
        reported_at=clean.reported_at,
        lon=point.lon,
        lat=point.lat,
        lattice=lattice(point.lon, point.lat),
        cell=place.cell,
        grid=place.grid,
        town=place.town,
        community=place.community,
        squad=place.squad,
        road=place.road,
    )


def _imported(
    order: WorkOrder, clean: CleanRow, mapping: RowMapping, notes: str
) -> WorkOrderImported:
    ended = clean.ended_at
    return WorkOrderImported(
        code=order.code,
        source=mapping.source,
        external_id=clean.external_id,
        status_text=clean.status_text or "无",
        state=order.state,
        matter_code=order.matter_code,
        reported_at=clean.reported_at.isoformat(),
        reported_text=f"{clean.reported_at.year}-{moment_text(clean.reported_at)}",
        ended_at=ended.isoformat() if ended else "",
        ended_text=f"，{ended.year}-{moment_text(ended)} 办结" if ended else "",
        notes=f"；{notes}" if notes else "",
    )
