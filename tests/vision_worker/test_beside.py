"""What stood beside a thing all along hides nothing when the thing has gone."""

from dataclasses import replace

import pytest

from chengzhi_vision.dwell.places import Places
from chengzhi_vision.types import Box

from .test_arrival import GROUND, LIMITS, view_of, with_thing
from .test_second_stay import reported

PARKED = Box(x=70, y=60, w=60, h=70)  # its box lies over half of the thing's
CAME = Box(x=110, y=50, w=60, h=80)


@pytest.mark.parametrize(
    ("wheeled", "before", "absent_s"),
    [((PARKED,), PARKED, 1.0), ((PARKED,), CAME, 0.0), ((), PARKED, 0.0)],
    ids=["stood beside", "stopped in front", "somebody who sits there"],
)
def test_the_bare_ground_is_seen_past_a_car_that_stood_beside_the_thing(
    wheeled: tuple[Box, ...], before: Box, absent_s: float
) -> None:
    places = Places(limits=LIMITS.dwell, items=[reported(with_thing())])
    view = replace(view_of(ground=GROUND), new_in=lambda _: 0.0, wheeled=wheeled)
    places.update(replace(view, luma=with_thing(), small=with_thing(), vetoes=(PARKED,)), [])

    gone = replace(view, luma=GROUND, small=GROUND, at=view.at + 1, vetoes=(before,))
    places.update(gone, [])

    assert places.items[0].absent_s == absent_s
