"""Whom a remark may mention: people who may see the work order, and nobody else."""

import re
from dataclasses import dataclass
from datetime import datetime

from chengzhi.accounts import interface as accounts
from chengzhi.accounts.types import Actor
from chengzhi.workorders.queries.access import access_work_order, is_visible
from chengzhi.workorders.rules.limits import civil_date

NAMED = re.compile(r"@([^\s@，。；：、,.;:]{2,20})")
MOST_OFFERED = 8
MOST_ASKED = 40  # how many people of a name are asked whether they see the record


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody whom a remark may mention."""

    ref: str
    name: str
    unit: str


def colleagues(actor: Actor, pk: int, *, text: str, now: datetime) -> list[Colleague]:
    """Return people whose name begins so and who may see the work order, without oneself.

    :raises NotVisible: there is none of that number, or not for this person.
    """
    order = access_work_order(actor, pk)
    people = accounts.actors_of(order.county, on=civil_date(now), named=text.strip())
    seeing = (one for one in people[:MOST_ASKED] if one.ref != actor.ref and is_visible(one, pk))
    found = [Colleague(ref=one.ref, name=one.name, unit=one.unit) for one in seeing]
    return found[:MOST_OFFERED]


def mentioned_in(
    pk: int, county: str, text: str, chosen: tuple[str, ...], *, now: datetime
) -> list[Actor]:
    """Return whom a remark names with an @ and who may see the record, each once.

    A name that two people bear means the one that was chosen, and nobody if none was.
    """
    found: dict[str, Actor] = {}
    for name in dict.fromkeys(NAMED.findall(text)):
        bearers = accounts.actors_of(county, on=civil_date(now), named=name, exactly=True)
        seeing = [one for one in bearers if is_visible(one, pk)]
        meant = [one for one in seeing if one.ref in chosen] or seeing
        if len(meant) == 1:
            found[meant[0].ref] = meant[0]
    return list(found.values())
