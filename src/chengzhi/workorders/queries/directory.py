"""Names and routing rules of a county, kept in memory for half a minute."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import UnitKind, UnitRef
from chengzhi.places import interface as places
from chengzhi.places.types import Level, Located
from chengzhi.workorders.models import RoutingRule
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.routing import suggest
from chengzhi.workorders.types import RoutingRow, Suggestion

FRESH = timedelta(seconds=30)
HANDLING_KINDS = frozenset(
    {UnitKind.SQUAD, UnitKind.DEPARTMENT, UnitKind.CONTRACTOR, UnitKind.TOWN}
)


@dataclass(frozen=True, kw_only=True)
class Directory:
    """What routing and lists need to know of a county, read at one moment."""

    units: Mapping[str, str]  # code -> name, every unit
    handlers: Mapping[str, str]  # those that handle work orders
    towns: Mapping[str, str]
    rules: tuple[RoutingRow, ...]
    read_at: datetime

    def unit_name(self, code: str) -> str:
        """Return a unit's name, or its code when it is unknown."""
        return self.units.get(code, code)

    def suggest(self, *, matter: str, place: Located, handler_kind: str = "") -> Suggestion:
        """Return who should handle a matter at a place, and why."""
        return suggest(
            self.rules,
            matter=matter,
            place=place,
            handler_kind=handler_kind,
            units=self.handlers,
        )


_kept: dict[str, Directory] = {}


def directory(county: str, *, now: datetime) -> Directory:
    """Return the county's directory, at most half a minute of `now` old."""
    kept = _kept.get(county)
    if kept is None or abs(now - kept.read_at) > FRESH:
        kept = _kept[county] = _read(county, now)
    return kept


def forget_directory() -> None:
    """Drop what is kept; a change of routing calls it, and so do tests."""
    _kept.clear()


def _read(county: str, now: datetime) -> Directory:
    on = civil_date(now)
    units = accounts.unit_refs(county=county)
    return Directory(
        units={unit.code: unit.name for unit in units},
        handlers={unit.code: unit.name for unit in units if _handles(unit, on)},
        towns={town.code: town.name for town in places.divisions(county, level=Level.TOWN)},
        rules=tuple(routing_rows(county, now=now)),
        read_at=now,
    )


def _handles(unit: UnitRef, on: date) -> bool:
    is_open = unit.closed_on is None or on < unit.closed_on
    return is_open and unit.kind in HANDLING_KINDS


def routing_rows(county: str, *, now: datetime) -> list[RoutingRow]:
    """Return the routing rules in force, oldest first."""
    on = civil_date(now)
    in_force = Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    rows = RoutingRule.objects.filter(in_force, county=county).order_by("pk")
    return [
        RoutingRow(
            id=row.pk,
            matter_prefix=row.matter_prefix,
            area_prefix=row.area_prefix,
            handler_kind=row.handler_kind,
            unit=row.unit,
            note=row.note,
        )
        for row in rows
    ]
