"""Saved views of the list."""

from dataclasses import dataclass

from chengzhi.accounts.types import Actor
from chengzhi.workorders.models import SavedView


@dataclass(frozen=True, kw_only=True)
class View:
    """A list that a person gave a name."""

    id: int
    name: str
    query: str


def saved_views(actor: Actor) -> list[View]:
    """Return one's own saved views, oldest first."""
    rows = SavedView.objects.filter(person=actor.ref).order_by("pk")
    return [View(id=row.pk, name=row.name, query=row.query) for row in rows]
