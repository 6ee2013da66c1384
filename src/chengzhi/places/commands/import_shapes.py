"""The import of divisions, unit grids, patrol grids and roads: all of a file, or nothing."""

import hashlib
from collections.abc import Callable
from datetime import datetime

import shapely
from django.db import transaction
from django.utils import timezone

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Permission
from chengzhi.audit import interface as audit
from chengzhi.kernel.errors import InvalidInput
from chengzhi.places.commands.judge_cells import judge_cells
from chengzhi.places.commands.judge_divisions import judge_divisions
from chengzhi.places.commands.judge_grids import judge_grids
from chengzhi.places.commands.judge_roads import judge_roads
from chengzhi.places.commands.plan import Plan, line_of
from chengzhi.places.events import PlacesImported
from chengzhi.places.models import PlacesVersion
from chengzhi.places.queries.index import forget_on_commit
from chengzhi.places.queries.known import known_border
from chengzhi.places.rules.datum import doubt, fit, question
from chengzhi.places.rules.features import Draft, Sheet, in_wgs84, read_sheet
from chengzhi.places.types import (
    DATUM_LABELS,
    LEVEL_DIGITS,
    PLACE_KIND_LABELS,
    Datum,
    ImportReport,
    Level,
    PlaceKind,
    Verdict,
)

JUDGES: dict[PlaceKind, Callable[[Plan], Plan]] = {
    PlaceKind.DIVISION: judge_divisions,
    PlaceKind.CELL: judge_cells,
    PlaceKind.GRID: judge_grids,
    PlaceKind.ROAD: judge_roads,
}


def import_geojson(
    kind: PlaceKind | str,
    content: bytes | str,
    *,
    actor: Actor,
    now: datetime,
    dry_run: bool = False,
    crs: Datum | str | None = None,
) -> ImportReport:
    """Judge every record of a GeoJSON file and, unless something stands against it, write it.

    Without `crs` (and none stated in the file) the borders are laid over those already known: a
    file that does not fit WGS-84 is refused as a whole with a question. With `crs` it is converted.

    :raises NotPermitted: the actor may not change places.
    :raises InvalidInput: the file is not GeoJSON, or kind or crs is unknown.
    """
    accounts.permit(actor, Permission.MANAGE_PLACES)
    county_of(actor)
    place_kind, said = _kind(kind), datum_of(crs)
    raw = content.encode() if isinstance(content, str) else content
    sheet = read_sheet(raw, kind=place_kind)
    with transaction.atomic():
        version = lock_version(actor.county)
        report, plan = _judged(sheet, place_kind, said or sheet.stated, actor, now)
        if dry_run or plan is None or not report.acceptable:
            return report
        changed = plan.write(actor=actor, now=now)
        if changed:
            _tell(plan, report, raw, actor=actor, now=now)
            bump(version, hashlib.sha256(raw).hexdigest())
    return _written(report)


def _kind(kind: PlaceKind | str) -> PlaceKind:
    if kind not in {member.value for member in PlaceKind}:
        raise InvalidInput(
            f"不认识的数据类型“{kind}”，可选：{'、'.join(PlaceKind)}。", field="kind"
        )
    return PlaceKind(kind)


def datum_of(crs: Datum | str | None) -> Datum | None:
    """Return the coordinate system a person named; None when they named none."""
    if not crs:
        return None
    if crs not in {member.value for member in Datum}:
        raise InvalidInput(f"不认识的坐标系“{crs}”，可选：{'、'.join(Datum)}。", field="crs")
    return Datum(crs)


def county_of(actor: Actor) -> str:
    """Return the county whose places the actor changes.

    :raises InvalidInput: the actor belongs to no county.
    """
    if len(actor.county) != LEVEL_DIGITS[Level.COUNTY]:
        raise InvalidInput(f"{actor.name}没有所属的县（市、区），不能导入地理数据。", field="actor")
    return actor.county


def lock_version(county: str) -> PlacesVersion:
    """Return the county's version row, locked: one import at a time."""
    PlacesVersion.objects.get_or_create(county=county)
    return PlacesVersion.objects.select_for_update().get(county=county)


def bump(version: PlacesVersion, digest: str) -> None:
    """Give the county's shapes a new stamp, by which every process finds its index stale."""
    version.number += 1
    version.stamp = hashlib.sha256(f"{version.stamp}{digest}".encode()).hexdigest()
    version.save(update_fields=["number", "stamp"])
    forget_on_commit()


def _judged(
    sheet: Sheet, kind: PlaceKind, stated: Datum | None, actor: Actor, now: datetime
) -> tuple[ImportReport, Plan | None]:
    found = fit(_union(sheet.drafts), known=known_border(kind, sheet.drafts, actor.county))
    asked = question(found, stated) if any(d.shape for d in sheet.drafts) else ""
    datum = stated or found.best or Datum.WGS84
    warning = doubt(found, stated)
    if asked:
        return _refused(sheet, kind, datum, asked), None
    plan = Plan(
        kind=kind,
        county=actor.county,
        on=timezone.localdate(now),
        drafts=tuple(_converted(draft, datum) for draft in sheet.drafts),
        notes=(warning,) if warning else (),
    )
    plan = JUDGES[kind](plan)
    report = ImportReport(kind=kind, datum=datum, lines=plan.lines(), notes=plan.notes)
    return report, plan


def _union(drafts: tuple[Draft, ...]) -> shapely.Geometry:
    return shapely.union_all([d.shape for d in drafts if d.shape is not None and not d.refused])


def _converted(draft: Draft, datum: Datum) -> Draft:
    if draft.shape is None or draft.refused:
        return draft
    return draft.placed(in_wgs84(draft.shape, source=datum))


def _refused(sheet: Sheet, kind: PlaceKind, datum: Datum, refusal: str) -> ImportReport:
    lines = tuple(line_of(draft) for draft in sheet.drafts)
    return ImportReport(kind=kind, datum=datum, lines=lines, refusal=refusal)


def _tell(plan: Plan, report: ImportReport, raw: bytes, *, actor: Actor, now: datetime) -> None:
    added = [d.code for d in plan.to_write() if d.code not in plan.standing]
    changed = [d.code for d in plan.to_write() if d.code in plan.standing]
    event = PlacesImported(
        kind=plan.kind,
        kind_label=PLACE_KIND_LABELS[plan.kind],
        county=plan.county,
        datum=DATUM_LABELS[report.datum],
        digest=hashlib.sha256(raw).hexdigest(),
        added=added,
        changed=changed,
        added_count=len(added),
        changed_count=len(changed),
        fixed_count=report.count(Verdict.FIXED),
    )
    audit.record(event, subject=f"places:{plan.county}", actor=actor.ref, at=now)


def _written(report: ImportReport) -> ImportReport:
    return ImportReport(
        kind=report.kind,
        datum=report.datum,
        lines=report.lines,
        notes=report.notes,
        written=True,
    )
