"""Who can be sent into the street."""

from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Role
from chengzhi.workorders.queries.directory import FRESH
from chengzhi.workorders.rules.limits import civil_date

_kept: dict[str, tuple[datetime, dict[str, str]]] = {}


def collectors(county: str, *, now: datetime) -> dict[str, str]:
    """Return the county's collectors on the day, ref to name, at most half a minute old."""
    kept = _kept.get(county)
    if kept is None or abs(now - kept[0]) > FRESH:
        kept = _kept[county] = (now, _read(county, now))
    return kept[1]


def forget_people() -> None:
    """Drop what is kept; tests call it."""
    _kept.clear()


def _read(county: str, now: datetime) -> dict[str, str]:
    return accounts.people_holding(Role.COLLECTOR, county=county, on=civil_date(now))
