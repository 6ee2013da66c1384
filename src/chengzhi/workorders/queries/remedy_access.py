"""Who sees which remedy: the county, its town, the squad of the grid, the contractor, who found it."""

from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Scope, UnitKind
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import FundLine, OwnerSearch, Remedy, RemedyMeeting
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.queries.whistle_access import town_of
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.rules.remedy_limits import remedy_settings
from chengzhi.workorders.types.remedies import (
    FundKind,
)
from chengzhi.workorders.types.remedy_views import (
    Fund,
)

UNSEEN = "没有这件代整治，或它不在您的查看范围内。请核对编号。"
PERFORMERS = frozenset({UnitKind.CONTRACTOR, UnitKind.DEPARTMENT, UnitKind.SQUAD})


def visible_remedies(actor: Actor) -> QuerySet[Remedy]:
    """Return the remedies an actor may see; another county's are never among them."""
    if len(actor.county) != 6 or actor.scope is Scope.NOTHING:
        return Remedy.objects.none()
    rows = Remedy.objects.filter(county=actor.county)
    if actor.scope is Scope.COUNTY:
        return rows
    mine = Q(created_by=actor.ref)
    if actor.scope in (Scope.UNIT, Scope.DIVISION) and actor.unit:
        mine |= Q(contractor=actor.unit) | Q(squad=actor.unit)
    if actor.scope is Scope.DIVISION and town_of(actor):
        mine |= Q(town=town_of(actor))
    return rows.filter(mine)


def access_remedy(actor: Actor, pk: int) -> Remedy:
    """Return one remedy.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return _one(visible_remedies(actor).filter(pk=pk))


def locked_remedy(actor: Actor, pk: int) -> Remedy:
    """Return one remedy with its row locked; call it inside a transaction.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return _one(visible_remedies(actor).select_for_update().filter(pk=pk))


def sees_remedy(actor: Actor, subject: str) -> bool:
    """Return whether the actor may see the remedy of a subject, for its files."""
    number = subject.partition(":")[2]
    return number.isdecimal() and visible_remedies(actor).filter(pk=int(number)).exists()


def _one(rows: QuerySet[Remedy]) -> Remedy:
    found = rows.first()
    if found is None:
        raise NotVisible(UNSEEN)
    return found


def missing_sources(remedy: Remedy) -> tuple[str, ...]:
    """Return the names of the required sources in which nobody has looked yet."""
    settings = remedy_settings()
    asked = set(OwnerSearch.objects.filter(remedy=remedy).values_list("source", flat=True))
    return tuple(settings.sources[key] for key in settings.required if key not in asked)


def last_conclusion(remedy: Remedy) -> str:
    """Return what the last responsibility meeting concluded, empty before the first."""
    last = RemedyMeeting.objects.filter(remedy=remedy).order_by("-held_on", "-pk").first()
    return last.conclusion if last else ""


_kept: dict[str, tuple[Directory, dict[str, str]]] = {}


def performers(county: str, *, now: datetime) -> dict[str, str]:
    """Return the units that may do the work, contractors first, code to name."""
    known = directory(county, now=now)
    kept = _kept.get(county)
    if kept is None or kept[0] is not known:
        kept = _kept[county] = (known, _performers(county, now))
    return kept[1]


def _performers(county: str, now: datetime) -> dict[str, str]:
    on = civil_date(now)
    units = [unit for unit in accounts.unit_refs(county=county) if unit.kind in PERFORMERS]
    units.sort(key=lambda unit: (unit.kind is not UnitKind.CONTRACTOR, unit.code))
    return {unit.code: unit.name for unit in units if unit.closed_on is None or on < unit.closed_on}


def fund(county: str, year: int) -> Fund:
    """Return the fund of a year, summed over its ledger."""
    rows = FundLine.objects.filter(county=county, year=year)
    sums = {
        row["kind"]: row["whole"] for row in rows.values("kind").annotate(whole=Sum("amount_fen"))
    }
    return Fund(
        year=year,
        granted_fen=sums.get(FundKind.GRANT, 0),
        committed_fen=sums.get(FundKind.COMMIT, 0) - sums.get(FundKind.RELEASE, 0),
        spent_fen=sums.get(FundKind.SPEND, 0),
        recovered_fen=sums.get(FundKind.RECOVER, 0),
    )


def due_remedies(*, now: datetime, most: int) -> list[int]:
    """Return the remedies with a limit that has run out and was not marked, for the worker."""
    rows = Remedy.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])
