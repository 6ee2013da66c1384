"""Each category with its own generator: who must stand beside it, what allows it, what proves it."""

import numpy as np
import pytest

from chengzhi_vision.dwell.place import Place
from chengzhi_vision.findings import Person, kind_table
from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.rules.allowed import is_allowed
from chengzhi_vision.rules.company import fits, is_near, stands_in_a_row
from chengzhi_vision.rules.lanes import Lanes
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, FindingKind, ModelRef, ObjectClass

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, parked, player, standing

CAR, CYCLE, PERSON = ObjectClass.VEHICLE, ObjectClass.TWO_WHEELER, ObjectClass.PERSON
LIMITS = thresholds()
LOOK = np.zeros((48, 48), np.uint8)


def rule(finding: str, dwell_s: float = 10) -> dict[str, object]:
    return {"finding": finding, "dwell_s": dwell_s}


def area(kind: str, *corners: tuple[int, int]) -> dict[str, object]:
    return {"name": kind, "kind": kind, "polygon": [list(c) for c in corners], "rules": []}


def place(x: float = 0, *, since: float = 0, last: float = 30, **more: object) -> Place:
    box = Box(x=x, y=200, w=90, h=60)
    known = {"kind": CAR, "zone": "street", "box": box, "anchor": LOOK, **more}
    return Place(since=since, last_present=last, **known)  # type: ignore[arg-type]


class Sees:
    """A detector that always sees the same boxes, in whatever crop it is shown."""

    model = ModelRef(name="head", version="1")

    def __init__(self, *boxes: Detection) -> None:
        self.boxes = boxes
        self.classes = frozenset(d.kind for d in boxes)
        self.looks = 0

    def load(self) -> None:
        """There is nothing to load."""

    def detect(self, image: np.ndarray) -> list[Detection]:
        self.looks += 1
        return list(self.boxes) if image.shape[:2] == (HEIGHT, WIDTH) else []


def test_a_vehicle_in_a_bay_is_no_violation_and_one_beside_it_is():
    camera = camera_with(
        parked(8), areas=[area("bay", (100, 190), (220, 190), (220, 270), (100, 270))]
    )
    cars = [Thing(kind=CAR, where=standing(x, 200), seed=x) for x in (110, 420)]

    found = player(camera, *cars).play(0, 16, fps=2)

    assert [f.box.rounded()[0] for f in found] == [420]


@pytest.mark.parametrize(
    ("kind", "thing", "allowed"),
    [
        ("bay", CAR, True),
        ("bay", CYCLE, False),
        ("cycle_bay", CYCLE, True),
        ("permitted", ObjectClass.OBJECT, True),
        ("permitted", CAR, False),
        ("lane", CAR, False),
    ],
)
def test_an_area_allows_its_own_class_only(kind, thing, allowed):
    camera = camera_with(areas=[area(kind, (0, 0), (640, 0), (640, 360), (0, 360))])

    assert is_allowed(camera.zones, Box(x=50, y=50, w=40, h=40), thing) is allowed


@pytest.mark.parametrize(("end", "kinds"), [(1e9, [FindingKind.STALL]), (5, [])])
def test_a_cart_is_a_stall_only_while_somebody_stays_beside_it(end, kinds):
    cart = Thing(kind=CYCLE, where=standing(300, 220), size=(80, 60))
    vendor = Thing(kind=PERSON, where=standing(390, 190, end=end), size=(36, 95), seed=4)
    street = player(camera_with(rule("stall", 15), kind="pavement_clear"), cart, vendor)

    found = street.play(0, 24, fps=2)

    assert [f.kind for f in found] == kinds


def test_exposed_garbage_comes_from_its_own_slow_detector():
    head = Sees(Detection(box=Box(x=200, y=250, w=60, h=40), kind=ObjectClass.GARBAGE, score=0.6))
    camera = camera_with(rule("garbage_exposed", 20), kind="pavement_clear")
    street = Scene(things=[Thing(kind=None, where=standing(200, 250), size=(60, 40))])
    pipeline = Pipeline(camera, detector=None, slow=[Paced(detector=head, every_s=10)])

    found = Player(scene=street, pipeline=pipeline).play(0, 28, fps=2)

    assert [(f.kind, f.model.name) for f in found] == [(FindingKind.GARBAGE_EXPOSED, "head")]
    assert head.looks <= 8


def test_a_slow_detector_rests_where_no_rule_asks_for_what_it_sees():
    head = Sees(Detection(box=Box(x=200, y=250, w=60, h=40), kind=ObjectClass.GARBAGE, score=0.6))
    camera = camera_with(rule("object_left", 20), kind="pavement_clear")
    pipeline = Pipeline(camera, detector=None, slow=[Paced(detector=head, every_s=10)])

    Player(scene=Scene(things=[]), pipeline=pipeline).play(0, 12, fps=2)

    assert head.looks == 0


def test_a_still_thing_is_garbage_only_when_the_head_says_so():
    camera = camera_with(rule("garbage_exposed", 8), kind="pavement_clear")
    bag = Thing(kind=None, where=standing(300, 250, start=5), size=(40, 30), seed=3)

    assert player(camera, bag).play(0, 22, fps=3) == []


@pytest.mark.parametrize(("owner", "kinds"), [(False, [FindingKind.DOG_UNATTENDED]), (True, [])])
def test_a_dog_that_roams_is_reported_unless_somebody_is_with_it(owner, kinds):
    def roams(t):
        return (200 + 15 * t, 250)

    dog = Thing(kind=ObjectClass.DOG, where=roams, size=(40, 30))
    people = [Thing(kind=PERSON, where=lambda t: (250 + 15 * t, 190), size=(36, 95))]
    camera = camera_with(rule("dog_unattended", 10), kind="pavement_clear")

    found = player(camera, dog, *(people if owner else [])).play(0, 18, fps=2)

    assert [f.kind for f in found] == kinds


def test_beside_means_within_reach_and_on_the_same_ground():
    cart = Box(x=100, y=100, w=60, h=50)

    assert is_near(cart, Box(x=170, y=70, w=30, h=80), reach=0.8)
    assert not is_near(cart, Box(x=300, y=70, w=30, h=80), reach=0.8)
    assert not is_near(cart, Box(x=110, y=0, w=10, h=30), reach=0.8)


def test_people_in_a_row_make_an_upright_thing_one_of_them():
    row = [Box(x=x, y=100, w=30, h=90) for x in (100, 140, 220)]

    assert stands_in_a_row(Box(x=180, y=102, w=30, h=88), row)
    assert not stands_in_a_row(Box(x=180, y=160, w=60, h=30), row)
    assert not stands_in_a_row(Box(x=180, y=102, w=30, h=88), row[:1])


@pytest.mark.parametrize(
    ("person", "company", "fitting"),
    [(Person.NEAR, 6, True), (Person.NEAR, 4, False), (Person.AWAY, 1, True),
     (Person.AWAY, 4, False), (None, 9, True)],
)  # fmt: skip
def test_people_must_be_where_the_kind_wants_them(person, company, fitting):
    stay = place(looks=10, company=company)

    assert fits(stay, person, LIMITS.company) is fitting


LANE = area("lane", (0, 150), (640, 150), (640, 360), (0, 360))


def test_a_vehicle_waits_in_a_lane_until_the_others_have_driven_off():
    zones = camera_with(parked(10), areas=[LANE]).zones
    lanes, front, rear = Lanes(LIMITS.lane), place(100), place(300)
    lanes.note([front, rear], at=30)

    waiting = lanes.is_waiting(rear, zones, at=30)
    lanes.note([rear], at=34)

    assert waiting
    assert lanes.is_waiting(rear, zones, at=36)
    assert not lanes.is_waiting(rear, zones, at=40)


def test_nobody_waits_longer_than_the_longest_red_light_nor_outside_a_lane():
    zones = camera_with(parked(10), areas=[LANE]).zones

    assert not Lanes(LIMITS.lane).is_waiting(place(), zones, at=121)
    assert not Lanes(LIMITS.lane).is_waiting(place(), zones[:1], at=30)


def test_a_zone_where_groups_stop_and_go_is_learned_to_be_a_lane():
    zones, lanes = camera_with(parked(10)).zones, Lanes(LIMITS.lane)
    for round_ in range(3):
        start = 100.0 * round_
        pair = [place(x, since=start, last=start + 20) for x in (100, 300)]
        lanes.note(pair, at=start + 20)
        lanes.note([], at=start + 24)
    late = place(since=400, last=430)

    assert lanes.is_waiting(late, zones, at=430)


def test_every_ready_kind_has_classes_a_dwell_and_a_generator():
    for row in kind_table().values():
        assert row.is_ready and row.generator and row.dwell_s >= 1
        assert row.classes or row.kind is FindingKind.CAMERA_BLIND
        assert row.proof is None or row.proof in row.classes
