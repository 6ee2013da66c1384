"""The zones of a street camera, on the ground, with the rules each clip watches."""

from __future__ import annotations

from .crew import Crew
from .types import PAVEMENT_Y, Rule, Zone

DWELL_S = 20
FRONT_Z = 0.12  # the plane of the shop fronts


def _strip(x0: float, x1: float, z0: float, z1: float) -> tuple[tuple[float, float], ...]:
    return ((x0, z0), (x1, z0), (x1, z1), (x0, z1))


def _zone(
    name: str, kind: str, strip: tuple[tuple[float, float], ...], finding: str, y: float
) -> Zone:
    return Zone(
        name=name, kind=kind, ground=strip, y=y, rules=(Rule(finding=finding, dwell_s=DWELL_S),)
    )


def _cycles(crew: Crew, *, close: bool) -> list[Zone]:
    """One wide zone for cycles, or two small ones at the doors that get a closer look."""
    f = crew.focus
    parts = [("cycles", f - 5.4, f + 4.2, 4.35)]
    if close:
        parts = [("cycles-left", f - 2.2, f - 0.2, 2.3), ("cycles-right", f + 0.1, f + 2.1, 2.3)]
    return [
        _zone(name, "two_wheeler_no_parking", _strip(x0, x1, 0.25, z1), "two_wheeler_parked", PAVEMENT_Y)
        for name, x0, x1, z1 in parts
    ]  # fmt: skip


def watch(
    crew: Crew,
    *,
    walk: str = "object_left",
    bins: str | None = None,
    close: bool = False,
    cycles: bool = True,
) -> None:
    """Kerb, shop front, walkway, cycles unless not asked, the bins if asked; one rule each."""
    f = crew.focus
    front = _strip(f - 2.7, f + 2.7, 0.25, 2.1)
    way = _strip(f - 5.2, f + 4.2, 2.1, 4.35)
    crew.zones += [
        _zone(
            "kerb", "no_parking", _strip(f - 7.0, f + 5.0, 4.6, 7.05), "motor_vehicle_parked", 0.0
        ),
        _zone("shop-front", "pavement_clear", front, "goods_on_pavement", PAVEMENT_Y),
        _zone("walkway", "pavement_clear", way, walk, PAVEMENT_Y),
        *(_cycles(crew, close=close) if cycles else ()),
    ]
    if bins:
        kind = "bin" if bins == "bin_overflow" else "pavement_clear"
        crew.zones.append(
            _zone("bins", kind, _strip(f - 7.4, f - 3.4, 0.25, 2.05), bins, PAVEMENT_Y)
        )


def facade(crew: Crew, *, finding: str) -> None:
    """The front of the middle shop between the doors' top and its sign."""
    f = crew.focus
    front = _strip(f - 2.5, f + 2.5, 1.75, 3.0)
    crew.zones.append(
        Zone(
            name="facade", kind="facade_clear", ground=front, y=0.0, wall_z=FRONT_Z,
            rules=(Rule(finding=finding, dwell_s=DWELL_S),),
        )
    )  # fmt: skip
