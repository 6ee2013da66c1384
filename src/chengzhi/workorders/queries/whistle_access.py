"""Who sees which whistle: the county, the town that blew it, the departments it was sent to."""

from datetime import datetime

from django.db.models import Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor, Scope, UnitKind
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import Whistle, WhistleAnswer
from chengzhi.workorders.queries.directory import Directory, directory
from chengzhi.workorders.rules.limits import civil_date
from chengzhi.workorders.types.whistles import WhistleState

UNSEEN = "没有这件吹哨，或它不在您的查看范围内。请核对编号。"
ASKABLE = frozenset({UnitKind.SQUAD, UnitKind.DEPARTMENT})


def town_of(actor: Actor) -> str:
    """Return the town an actor belongs to, empty for the county's own people."""
    return actor.division[:9] if len(actor.division) >= 9 else ""


def visible_whistles(actor: Actor) -> QuerySet[Whistle]:
    """Return the whistles an actor may see; a draft is seen by its own town alone."""
    if len(actor.county) != 6 or actor.scope in (Scope.NOTHING, Scope.OWN):
        return Whistle.objects.none()
    rows = Whistle.objects.filter(county=actor.county)
    if actor.scope is Scope.COUNTY:
        return rows.exclude(state=WhistleState.DRAFTED)
    sent = Q(pk__in=WhistleAnswer.objects.filter(unit=actor.unit).values("whistle"))
    if actor.scope is Scope.DIVISION and town_of(actor):
        return rows.filter(Q(town=town_of(actor)) | sent)
    return rows.filter(sent) if actor.unit else rows.none()


def visible_answers(actor: Actor) -> QuerySet[WhistleAnswer]:
    """Return the departments' answers an actor may see: those of every whistle that they see."""
    return WhistleAnswer.objects.filter(whistle__in=visible_whistles(actor).values("pk"))


def access_whistle(actor: Actor, pk: int) -> Whistle:
    """Return one whistle.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return _one(visible_whistles(actor).filter(pk=pk))


def sees_whistle(actor: Actor, subject: str) -> bool:
    """Return whether the actor may see the whistle of a subject, for its files."""
    number = subject.partition(":")[2]
    return number.isdecimal() and visible_whistles(actor).filter(pk=int(number)).exists()


def locked_whistle(actor: Actor, pk: int) -> Whistle:
    """Return one whistle with its row locked; call it inside a transaction.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return _one(visible_whistles(actor).select_for_update().filter(pk=pk))


def _one(rows: QuerySet[Whistle]) -> Whistle:
    found = rows.first()
    if found is None:
        raise NotVisible(UNSEEN)
    return found


def answers_of(whistle: Whistle) -> list[WhistleAnswer]:
    """Return the answers of a whistle, the lead's first."""
    return list(WhistleAnswer.objects.filter(whistle=whistle).order_by("-is_lead", "pk"))


_kept: dict[str, tuple[Directory, dict[str, str]]] = {}


def askable(county: str, *, now: datetime) -> dict[str, str]:
    """Return the squads and departments that a town may call, code to name.

    It is read anew whenever the county's directory is, every half minute.
    """
    known = directory(county, now=now)
    kept = _kept.get(county)
    if kept is None or kept[0] is not known:
        kept = _kept[county] = (known, _askable(county, now))
    return kept[1]


def _askable(county: str, now: datetime) -> dict[str, str]:
    on = civil_date(now)
    units = accounts.unit_refs(county=county)
    return {
        unit.code: unit.name
        for unit in units
        if unit.kind in ASKABLE and (unit.closed_on is None or on < unit.closed_on)
    }


def due_whistles(*, now: datetime, most: int) -> list[int]:
    """Return the whistles whose own clock has run out, for the worker."""
    rows = Whistle.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])


def due_answers(*, now: datetime, most: int) -> list[int]:
    """Return the answers with a limit that has run out and was not marked, for the worker."""
    rows = WhistleAnswer.objects.filter(alert_at__lte=now).order_by("alert_at", "pk")
    return list(rows.values_list("pk", flat=True)[:most])
