"""The fault set on drawn scenes: whatever breaks, the alarms stay those of the clean run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from chengzhi_vision.bench.faults import OCCLUSION_S, Bed, Fault, compare
from chengzhi_vision.bench.types import AlarmRow
from chengzhi_vision.types import Box, Frame, ObjectClass

from .scenes import Scene, Thing, arriving, camera_with, left, parked, player, standing

START, DWELL, LAST, FPS = 5.0, 20.0, 50.0, 2.0
CAR_AT, BAG_AT = Box(x=300, y=200, w=90, h=60), Box(x=300, y=250, w=40, h=40)


def frames(scene: Scene) -> Iterator[Frame]:
    for index in range(round(LAST * FPS)):
        scene.now = index / FPS
        image = scene.picture(scene.now)
        yield Frame(index=index, pts=scene.now, at=scene.now, image=image)


def bed(thing: Thing, box: Box, folder: Path, rule: dict[str, object], kind: str) -> Bed:
    scene = Scene(things=[thing])
    return Bed(
        name="drawn",
        camera=camera_with(rule, kind=kind),
        frames=partial(frames, scene),
        detector=scene,
        start_s=START,
        dwell_s=DWELL,
        box=box,
        folder=folder,
    )


def hidden(t: float) -> bool:
    return START + 6 <= t < START + 6 + OCCLUSION_S


def a_car(folder: Path, *, fault: Fault) -> Bed:
    """A detector cannot see what is hidden; the drawn one must be told."""
    missed = hidden if fault is Fault.OCCLUSION else (lambda _t: False)
    car = Thing(
        kind=ObjectClass.VEHICLE, where=arriving(300, 200, start=START - 2), missed=missed, jitter=2
    )
    return bed(car, CAR_AT, folder, parked(DWELL), "no_parking")


def a_bag(folder: Path, *, fault: Fault) -> Bed:
    del fault
    bag = Thing(kind=None, where=lambda t: (300, 250) if t >= START else None, size=(40, 40))
    return bed(bag, BAG_AT, folder, left(DWELL), "pavement_clear")


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> dict[str, list[AlarmRow]]:
    folder = tmp_path_factory.mktemp("clean")
    makers = {"car": a_car, "bag": a_bag}
    return {name: make(folder, fault=Fault.RESTART).clean() for name, make in makers.items()}


DRAWN = [fault for fault in Fault if fault is not Fault.BROKEN_PACKETS]
CASES = [("car", a_car, fault) for fault in DRAWN] + [
    ("bag", a_bag, fault) for fault in (Fault.OCCLUSION, Fault.RESTART, Fault.VARIABLE_RATE)
]


@pytest.mark.parametrize(("name", "make", "fault"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES])
def test_the_alarms_are_those_of_the_clean_run(name, make, fault, clean, tmp_path):
    same = compare(fault, clean[name], make(tmp_path, fault=fault).run(fault))

    assert len(clean[name]) == 1
    assert (same.missing, same.extra) == ((), ())
    assert same.worst_s <= 2


def test_another_thing_at_the_place_that_was_seen_empty_is_a_new_violation():
    first = Thing(kind=None, where=standing(300, 250, start=5, end=30), size=(40, 40), seed=1)
    second = Thing(kind=None, where=standing(304, 246, start=42), size=(44, 44), seed=9)
    street = player(camera_with(left(10), kind="pavement_clear"), first, second)

    found = street.play(0, 65, fps=2)

    assert [f.start_pts for f in found] == [pytest.approx(5, abs=1), pytest.approx(42, abs=1)]


def test_the_same_thing_back_after_somebody_stood_in_front_is_no_new_violation():
    bag = Thing(kind=None, where=standing(300, 250, start=5), size=(40, 40))
    van = Thing(kind=None, where=standing(280, 230, start=22, end=50), size=(120, 90), seed=5)
    street = player(camera_with(left(10), kind="pavement_clear"), bag, van)

    found = street.play(0, 70, fps=2)

    assert found[0].start_pts == pytest.approx(5, abs=1)
    assert len([f for f in found if f.box.w < 60]) == 1
