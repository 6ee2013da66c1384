"""What the whole picture faintly takes for a cycle is a thing unless closer looks agree."""

import pytest

from chengzhi_vision.pipeline import Paced, Pipeline
from chengzhi_vision.types import Box, FindingKind, ObjectClass

from .scenes import Player, Scene, Thing, camera_with, left, standing
from .test_rim import SeesVan

BENCH, AWAY = Box(x=300, y=220, w=60, h=44), Box(x=10, y=60, w=80, h=40)


@pytest.mark.parametrize(
    ("score", "found"), [(0.35, [FindingKind.OBJECT_LEFT]), (0.7, [])], ids=["faintly", "surely"]
)
def test_a_thing_that_only_the_whole_picture_takes_for_a_cycle(
    score: float, found: list[FindingKind]
) -> None:
    bench = Thing(kind=None, where=standing(300, 220, start=5), size=(60, 44), seed=3)
    head = SeesVan(ObjectClass.TWO_WHEELER, score=score, box=BENCH)
    pipeline = Pipeline(
        camera_with(left(10), kind="pavement_clear"),
        detector=SeesVan(ObjectClass.VEHICLE, score=0.7, box=AWAY),
        slow=[Paced(detector=head, every_s=60)],
    )

    told = Player(scene=Scene(things=[bench]), pipeline=pipeline).play(0, 30, fps=2)

    assert [one.kind for one in told] == found
