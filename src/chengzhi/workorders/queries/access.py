"""Who sees which work order: every read starts here."""

from functools import lru_cache

from django.db.models import Q, QuerySet

from chengzhi.accounts.types import Actor, Scope
from chengzhi.audit.interface import Statement
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import WorkOrder

KEYS = range(1, 2**63)  # what both databases can look for


def visible_to(actor: Actor) -> QuerySet[WorkOrder]:
    """Return the work orders an actor may see: the county's, the town's, the unit's, or their own.

    Another county's are never among them.
    """
    if len(actor.county) != 6 or actor.scope is Scope.NOTHING:
        return WorkOrder.objects.none()
    rows = WorkOrder.objects.filter(county=actor.county)
    if actor.scope is Scope.COUNTY:
        return rows
    return rows.filter(_reach(actor) | own(actor))


def _reach(actor: Actor) -> Q:
    if actor.scope is Scope.DIVISION:
        return Q(town__startswith=actor.division) | _of_unit(actor)
    if actor.scope is Scope.UNIT:
        return _of_unit(actor)
    return Q(pk__in=())


def _of_unit(actor: Actor) -> Q:
    return Q(handler=actor.unit) if actor.unit else Q(pk__in=())


def own(actor: Actor) -> Q:
    """Return what a person reported, or was sent to verify or check."""
    return Q(reported_by=actor.ref) | Q(verifier=actor.ref) | Q(checker=actor.ref)


def access_work_order(actor: Actor, pk: int) -> WorkOrder:
    """Return one work order.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    return _one(actor, pk, for_update=False)


def is_visible(actor: Actor, pk: int) -> bool:
    """Return whether the actor may see a work order."""
    return visible_to(actor).filter(pk=pk).exists()


def locked(actor: Actor, pk: int) -> WorkOrder:
    """Return one work order with its row locked; call it inside a transaction.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    order = _one(actor, pk, for_update=True)
    order.remember()
    return order


def _one(actor: Actor, pk: int, *, for_update: bool) -> WorkOrder:
    order = _reading(actor, for_update).row(pk) if pk in KEYS else None
    if order is None:
        raise NotVisible("没有这件案件，或它不在您的查看范围内。请核对编号。")
    return order


@lru_cache(maxsize=1024)
def _reading(actor: Actor, for_update: bool) -> Statement[WorkOrder]:
    """Return what reads one order if the actor may see it.

    Every record page and every deed begins with it, and writing out its eighty columns anew took
    longer than reading them.
    """
    rows = visible_to(actor)
    rows = rows.select_for_update() if for_update else rows
    return Statement(lambda pk: rows.filter(pk=pk))
