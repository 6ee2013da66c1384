"""The packaged plate finder on a picture that tools/training/plates drew: bodies, plates, signs."""

from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest

from chengzhi_redaction.mosaic import hide
from chengzhi_redaction.plates import OUTPUTS, WEIGHTS, plate_finder
from chengzhi_redaction.redactor import Redactor
from chengzhi_redaction.sessions import session
from chengzhi_redaction.types import Area, Picture, Seen, ThingKind

BLUE = Area(x=79, y=150, w=90, h=30)
GREEN = Area(x=308, y=90, w=48, h=25)
YELLOW = Area(x=83, y=376, w=70, h=36)


class Sees:
    """A finder of things that sees what it is told."""

    def __init__(self, *seen: Seen) -> None:
        self.seen = seen

    def things(self, picture: Picture) -> tuple[Seen, ...]:
        return self.seen if picture.shape[:2] == (480, 480) else ()


@pytest.fixture(scope="module")
def street() -> Picture:
    return cv2.imread(str(Path(__file__).with_name("drawn_plates.webp")))


def test_plates_of_one_row_and_of_two_are_found_and_signs_are_not(street):
    found = plate_finder().find(street)

    assert len(found) == 3
    for truth in (BLUE, GREEN, YELLOW):
        assert any(one.area.is_like(truth) for one in found)


def test_a_plate_in_a_small_crop_is_found_where_it_is(street):
    (found,) = plate_finder().find(street[130:210, 60:190])

    assert found.area.is_like(Area(x=BLUE.x - 60, y=BLUE.y - 130, w=BLUE.w, h=BLUE.h))


@pytest.mark.parametrize("shape", [(240, 320), (8, 500), (1, 1)])
def test_where_nothing_is_nothing_is_found(shape):
    assert plate_finder().find(np.full((*shape, 3), 90, np.uint8)) == []


def test_a_plate_is_hidden_though_nobody_sees_its_vehicle(street):
    redactor = Redactor(things=Sees(), faces=None, plates=plate_finder())
    shown = street.copy()

    regions = redactor.regions(street)
    hide(shown, regions)

    assert redactor.method == "things+plates/1"
    assert {str(region.kind) for region in regions} == {"plate"}
    for x, y in (BLUE.center, GREEN.center, YELLOW.center):
        part = np.s_[int(y) - 6 : int(y) + 6, int(x) - 14 : int(x) + 14]
        assert shown[part].std() < street[part].std() / 2


def test_a_sure_plate_of_its_own_leaves_the_rest_of_a_vehicle_visible(street):
    car = Seen(kind=ThingKind.VEHICLE, area=Area(x=22, y=48, w=196, h=148))
    redactor = Redactor(things=Sees(car), faces=None, plates=plate_finder())

    assert {str(region.kind) for region in redactor.regions(street)} == {"plate"}


def test_sessions_that_share_their_room_answer_as_one_that_gives_it_back(street):
    weights = resources.files("chengzhi_redaction.data").joinpath(WEIGHTS).read_bytes()
    picture = np.ascontiguousarray(street[None, :320, :320])

    alone, first, second = (session(weights, keeps_room=keeps) for keeps in (False, True, True))

    expected = alone.run(OUTPUTS, {"picture": picture})
    for one in (first, second, first):
        for ours, theirs in zip(one.run(OUTPUTS, {"picture": picture}), expected, strict=True):
            assert np.array_equal(ours, theirs)
