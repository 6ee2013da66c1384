"""The control areas and windows of a county, kept half a minute, and which of them hold."""

from datetime import date, datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.kernel.errors import NotVisible
from chengzhi.places import interface as places
from chengzhi.places.types import Located, Point
from chengzhi.workorders.models import ControlWindow, WorkOrder
from chengzhi.workorders.queries.directory import FRESH
from chengzhi.workorders.queries.paging import newest
from chengzhi.workorders.rules.control import control_text, controls_at
from chengzhi.workorders.rules.fieldwork import READERS
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types import ControlRow

VIEWS = ("in-force", "coming", "ended")
_kept: dict[str, tuple[datetime, tuple[ControlRow, ...]]] = {}


def controls(county: str, *, now: datetime) -> tuple[ControlRow, ...]:
    """Return what has not ended, at most half a minute old."""
    kept = _kept.get(county)
    if kept is None or abs(now - kept[0]) > FRESH:
        rows = _not_ended(county, civil_date(now)).order_by("pk")
        kept = _kept[county] = (now, tuple(map(as_control, rows)))
    return kept[1]


def forget_controls() -> None:
    """Drop what is kept; a change calls it, and so do tests."""
    _kept.clear()


def _not_ended(county: str, on: date) -> QuerySet[ControlWindow]:
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    return ControlWindow.objects.filter(still, county=county)


def as_control(row: ControlWindow) -> ControlRow:
    """Return a control area or window as the rules take it."""
    return ControlRow(
        id=row.pk,
        title=row.title,
        permit=row.permit,
        polygon=row.polygon,
        area_prefix=row.area_prefix,
        road=row.road,
        matter_prefixes=tuple(row.matter_prefixes.split()),
        weekdays=row.weekdays,
        from_time=row.from_time,
        to_time=row.to_time,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def control_of(order: WorkOrder, *, now: datetime, matter: str = "") -> str:
    """Return the warning that holds for an order, as of when it happened; empty without one."""
    held = controls_at(
        controls(order.county, now=now),
        matter=matter or order.matter_code,
        place=order.located,
        point=Point(lon=order.lon, lat=order.lat),
        at=order.occurred_at,
        holds=places.surface_holds,
    )
    return control_text(held)


def control_here(
    county: str,
    *,
    matter: str,
    point: Point,
    at: datetime,
    now: datetime,
    place: Located | None = None,
) -> str:
    """Return the warning for a matter about to be reported; empty without one."""
    rows = controls(county, now=now)
    if not rows:
        return ""
    found = place or places.locate(point, now=now)
    held = controls_at(
        rows, matter=matter, place=found, point=point, at=at, holds=places.surface_holds
    )
    return control_text(held)


def control_book(
    actor: Actor, *, now: datetime, view: str = VIEWS[0], text: str = "", after: int = 0,
    size: int = 50,
) -> tuple[tuple[ControlRow, ...], int, int | None]:  # fmt: skip
    """Return a page of control areas in force, coming or ended; how many; and the next key.

    :raises NotPermitted: the actor may not read them.
    """
    accounts.require(actor, *READERS)
    rows = _view(actor.county, view, civil_date(now))
    if text:
        rows = rows.filter(Q(title__icontains=text) | Q(permit__icontains=text))
    found, next_key = newest(rows, after=after, size=size)
    return tuple(map(as_control, found)), rows.count(), next_key


def _view(county: str, view: str, on: date) -> QuerySet[ControlWindow]:
    if view == "ended":
        return ControlWindow.objects.filter(county=county, valid_to__lte=on)
    rows = _not_ended(county, on)
    return rows.filter(valid_from__gt=on) if view == "coming" else rows.filter(valid_from__lte=on)


def access_control(actor: Actor, pk: int) -> ControlRow:
    """Return one control area or window.

    :raises NotVisible: there is none of that number in the actor's county.
    """
    accounts.require(actor, *READERS)
    row = ControlWindow.objects.filter(county=actor.county, pk=pk).first()
    if row is None:
        raise NotVisible("没有这个管控范围，或它不在您的查看范围内。")
    return as_control(row)
