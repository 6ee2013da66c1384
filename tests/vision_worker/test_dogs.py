"""Dogs are small: named in close looks only, followed while they roam, and alone though people pass."""

from dataclasses import dataclass

import numpy as np
import pytest

from chengzhi_vision.pipeline import Pipeline
from chengzhi_vision.scene.movers import movers
from chengzhi_vision.scene.static_objects import StaticView
from chengzhi_vision.thresholds import thresholds
from chengzhi_vision.types import Box, Detection, FindingKind, ObjectClass, Picture

from .scenes import HEIGHT, WIDTH, Player, Scene, Thing, camera_with, passing, player, standing

DOG, PERSON = ObjectClass.DOG, ObjectClass.PERSON
DOGS = {"finding": "dog_unattended", "dwell_s": 10}
LIMITS = thresholds().static
PATIENT = 5  # closer looks at a still thing that name nothing


@dataclass
class Nearsighted(Scene):
    """A detector that names a dog only where it fills a good part of what it is shown."""

    closer: int = 0
    named: int = 0

    def detect(self, image: Picture) -> list[Detection]:
        """Return people in the whole picture, and the dog in a crop of up to 160 pixels."""
        if image.shape[:2] == (HEIGHT, WIDTH):
            return super().detect(image)
        self.closer += 1
        if max(image.shape[:2]) > 160:
            return []
        self.named += 1
        height, width = image.shape[:2]
        inner = Box(x=width * 0.2, y=height * 0.2, w=width * 0.6, h=height * 0.6)
        return [Detection(box=inner, kind=DOG, score=0.6, label="dog")]


def watched(*things: Thing, rule: dict[str, object] = DOGS) -> Player:
    scene = Nearsighted(things=things)
    camera = camera_with(rule, kind="pavement_clear")
    return Player(scene=scene, pipeline=Pipeline(camera, detector=scene))


def test_a_dog_that_only_close_looks_name_is_reported():
    dog = Thing(kind=None, where=standing(300, 240, start=6), size=(48, 36), seed=5)
    playing = watched(dog)

    found = playing.play(0, 24, fps=4)

    assert [f.kind for f in found] == [FindingKind.DOG_UNATTENDED]
    assert found[0].start_pts == pytest.approx(6, abs=1.5)
    assert playing.scene.named > 2 * PATIENT  # once named it is followed, however often


def test_where_no_dog_is_watched_nothing_is_looked_at_for_moving():
    walker = Thing(kind=None, where=passing(240, start=6, speed=40), size=(48, 36), seed=5)
    playing = watched(walker, rule={"finding": "goods_on_pavement", "dwell_s": 10})

    playing.play(0, 16, fps=4)

    assert playing.scene.closer == 0


def test_people_who_pass_a_dog_are_not_with_it():
    dog = Thing(kind=DOG, where=standing(300, 260), size=(40, 30))
    crowd = [
        Thing(kind=PERSON, where=passing(190, start=2.0 * n, speed=110), size=(36, 95), seed=n)
        for n in range(1, 14)
    ]
    camera = camera_with({**DOGS, "dwell_s": 20}, kind="pavement_clear")

    found = player(camera, dog, *crowd).play(0, 26, fps=2)

    assert [f.kind for f in found] == [FindingKind.DOG_UNATTENDED]


def test_who_stands_by_a_dog_is_with_it_from_the_first_look_on():
    dog = Thing(kind=DOG, where=standing(300, 260), size=(40, 30))
    owner = Thing(kind=PERSON, where=standing(350, 195), size=(36, 95), seed=4)
    camera = camera_with({**DOGS, "dwell_s": 20}, kind="pavement_clear")

    assert player(camera, dog, owner).play(0, 40, fps=2) == []


def test_where_pictures_come_seldom_anybody_near_a_dog_is_with_it():
    dog = Thing(kind=DOG, where=standing(300, 260), size=(40, 30))
    owner = Thing(kind=PERSON, where=standing(350, 195), size=(36, 95), seed=4)
    camera = camera_with({**DOGS, "dwell_s": 20}, kind="pavement_clear", keyframes_only=True)

    assert player(camera, dog, owner).play(0, 60, fps=0.25) == []
    assert player(camera, dog).play(0, 60, fps=0.25) != []


def view(*boxes: tuple[int, int, int, int]) -> StaticView:
    new = np.zeros((180, 320), bool)
    for x, y, w, h in boxes:
        new[y : y + h, x : x + w] = True
    return StaticView(objects=(), rest_since=(), new_share=0.0, new=new, scale=0.5)


def test_movers_are_new_pieces_of_an_animals_size_that_nobody_knows():
    small, large, known, at_edge = (
        (60, 60, 20, 14), (100, 20, 60, 120), (200, 60, 20, 14), (0, 60, 20, 14),
    )  # fmt: skip

    found = movers(view(small, large, known, at_edge), [Box(x=395, y=115, w=50, h=40)], LIMITS)

    assert [box.rounded() for box in found] == [[120, 120, 40, 28]]
    assert movers(StaticView(objects=(), rest_since=(), new_share=0.0), [], LIMITS) == []
