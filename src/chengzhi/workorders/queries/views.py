"""Saved views of the list: one's own, and those that one's unit shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.audit.interface import Statement
from chengzhi.workorders.models import DefaultView, SavedView

NO_UNIT = "-"  # of who has none: a view that nobody shares has an empty one


@dataclass(frozen=True, kw_only=True)
class View:
    """A list that a person gave a name."""

    id: int
    name: str
    query: str
    is_own: bool = True
    is_shared: bool = False
    is_default: bool = False
    owner_name: str = ""  # of a view that somebody else shares


def saved_views(actor: Actor) -> list[View]:
    """Return one's own views, then those that colleagues share, each oldest first."""
    rows = _SEEN.rows(actor.ref, actor.unit or NO_UNIT)
    names = accounts.names_of({row.person for row in rows} - {actor.ref})
    views = [
        View(
            id=row.pk,
            name=row.name,
            query=row.query,
            is_own=row.person == actor.ref,
            is_shared=bool(row.unit),
            is_default=row.is_first,
            owner_name=names.get(row.person, ""),
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: not view.is_own)


def _seen(person: Any, unit: Any) -> QuerySet[SavedView]:
    chosen = DefaultView.objects.filter(person=person, view=OuterRef("pk"))
    seen = SavedView.objects.filter(Q(person=person) | Q(unit=unit)).order_by("pk")
    return seen.annotate(is_first=Exists(chosen))


_SEEN: Statement[Any] = Statement(_seen)


def opening(views: Iterable[View]) -> str:
    """Return the filters with which a person's list opens, empty when they chose none."""
    return next((view.query for view in views if view.is_default), "")
