"""Photographs are changed together with their boxes before the net learns from them."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from chengzhi_vision.bench.cutouts.bank import VEHICLES, Bank, accepted
from chengzhi_vision.bench.cutouts.mine import read_parts, side_of
from chengzhi_vision.bench.cutouts.types import Cutout, Sort, Split
from chengzhi_vision.types import Box
from tools.training.mean import mixed
from tools.training.pictures import (
    Photo,
    Windows,
    apart,
    changed,
    far,
    mirrored,
    read_photo,
    read_split,
    turns,
)
from tools.training.scenes import NAMED, Scenes, _labels

SIZE = 128
SPLIT = Path(__file__).parents[2] / "benchmarks" / "data" / "garbage_split.csv"


def photo(seed: int = 3) -> Photo:
    """A dark picture with one bright rectangle, and its box."""
    image = np.zeros((200, 200, 3), np.uint8)
    image[60:140, 80:120] = 255
    box = np.array([[80.0, 60.0, 120.0, 140.0]])
    return Photo(name=str(seed), image=image, boxes=box, kinds=np.array([2]))


def test_a_box_goes_where_its_object_goes() -> None:
    rng = np.random.default_rng(7)

    made = [changed(photo(), whole=SIZE, size=SIZE, rng=rng, gentle=True) for _ in range(20)]

    shown = [one for one in made if len(one.boxes)]
    assert len(shown) >= 10
    for one in shown:
        grey = one.image.astype(int).max(2)
        assert grey[int(one.boxes[0, 1:4:2].mean()), int(one.boxes[0, 0:4:2].mean())] > 100
        assert one.kinds.tolist() == [2]


def windows() -> Windows:
    photos = [photo(n) for n in range(4)]
    return Windows(photos=photos, whole=SIZE, size=SIZE, mosaic=0.5, plain=2, seed=11)


def test_an_entry_is_always_the_same_picture() -> None:
    ours, theirs = windows()[1, 2], windows()[1, 2]

    assert (ours.image == theirs.image).all()
    assert (ours.boxes == theirs.boxes).all()


def test_another_pass_shows_another_picture_of_the_same_photo() -> None:
    first, second = windows()[0, 2], windows()[1, 2]

    assert first.name == second.name
    assert (first.image != second.image).any()


def test_a_pass_gives_every_photo_once_in_whole_groups() -> None:
    groups = list(turns(5, epochs=2, batch=2, seed=11))

    assert [[epoch for epoch, _ in group] for group in groups] == [[0, 0], [0, 0], [1, 1], [1, 1]]
    assert len({index for group in groups[:2] for _, index in group}) == 4


def test_what_is_far_away_keeps_its_place_and_loses_its_edges() -> None:
    near = photo().image

    seen = far(near, times=4.0, rng=np.random.default_rng(1))

    assert seen.shape == near.shape
    assert seen[100, 100].min() > 150
    assert np.abs(np.diff(seen[100, :, 0].astype(int))).max() < 120


def test_labels_are_read_as_pixels(tmp_path: Path) -> None:
    for name in ("images", "labels"):
        (tmp_path / name).mkdir()
    cv2.imwrite(str(tmp_path / "images" / "a.jpg"), np.zeros((100, 200, 3), np.uint8))
    (tmp_path / "labels" / "a.txt").write_text("1 0.5 0.5 0.2 0.4\n0 0.95 0.5 0.2 0.4\n", "utf-8")

    read = read_photo(tmp_path, "a")

    assert read.kinds.tolist() == [1, 0]
    assert np.allclose(read.boxes, [[80, 30, 120, 70], [170, 30, 200, 70]])


def cutout(sort: Sort, color: tuple[int, int, int]) -> Cutout:
    picture = np.full((60, 40, 4), (*color, 255), np.uint8)
    return Cutout(name=str(sort), sort=sort, origin="drawn", pictures=(picture,))


def scenes() -> Scenes:
    """Blue bins, green full bins and red people on grey streets."""
    sorts = [(Sort.BIN, (255, 0, 0)), (Sort.OVERFLOW, (0, 255, 0)), (Sort.PERSON, (0, 0, 255))]
    bank = Bank(split=Split.TUNE, cutouts=tuple(cutout(*one) for one in sorts))
    return Scenes(bank, [street()], [photo()])


def street(*people: tuple[float, float, float, float]) -> Photo:
    boxes = np.array(people, np.float32).reshape(-1, 4)
    kinds = np.full(len(boxes), NAMED[Sort.PERSON])
    image = np.full((240, 320, 3), 120, np.uint8)
    return Photo(name="street", image=image, boxes=boxes, kinds=kinds)


def test_a_staged_picture_is_always_the_same_and_its_boxes_lie_in_it() -> None:
    for seed in range(40):
        one, again = (scenes().draw(np.random.default_rng(seed)) for _ in range(2))

        assert (one.image == again.image).all()
        assert (one.boxes == again.boxes).all()
        height, width = one.image.shape[:2]
        assert (one.boxes >= 0).all()
        assert (one.boxes[:, 2:] <= [width, height]).all()
        assert len(one.kinds) == len(one.boxes)


def test_people_who_stand_around_are_taught_and_vehicles_only_shown() -> None:
    bank = scenes().bank
    cars = Bank(split=Split.TUNE, cutouts=(*bank.cutouts, cutout(Sort.CAR, (0, 255, 255))))
    staged = Scenes(cars, [street()], [photo()])

    drawn = [staged.draw(np.random.default_rng(seed)) for seed in range(40)]

    yellow = [d for d in drawn if ((d.image[:, :, 1] > 150) & (d.image[:, :, 0] < 90)).sum() > 50]
    assert len(yellow) >= 5
    assert {int(kind) for d in drawn for kind in d.kinds} == {1, 2, NAMED[Sort.PERSON]}


def test_somebody_who_walks_in_a_street_is_taught_where_nothing_hides_him() -> None:
    walks = street((10.0, 50.0, 30.0, 110.0), (200.0, 50.0, 220.0, 110.0))
    bin_ = (Box(x=195, y=60, w=40, h=60), Sort.BIN, 120.0)

    assert _labels([bin_], walks)["kinds"].tolist() == [NAMED[Sort.PERSON], 1]


def test_a_mirrored_street_keeps_who_is_in_it() -> None:
    walks = street((10.0, 50.0, 30.0, 110.0))

    turned = mirrored(walks)

    assert turned.boxes.tolist() == [[290.0, 50.0, 310.0, 110.0]]
    assert mirrored(turned).boxes.tolist() == walks.boxes.tolist()


def test_nothing_learns_from_photographs_of_which_something_is_shown_in_another_test() -> None:
    parts = read_parts(SPLIT)
    on_test_side = {
        name
        for sort in VEHICLES
        for name in accepted()[str(sort)]
        if side_of(parts[name], is_vehicle=True) is Split.TEST
    }
    groups = {parts[name].group for name in on_test_side}

    learned = {name for name in read_split(SPLIT)["train"] if name not in apart()}

    assert len(on_test_side) >= 20
    assert not groups & {parts[name].group for name in learned}
    assert accepted()["person"] <= learned


@pytest.mark.parametrize(("feet", "taught"), [(90.0, [1]), (130.0, [])])
def test_what_is_hidden_by_somebody_before_it_is_not_taught(feet: float, taught: list[int]) -> None:
    """Feet lower in the picture are nearer than the bin's at 110."""
    bin_ = (Box(x=50, y=50, w=40, h=60), Sort.BIN, 110.0)
    car = (Box(x=55, y=feet - 80, w=40, h=100), Sort.CAR, feet)

    assert _labels([bin_, car], street())["kinds"].tolist() == taught


def test_a_share_of_the_windows_is_staged() -> None:
    photos = [photo(n) for n in range(4)]

    def windows_with(share: float) -> list[str]:
        made = Windows(
            photos=photos, whole=SIZE, size=SIZE, mosaic=0.0, plain=0, seed=11,
            staged=scenes().draw, share=share,
        )  # fmt: skip
        return [made[0, n].name for n in range(4)]

    assert windows_with(1.0) == ["staged"] * 4
    assert windows_with(0.0) == ["0", "1", "2", "3"]


def test_a_mean_of_passes_weighs_them_and_keeps_the_last_counter():
    old = {"w": np.array([0.0, 3.0]), "norm.num_batches_tracked": 5}
    new = {"w": np.array([3.0, 6.0]), "norm.num_batches_tracked": 9}

    both = mixed([old, new], [1, 2])

    assert both["w"].tolist() == [2.0, 5.0]
    assert both["norm.num_batches_tracked"] == 9
