"""The script of one clip while it is being written: things, events, zones and decoys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .codes import MATTER_CODES
from .dice import Dice
from .types import Decoy, Event, Key, Member, Street, Thing, Zone


@dataclass(kw_only=True)
class Crew:
    """Collects what a scenario puts into the street; a plan freezes it."""

    dice: Dice
    street: Street
    seconds: float
    mode: str
    things: list[Thing] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    zones: list[Zone] = field(default_factory=list)
    decoys: list[Decoy] = field(default_factory=list)
    tracks: tuple[float, float] = (3.2, 2.62)
    lane_stops: list[tuple[float, float]] = field(default_factory=list)

    @property
    def focus(self) -> float:
        return self.street.focus

    @property
    def lit(self) -> bool:
        return self.mode == "night"

    @property
    def wet(self) -> bool:
        return self.mode == "rain"

    def add(self, kind: str, look: Mapping[str, Any], keys: Sequence[Key]) -> str:
        """Put a thing on its path and return its id."""
        name = f"{kind}-{len(self.things):03d}"
        seed = self.dice.stream(name).whole(1, 99999)
        self.things.append(Thing(id=name, kind=kind, look=dict(look), seed=seed, keys=tuple(keys)))
        return name

    def report(
        self, kind: str, zone: str, *, start: float, end: float | None, members: Sequence[Member]
    ) -> None:
        """Note what a perfect observer would report; what outlasts the clip has no end."""
        shown_end = end if end is not None and end < self.seconds else None
        self.events.append(
            Event(kind=kind, matter_code=MATTER_CODES[kind], zone=zone, start=start, end=shown_end,
                  members=tuple(members))
        )  # fmt: skip
