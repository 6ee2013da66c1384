"""What is already known at a place, with enough of each to tell whether it is the same problem."""

from dataclasses import dataclass
from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.evidence import interface as evidence
from chengzhi.kernel.privacy import redacted
from chengzhi.workorders.queries.access import visible_to
from chengzhi.workorders.queries.directory import directory
from chengzhi.workorders.queries.here import nearby
from chengzhi.workorders.queries.lists import as_row
from chengzhi.workorders.types import FINAL_STATES, Row

MOST = 50


@dataclass(frozen=True, kw_only=True)
class KnownHere:
    """A work order near a point: its line, how far it is, what was said and shown."""

    order: Row
    metres: float
    description: str
    is_open: bool
    photos: tuple[str, ...]


def known_here(
    actor: Actor,
    lon: float,
    lat: float,
    *,
    now: datetime,
    matter: str = "",
    metres: float | None = None,
    hours: float | None = None,
) -> list[KnownHere]:
    """Return what the actor may see close to a point, nearest first; the defaults are local."""
    found = nearby(actor, lon, lat, now=now, matter=matter or None, metres=metres, hours=hours)[
        :MOST
    ]
    orders = {row.pk: row for row in visible_to(actor).filter(pk__in=[near.id for near in found])}
    files = evidence.files_of_many([order.subject for order in orders.values()])
    names = directory(actor.county, now=now)
    return [
        KnownHere(
            order=as_row(orders[near.id], names),
            metres=near.metres,
            description=redacted(orders[near.id].description),
            is_open=near.state not in FINAL_STATES,
            photos=tuple(file.sha256 for file in files[orders[near.id].subject]),
        )
        for near in found
        if near.id in orders
    ]
