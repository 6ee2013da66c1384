"""What is left of a thing and somebody beside it; what is only a part of a named one."""

from dataclasses import replace

import numpy as np
import pytest

from chengzhi_vision.dwell.growing import take_what_is_left
from chengzhi_vision.dwell.places import Places
from chengzhi_vision.dwell.view import Observation
from chengzhi_vision.types import Box, Detection, ObjectClass

from .test_agreed import whole_view
from .test_arrival import BOX, GROUND, LIMITS, with_thing
from .test_second_stay import reported

BOTH = Box(x=BOX.x - 30, y=BOX.y - 10, w=BOX.w + 30, h=BOX.h + 10)  # and somebody beside it
WHOLE = Box(x=BOX.x - 60, y=BOX.y - 30, w=BOX.w + 80, h=BOX.h + 40)


@pytest.mark.parametrize(
    ("came", "rested", "taken"),
    [(12, 12.0, True), (12, 19.0, True), (3, 19.0, False)],
    ids=["at rest since", "hidden by a car since", "it came before"],
)
def test_a_piece_that_came_when_the_stay_began_goes_on_with_its_clock(
    came: int, rested: float, taken: bool
) -> None:
    view = replace(whole_view(came=came), at=21.0, small=with_thing(), luma=with_thing())
    stay = replace(reported(with_thing()), box=BOTH, alert_count=0, since=11.0, last_present=14.0)
    left = Observation(
        detection=Detection(box=BOX, kind=ObjectClass.OBJECT, score=0.7),
        zone=stay.zone,
        since=rested,
    )

    shrunk = take_what_is_left([stay], {}, [left], view)

    assert (shrunk == [stay], stay.since) == (taken, 11.0)
    assert stay.box == (BOX if taken else BOTH)


@pytest.mark.parametrize(
    ("named", "looks"),
    [((WHOLE,), 3), ((BOX,), 2), ((), 2)],
    ids=["part of what is named", "about itself", "not named this time"],
)
def test_a_look_that_names_the_whole_counts_against_a_part_of_it(
    named: tuple[Box, ...], looks: int
) -> None:
    """A door of a car that was taken for a car while somebody stood before the rest."""
    door = replace(reported(with_thing(), kind=ObjectClass.VEHICLE), looks=2, seen=2)
    door.last_present = 19.0
    places = Places(limits=LIMITS.dwell, items=[door])
    view = replace(
        whole_view(came=5),
        luma=with_thing(),
        small=with_thing(),
        looked=frozenset([ObjectClass.VEHICLE]),
        wheeled=named,
        ground=np.asarray(GROUND),
    )

    places.update(view, [])

    assert (places.items[0].seen, places.items[0].looks) == (2, looks)


@pytest.mark.parametrize(("dated", "street"), [(False, True), (True, False)])
def test_what_was_seen_to_come_is_no_part_of_the_street(dated: bool, street: bool) -> None:
    """A piece of it had looked like what the first pictures show."""
    stay = replace(reported(with_thing()), is_old=True, is_dated=dated)

    assert stay.is_street is street
