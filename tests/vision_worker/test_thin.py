"""What is no thicker than a line on the ground is no thing in anybody's way."""

import pytest

from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.types import FindingKind, ObjectClass

from .scenes import Player, Scene, Thing, camera_with, left, standing
from .test_rim import VAN, SeesVan


@pytest.mark.parametrize(
    ("height", "found"), [(10, []), (26, [FindingKind.OBJECT_LEFT])], ids=["line", "board"]
)
def test_a_line_on_the_ground_is_not_reported_and_a_board_is(
    height: int, found: list[FindingKind]
) -> None:
    thing = Thing(kind=None, where=standing(60, 250, start=5), size=(70, height), seed=3)
    pipeline = Pipeline(
        camera_with(left(10), kind="pavement_clear"),
        detector=SeesVan(ObjectClass.VEHICLE, score=0.7, box=VAN),
    )

    told = Player(scene=Scene(things=[thing]), pipeline=pipeline).play(0, 30, fps=2)

    assert [one.kind for one in told] == found
