"""Who sees which work order: every read starts here."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from chengzhi.accounts.types import Actor, Scope
from chengzhi.kernel.errors import NotVisible
from chengzhi.workorders.models import WorkOrder

LARGEST_KEY = 2**63  # a raw statement is not told by the ORM that no row can have such a key

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
    return _one(visible_to(actor).filter(pk=pk))


def is_visible(actor: Actor, pk: int) -> bool:
    """Return whether the actor may see a work order."""
    return visible_to(actor).filter(pk=pk).exists()


def locked(actor: Actor, pk: int) -> WorkOrder:
    """Return one work order with its row locked; call it inside a transaction.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    statement, values = _lock_statement(actor)
    known = statement and 0 < pk < LARGEST_KEY
    order = _one(WorkOrder.objects.raw(statement, (*values, pk)) if known else ())
    order.remember()
    return order


@lru_cache(maxsize=512)
def _lock_statement(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """Return what locks one order if the actor may see it, all values but the key's, which is last.

    Every deed begins with it, and writing out its 60 columns anew took as long as reading them.
    """
    rows = visible_to(actor).select_for_update().filter(pk=0)
    if rows.query.is_empty():
        return "", ()
    statement, values = rows.query.sql_with_params()
    return statement, values[:-1]


def _one(rows: Iterable[WorkOrder]) -> WorkOrder:
    found = next(iter(rows), None)
    if found is None:
        raise NotVisible("没有这件案件，或它不在您的查看范围内。请核对编号。")
    return found
