"""The plot of one clip, drawn by a seed: zones, what happens in each, what only looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from chengzhi_vision.bench.cutouts.bank import Bank
from chengzhi_vision.bench.cutouts.types import HEIGHT_M, MAX_WIDTH_M, Cutout, Sort
from chengzhi_vision.bench.staged import acts
from chengzhi_vision.bench.staged.acts import Rng, Spot, Stage
from chengzhi_vision.bench.staged.compose import Actor, Key
from chengzhi_vision.bench.staged.weather import Condition
from chengzhi_vision.types import FindingKind, ZoneKind

DWELLS = (20.0, 25.0, 30.0)
FOREVER = 1e7
BETWEEN_S = 10.0
AFTER_S = 8.0  # a due stay outlasts the dwell by at least this much
MAX_LANES = 4


class Deed(StrEnum):
    """What happens in a zone."""

    EVENT = "event"
    PRESENT = "present"
    SHORT = "short"
    TWICE_SHORT = "twice_short"
    PERSON = "person"
    FOREIGN = "foreign"
    EMPTY = "empty"


@dataclass(frozen=True, kw_only=True)
class Category:
    """One kind of finding: its zone, what is put there, and what else must not be taken for it."""

    kind: FindingKind
    zone: ZoneKind
    sorts: tuple[Sort, ...]
    foreign: tuple[Sort, ...]
    depth: float = 0.75
    is_swapped: bool = False


CATEGORIES = {
    c.kind: c
    for c in (
        Category(
            kind=FindingKind.MOTOR_VEHICLE_PARKED,
            zone=ZoneKind.NO_PARKING,
            sorts=(Sort.CAR,),
            foreign=(Sort.THING, Sort.GARBAGE),
            depth=0.5,
        ),
        Category(
            kind=FindingKind.TWO_WHEELER_PARKED,
            zone=ZoneKind.TWO_WHEELER_NO_PARKING,
            sorts=(Sort.TWO_WHEELER,),
            foreign=(Sort.THING, Sort.BIN),
        ),
        Category(
            kind=FindingKind.GOODS_ON_PAVEMENT,
            zone=ZoneKind.PAVEMENT_CLEAR,
            sorts=(Sort.GOODS,),
            foreign=(Sort.TWO_WHEELER,),
        ),
        Category(
            kind=FindingKind.OBJECT_LEFT,
            zone=ZoneKind.PAVEMENT_CLEAR,
            sorts=(Sort.THING, Sort.THING, Sort.GARBAGE),
            foreign=(Sort.TWO_WHEELER,),
        ),
        Category(
            kind=FindingKind.GARBAGE_EXPOSED,
            zone=ZoneKind.BIN,
            sorts=(Sort.GARBAGE,),
            foreign=(Sort.BIN, Sort.TWO_WHEELER),
        ),
        Category(
            kind=FindingKind.BIN_OVERFLOW,
            zone=ZoneKind.BIN,
            sorts=(Sort.OVERFLOW,),
            foreign=(Sort.BIN,),
            is_swapped=True,
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A piece of ground with its own zone and rule."""

    name: str
    category: Category
    spot: Spot
    half: float
    dwell_s: float
    polygon: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class StagedEvent:
    """A stay of an actor in a lane; short ones are told too, they must not be reported."""

    lane: Lane
    actor: Actor
    start: float
    end: float
    deed: Deed


@dataclass
class Plot:
    """All that happens in one clip."""

    lanes: list[Lane] = field(default_factory=list)
    actors: list[Actor] = field(default_factory=list)
    hiding: list[Actor] = field(default_factory=list)
    events: list[StagedEvent] = field(default_factory=list)
    decoys: list[tuple[str, float, float]] = field(default_factory=list)


@dataclass
class Author:
    """Draws a plot from a bank by a seed."""

    bank: Bank
    stage: Stage
    seconds: float
    rng: Rng
    conditions: frozenset[Condition]
    plot: Plot = field(default_factory=Plot)

    def write(self, kinds: Sequence[FindingKind], *, focus: int = 1) -> Plot:
        """Return a plot with a lane for as many kinds as find room; the first `focus` have events."""
        self._lay_lanes([CATEGORIES[kind] for kind in kinds])
        for number, lane in enumerate(self.plot.lanes):
            self._play(lane, must=number < focus)
        self._passers()
        if Condition.OCCLUDED in self.conditions:
            self._hide()
        return self.plot

    def pick(self, sort: Sort) -> Cutout | None:
        choice = self.bank.of(sort)
        return choice[int(self.rng.integers(len(choice)))] if choice else None

    def _pick_one(self, sorts: Sequence[Sort]) -> Cutout | None:
        there = [sort for sort in sorts if self.bank.of(sort)]
        return self.pick(there[int(self.rng.integers(len(there)))]) if there else None

    def _lay_lanes(self, categories: list[Category]) -> None:
        width, ground = self.stage.size[0], self.stage.ground
        left, right = ground.left * width, ground.right * width
        for category in categories[:MAX_LANES]:
            room = _room(category, self.stage, self.rng)
            if room is None or (left + 2 * room[1] > right and self.plot.lanes):
                continue
            y, half = room
            half = min(half, (right - left) / 2)
            slack = max(right - left - 2 * half, 0) * float(self.rng.uniform(0.0, 0.25))
            spot = Spot(x=left + slack + half, y=y)
            self._add_lane(category, spot, half)
            left = spot.x + half + 6

    def _add_lane(self, category: Category, spot: Spot, half: float) -> None:
        meter = self.stage.px_per_m(spot.y)
        deep = max(category.depth * 1.3 * meter, 18.0)
        low = min(spot.y + max(0.22 * meter, 6.0), self.stage.size[1] - 1.0)
        high, wide = max(spot.y - deep, 0.0), half * 0.97
        corners = ((-1, low), (1, low), (0.94, high), (-0.94, high))
        right = self.stage.size[0] - 1.0
        polygon = tuple((min(max(spot.x + k * wide, 0.0), right), y) for k, y in corners)
        number = len(self.plot.lanes) + 1
        dwell = DWELLS[int(self.rng.integers(len(DWELLS)))]
        self.plot.lanes.append(
            Lane(
                name=f"lane-{number}", category=category, spot=spot, half=half, dwell_s=dwell,
                polygon=polygon,
            )
        )  # fmt: skip

    def _play(self, lane: Lane, *, must: bool) -> None:
        """Let one thing after another happen in a lane until the clip is over."""
        now = float(self.rng.uniform(8, 16))
        first = True
        while now < self.seconds - 12:
            deed = Deed.EVENT if must and first else _draw_deed(self.rng, lane, first=first)
            now = self._do(deed, lane, now) + BETWEEN_S
            first = False
        if lane.category.is_swapped:
            self._bin(lane)

    def _do(self, deed: Deed, lane: Lane, now: float) -> float:
        """Play one deed and return when it is over."""
        rest = self.seconds - now
        if deed in (Deed.EVENT, Deed.PRESENT):
            if rest < lane.dwell_s + AFTER_S + 2:
                deed = Deed.SHORT
            else:
                stay = lane.dwell_s + float(self.rng.uniform(AFTER_S + 2, 22))
                end = now + stay if now + stay < self.seconds - 4 else FOREVER
                return self._stay(lane, now if deed is Deed.EVENT else 0.0, end, deed)
        if deed is Deed.SHORT:
            stay = lane.dwell_s * float(self.rng.uniform(0.35, 0.75))
            return self._stay(lane, now, now + stay, deed)
        if deed is Deed.TWICE_SHORT:
            stay = lane.dwell_s * 0.7
            gone = self._stay(lane, now, now + stay, deed)
            return self._stay(lane, gone + 5, gone + 5 + stay, deed)
        return self._other(deed, lane, now)

    def _stay(self, lane: Lane, start: float, end: float, deed: Deed) -> float:
        cutout = self._fitting(lane)
        if cutout is None:
            return start
        main, others = self._arrive(lane, cutout, start, end)
        self.plot.actors += [main, *others]
        self.plot.events.append(StagedEvent(lane=lane, actor=main, start=start, end=end, deed=deed))
        return end + 4

    def _arrive(
        self, lane: Lane, cutout: Cutout, start: float, end: float
    ) -> tuple[Actor, list[Actor]]:
        if start <= 0.0:
            return self._already_there(lane, cutout, end), []
        if cutout.sort is Sort.CAR:
            actor = acts.driven(cutout, lane.spot, self.rng, stage=self.stage, start=start, end=end)
            return actor, []
        if lane.category.is_swapped:
            return self._swap(lane, cutout, start, end)
        by = self._errand(lane, cutout)
        main, *walks = acts.brought(
            cutout, lane.spot, self.rng, stage=self.stage, start=start, end=end, by=by
        )
        return main, walks

    def _already_there(self, lane: Lane, cutout: Cutout, end: float) -> Actor:
        return acts.standing(cutout, lane.spot, self.rng, start=-10.0, end=end)

    def _errand(self, lane: Lane, cutout: Cutout) -> acts.Errand | None:
        goods = lane.category.kind is FindingKind.GOODS_ON_PAVEMENT
        linger = float(self.rng.uniform(4, 12) if goods else self.rng.uniform(1, 3))
        meter = self.stage.px_per_m(lane.spot.y)
        wide = HEIGHT_M[cutout.sort][1] * cutout.picture.shape[1] / cutout.picture.shape[0]
        beside = (min(wide, MAX_WIDTH_M[cutout.sort]) / 2 + 0.45) * meter
        return acts.errand(self.bank.of(Sort.PERSON), self.rng, beside=beside, linger_s=linger)

    def _swap(
        self, lane: Lane, cutout: Cutout, start: float, end: float
    ) -> tuple[Actor, list[Actor]]:
        """The bin is full at `start`, while somebody who throws something in stands before it."""
        actor = acts.standing(cutout, lane.spot, self.rng, start=start, end=end)
        by = self._errand(lane, cutout)
        if by is None:
            return actor, []
        near = acts.Errand(person=by.person, side=by.side, beside=by.beside * 0.25, linger_s=1.5)
        walks = acts.brought(
            cutout, lane.spot, self.rng, stage=self.stage, start=start - 0.5, end=FOREVER, by=near
        )[1:]
        return actor, walks

    def _bin(self, lane: Lane) -> None:
        """A clean bin stands in the lane whenever no full one does."""
        cutout = self.pick(Sort.BIN)
        if cutout is None:
            return
        clean = acts.standing(cutout, lane.spot, self.rng, start=-10.0, end=FOREVER)
        start = -10.0
        for event in [e for e in self.plot.events if e.lane is lane]:
            self._add_bin(clean, lane, start, event.start - 0.01)
            start = event.end + 0.01
        self._add_bin(clean, lane, start, FOREVER)
        self.plot.decoys.append(("clean_bin", 0.0, self.seconds))

    def _add_bin(self, clean: Actor, lane: Lane, start: float, end: float) -> None:
        spot = lane.spot
        keys = (Key(t=start, x=spot.x, y=spot.y), Key(t=end, x=spot.x, y=spot.y))
        self.plot.actors.append(Actor(clean.cutout, clean.height_m, keys, flip=clean.flip))

    def _other(self, deed: Deed, lane: Lane, now: float) -> float:
        end = min(now + lane.dwell_s + float(self.rng.uniform(8, 20)), self.seconds + 5)
        if deed is Deed.PERSON:
            for shift in (-0.55, 0.5)[: int(self.rng.integers(1, 3))]:
                person = self.pick(Sort.PERSON)
                if person is not None:
                    x = lane.spot.x + shift * self.stage.px_per_m(lane.spot.y)
                    spot = Spot(x=x, y=lane.spot.y)
                    self.plot.actors.append(
                        acts.waiting(person, spot, self.rng, start=now, end=end)
                    )
                    self.plot.decoys.append(("person_standing", now, end))
        if deed is Deed.FOREIGN:
            cutout = self._pick_one(lane.category.foreign)
            if cutout is not None:
                by = self._errand(lane, cutout)
                self.plot.actors += acts.brought(
                    cutout, lane.spot, self.rng, stage=self.stage, start=now, end=end, by=by
                )
                self.plot.decoys.append((f"{cutout.sort}_elsewhere", now, end))
        return end

    def _fitting(self, lane: Lane) -> Cutout | None:
        """Return a cut-out that fits the lane: the widest may be too wide for a near spot."""
        meter = self.stage.px_per_m(lane.spot.y)
        for _ in range(8):
            cutout = self._pick_one(lane.category.sorts)
            if cutout is None:
                return None
            rows, columns = cutout.picture.shape[:2]
            wide = HEIGHT_M[cutout.sort][1] * columns / rows
            if min(wide, MAX_WIDTH_M[cutout.sort]) * meter <= 2.1 * lane.half:
                return cutout
        return cutout

    def _passers(self) -> None:
        """People who walk by; a crowd is many of them, some standing in a queue."""
        is_crowd = Condition.CROWD in self.conditions
        for _ in range(int(self.rng.integers(8, 15) if is_crowd else self.rng.integers(1, 4))):
            person = self.pick(Sort.PERSON)
            if person is None:
                return
            y = self._somewhere_y()
            start = float(self.rng.uniform(0, self.seconds - 10))
            self.plot.actors.append(
                acts.passing(person, self.rng, stage=self.stage, y=y, start=start)
            )
        self.plot.decoys.append(("crowd" if is_crowd else "passers", 0.0, self.seconds))

    def _somewhere_y(self) -> float:
        ground, height = self.stage.ground, self.stage.size[1]
        return float(self.rng.uniform(ground.top, min(ground.bottom + 0.04, 1.0))) * height

    def _hide(self) -> None:
        """A vehicle stops in front of an event, for up to half a minute."""
        due = [e for e in self.plot.events if e.deed in (Deed.EVENT, Deed.PRESENT)]
        cutout = self.pick(Sort.CAR)
        if not due or cutout is None:
            return
        event = due[int(self.rng.integers(len(due)))]
        long = float(self.rng.uniform(8, 29))
        start = event.start + float(self.rng.uniform(5, 12))
        actor = acts.in_front(
            cutout, event.lane.spot, self.rng, stage=self.stage,
            below=event.lane.polygon[0][1] + 2, start=start, end=start + long,
        )  # fmt: skip
        self.plot.actors.append(actor)
        self.plot.hiding.append(actor)
        self.plot.decoys.append(("occluder", start, start + long))


def _draw_deed(rng: Rng, lane: Lane, *, first: bool) -> Deed:
    """Draw what happens: somewhat more events than hard negatives."""
    deeds = [Deed.EVENT, Deed.SHORT, Deed.PERSON, Deed.FOREIGN]
    weights = [0.5, 0.2, 0.15, 0.15]
    if lane.category.kind is FindingKind.MOTOR_VEHICLE_PARKED:
        deeds.append(Deed.TWICE_SHORT)
        weights = [0.5, 0.15, 0.1, 0.1, 0.15]
    if lane.category.is_swapped:
        deeds, weights = [Deed.EVENT, Deed.SHORT, Deed.PERSON], [0.5, 0.2, 0.3]
    if first and not lane.category.is_swapped:
        deeds.append(Deed.PRESENT)
        weights = [w * 0.9 for w in weights] + [0.1]
    return deeds[int(rng.choice(len(deeds), p=np.array(weights) / sum(weights)))]


def _room(category: Category, stage: Stage, rng: Rng) -> tuple[float, float] | None:
    """Return the foot line and half the width that a kind needs there."""
    height, ground = stage.size[1], stage.ground
    sort = category.sorts[0]
    wide = {Sort.CAR: 4.4, Sort.TWO_WHEELER: 1.9, Sort.GARBAGE: 2.2}.get(sort, 2.1)
    lines = np.linspace(ground.top, ground.bottom, 9) * height
    good = [float(y) for y in lines if _has_room(stage, float(y), sort, wide)]
    if not good:
        return None
    y = good[int(rng.integers(max(len(good) * 3 // 4, 1)))]
    return y, 0.5 * wide * stage.px_per_m(y) * 1.2


def _has_room(stage: Stage, y: float, sort: Sort, wide: float) -> bool:
    """Tell whether a thing is neither too small nor too large at a foot line."""
    width, height = stage.size
    meter = stage.px_per_m(y)
    fits = 28 <= HEIGHT_M[sort][0] * meter <= 0.55 * height
    return bool(fits and wide * meter <= 0.8 * width)
