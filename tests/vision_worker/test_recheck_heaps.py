"""Second looks at heaps and full bins that nobody saw come: when may the camera say "gone"?"""

import numpy as np
import pytest

from chengzhi_vision.dwell.look import look_at
from chengzhi_vision.dwell.place import Place
from chengzhi_vision.recheck.answers import Answer, Told
from chengzhi_vision.recheck.mark import Scene
from chengzhi_vision.recheck.watcher import Watcher
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, ObjectClass, Still

GARBAGE, FULL, GOODS = ObjectClass.GARBAGE, ObjectClass.OVERFLOW, ObjectClass.OBJECT
BOX = Box(x=200, y=150, w=80, h=60)
RNG = np.random.default_rng(7)
GROUND = RNG.integers(60, 120, (360, 640), dtype=np.uint8)
HEAP = GROUND.copy()
HEAP[150:210, 200:280] = RNG.integers(0, 255, (60, 80), dtype=np.uint8)
EVERY_S = 15


def scene(at: float, luma, *seen: Detection, looked: float, kind: ObjectClass = GARBAGE) -> Scene:
    named = frozenset({ObjectClass.VEHICLE, GARBAGE, FULL})
    shown = {"luma": luma, "scale": 1.0, "size": (640, 360)}
    return Scene(at=at, **shown, seen=seen, named=named, looked={kind: looked})


def watched(kind: ObjectClass = GARBAGE) -> Watcher:
    """A watcher of one reported place whose start nobody saw."""
    anchor = look_at(HEAP, BOX)
    assert anchor is not None
    place = Place(kind=kind, zone="z", box=BOX, anchor=anchor, since=-60.0, last_present=0.0)
    watcher = Watcher(thresholds().dwell)
    watcher.reported("F-1", place, scene(0, HEAP, looked=0, kind=kind))
    return watcher


def run(
    watcher: Watcher,
    luma,
    *seen: Detection,
    start: float = 60,
    seconds: float = 120,
    every_s: float = EVERY_S,
    kind: ObjectClass = GARBAGE,
) -> list[Told]:
    """Show a picture every two seconds; its detector looks every `every_s`."""
    told: list[Told] = []
    for at in np.arange(start, start + seconds, 2.0):
        looked = float(at // every_s * every_s)
        shown = scene(float(at), luma, *seen, looked=looked, kind=kind)
        told += watcher.saw(shown, lambda: Still(pts=0.0, at=0.0, jpeg=b"\xff\xd8picture"))
    return told


def heap(box: Box = BOX, kind: ObjectClass = GARBAGE) -> Detection:
    return Detection(box=box, kind=kind, score=0.6)


@pytest.mark.parametrize("kind", [GARBAGE, FULL])
def test_gone_when_two_looks_of_the_detector_name_nothing_at_the_bare_place(kind):
    told = run(watched(kind), GROUND, kind=kind)

    assert [t.answer for t in told] == [Answer.ABSENT]


def test_one_look_however_often_it_is_read_again_proves_nothing():
    assert run(watched(), GROUND, every_s=1000) == []


def test_looks_taken_while_somebody_stood_in_front_do_not_count():
    watcher = watched()
    person = Detection(box=BOX, kind=ObjectClass.PERSON, score=0.8)

    assert run(watcher, GROUND, person, seconds=60) == []
    assert run(watcher, GROUND, start=120, seconds=60, every_s=1000) == []


def test_what_is_still_named_is_not_gone_however_it_looks():
    assert run(watched(), GROUND, heap()) == []


def test_a_rest_of_the_heap_or_a_larger_one_is_not_gone():
    rest = Box(x=200, y=180, w=30, h=28)
    larger = Box(x=100, y=60, w=400, h=250)

    assert run(watched(), GROUND, heap(rest)) == []
    assert run(watched(), GROUND, heap(larger)) == []


def test_a_place_that_looks_as_it_did_is_not_gone_though_nothing_is_named():
    assert run(watched(), HEAP) == []


def test_at_dusk_a_detector_that_names_nothing_proves_nothing():
    assert run(watched(), GROUND // 3) == []


def test_nameless_goods_that_nobody_saw_come_are_never_said_to_be_gone():
    assert run(watched(GOODS), GROUND, kind=GOODS) == []


def test_a_heap_that_is_back_begins_anew():
    watcher = watched()
    run(watcher, GROUND, seconds=20)
    run(watcher, HEAP, heap(), start=80, seconds=4)

    assert run(watcher, GROUND, start=84, seconds=20) == []
