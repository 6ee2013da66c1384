"""What the invented orders share: places, units, people, matters, read once from the site."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from chengzhi.kernel.clock import Duration
from chengzhi.workorders.types import Condition

MATTERS_OF_THE_TAIL = 60  # beside the common ones of the demo, a long tail of rare ones
TAIL_SHARE = 8


class Spot(NamedTuple):
    """A cell's middle with the codes of the place."""

    lon: float
    lat: float
    cell: str
    grid: str
    town: str
    community: str
    squad: str
    road: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A matter with the rows of the standard from which a filing chooses."""

    code: str
    name: str
    conditions: tuple[Condition, ...]
    likely: Duration | None
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Everything a life is drawn from; plain values, so that it travels to other processes."""

    county: str
    spots: tuple[Spot, ...]
    matters: tuple[Matter, ...]
    weights: tuple[float, ...]
    channels: tuple[tuple[str, float], ...]
    to_verify: frozenset[str]
    units: dict[str, str]
    suggested: dict[tuple[str, str], str]  # (handler kind, grid) -> unit
    centre: tuple[str, ...]
    collectors: tuple[str, ...]
    citizens: str
    handler: str
    algorithm: str


def read_ground(county: str, *, now: datetime) -> Ground:
    """Read the site that `benchmarks.intake_site.prepare` has settled."""
    from django.conf import settings

    from chengzhi.accounts.models import Person
    from chengzhi.workorders.queries.directory import directory
    from seed import matters as said

    known = directory(county, now=now)
    spots = _spots(now)
    found = _matters(now, said.WORDS)
    kinds = {row.handler_kind for matter in found for row in matter.conditions}
    people = {person.username: f"person:{person.pk}" for person in Person.objects.all()}
    return Ground(
        county=county,
        spots=spots,
        matters=found,
        weights=tuple(said.MATTERS.get(m.code, TAIL_SHARE / MATTERS_OF_THE_TAIL) for m in found),
        channels=tuple((str(channel), float(n)) for channel, n in said.CHANNELS.items()),
        to_verify=frozenset(map(str, said.TO_VERIFY)),
        units=dict(known.units),
        suggested=_suggested(known, spots, kinds),
        centre=(people["haiyan"], people["wangfang"]),
        collectors=tuple(people[name] for name in ("xiaoyan", "liming")),
        citizens=people["wangfang"],
        handler=people["haibo"],
        algorithm=settings.CHENGZHI_HASH,
    )


def _spots(now: datetime) -> tuple[Spot, ...]:
    from chengzhi.places import interface as places
    from chengzhi.places.models import Cell, Road
    from seed.lives import centre

    roads = dict(Road.objects.values_list("code", "name"))
    names = sorted(roads.values())
    spots = []
    for number, cell in enumerate(Cell.objects.order_by("code")):
        point = centre(cell.polygon)
        at = places.locate(point, now=now)
        road = roads.get(at.road) or names[number % len(names)]
        spots.append(
            Spot(
                point.lon,
                point.lat,
                at.cell,
                at.grid,
                at.town,
                at.community,
                at.squad,
                at.road,
                road,
            )  # fmt: skip
        )
    return tuple(spots)


def _matters(now: datetime, words: dict[str, tuple[str, ...]]) -> tuple[Matter, ...]:
    from chengzhi import standards
    from chengzhi.workorders.rules.limits import (
        as_condition,
        civil_date,
        condition_rows,
        likely_limit,
    )
    from seed.matters import MATTERS

    on = civil_date(now)
    known = {row.code: row.name for row in standards.current().matters(on=on)}
    rare = [code for code in sorted(known) if code not in MATTERS and condition_rows(code, on=on)]
    chosen = [*MATTERS, *rare[:: max(1, len(rare) // MATTERS_OF_THE_TAIL)]]
    return tuple(
        Matter(
            code=code,
            name=known[code],
            conditions=tuple(as_condition(row) for row in condition_rows(code, on=on)),
            likely=likely_limit(code, on=on),
            words=words.get(code, ("街面问题，请处理。", f"{known[code]}，请派人来看。")),
        )
        for code in chosen
    )


def _suggested(known, spots, kinds) -> dict[tuple[str, str], str]:  # type: ignore[no-untyped-def]
    from chengzhi.places.types import Located

    grids = {spot.grid: spot for spot in spots}
    return {
        (kind, grid): known.suggest(
            matter="09005",
            place=Located(
                cell=spot.cell, grid=grid, town=spot.town, community=spot.community,
                squad=spot.squad, road=spot.road,
            ),
            handler_kind=kind,
        ).unit or "S01"
        for kind in {*kinds, ""}
        for grid, spot in grids.items()
    }  # fmt: skip


@cache
def quoted(text: str) -> str:
    """Return text as it stands between the quotes of canonical JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
