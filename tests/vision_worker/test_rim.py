"""The edge of a vehicle that has stopped before a zone is no thing in it."""

import numpy as np
import pytest

from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.pipeline.second_look import is_rim
from chengzhi_vision.types import Box, Detection, FindingKind, ObjectClass

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, left, standing
from .test_naming import Names

VAN = Box(x=200, y=230, w=300, h=130)


class SeesVan(Names):
    """Names the van in the whole picture and nothing in closer looks at what is beside it."""

    def detect(self, image: np.ndarray) -> list[Detection]:
        return super().detect(image) if image.shape[:2] == (HEIGHT, WIDTH) else []


@pytest.mark.parametrize(
    ("box", "is_edge"),
    [
        (Box(x=300, y=222, w=60, h=14), True),
        (Box(x=192, y=260, w=14, h=40), True),
        (Box(x=300, y=200, w=50, h=34), False),  # goods that show behind it
        (Box(x=165, y=310, w=40, h=40), False),  # a bag beside it
        (Box(x=191, y=320, w=40, h=30), False),  # a bag at its corner
        (Box(x=300, y=280, w=50, h=40), False),  # a bag before it
        (Box(x=200, y=230, w=300, h=130), False),  # itself
    ],
    ids=["roof", "bumper", "behind", "beside", "corner", "before", "itself"],
)
def test_a_rim_lies_along_the_border_of_a_vehicle(box: Box, is_edge: bool):
    assert is_rim(box, VAN) is is_edge


@pytest.mark.parametrize(
    ("spot", "size", "found"),
    [((300, 222), (60, 14), []), ((300, 200), (50, 34), [FindingKind.OBJECT_LEFT])],
    ids=["roof", "behind"],
)
def test_the_roof_of_a_van_that_stops_before_the_zone_is_not_reported(spot, size, found):
    edge = Thing(kind=None, where=standing(*spot, start=5), size=size, seed=3)
    pipeline = Pipeline(
        camera_with(left(10), kind="pavement_clear"),
        detector=SeesVan(ObjectClass.VEHICLE, score=0.7, box=VAN),
    )

    told = Player(scene=Scene(things=[edge]), pipeline=pipeline).play(0, 30, fps=2)

    assert [one.kind for one in told] == found
