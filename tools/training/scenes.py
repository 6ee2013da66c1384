"""Staged pictures to learn from: bins and heaps in a street, with people, vehicles and goods around.

Photographs show bins that fill the picture; a camera sees them from afar, with somebody behind
or before them. What is put there are the cut-outs of the event benchmark's tune side, and more
bins, heaps and people cut out of the photographs of the train part: nothing of what either is
tested on.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from chengzhi_vision.bench.cutouts.bank import (
    Bank,
    Sources,
    accepted_people,
    cut_out,
    load_bank,
    open_bank,
    save,
)
from chengzhi_vision.bench.cutouts.mine import LABELS, labelled, read_parts
from chengzhi_vision.bench.cutouts.types import HEIGHT_M, MAX_WIDTH_M, Cutout, Sort, Split
from chengzhi_vision.bench.staged.background import Backdrop, open_backdrop
from chengzhi_vision.bench.staged.compose import Actor, Key, compose, matched_gain
from chengzhi_vision.bench.staged.ground import Ground, read_backgrounds
from chengzhi_vision.bench.staged.weather import Condition, Weather
from chengzhi_vision.geometry import covered, square
from chengzhi_vision.types import Box, Picture
from tools.training.pictures import (
    SEEN,
    SPLIT,
    Array,
    Photo,
    apart,
    compressed,
    mirrored,
    read_split,
    with_more,
)

ROOT = Path(__file__).parents[2]
MOST = 900  # cut-outs of one class
FRAMES, FPS = 24, 4.0  # of a background clip
NAMED = {Sort.TWO_WHEELER: 3, Sort.PERSON: 4}  # classes which nobody drew boxes of
KINDS = {sort: number for number, sort in LABELS.items()} | NAMED
WANTED = (
    (Sort.BIN, 0.25),
    (Sort.OVERFLOW, 0.2),
    (Sort.GARBAGE, 0.2),
    (Sort.TWO_WHEELER, 0.15),
    (Sort.PERSON, 0.2),
)
OTHERS = (Sort.PERSON, Sort.PERSON, Sort.CAR, Sort.TWO_WHEELER, Sort.GOODS, Sort.THING)
WEATHER = (Condition.NIGHT, Condition.RAIN, Condition.SHADOW)
CHANGED, COARSE, WEAK = 0.5, 0.25, (12, 40)  # shares of the pictures; JPEG quality of a weak line
HIDDEN, CLOSE = 0.5, (1.4, 8.0)
STAGED = "staged"
LOWEST = 10.0  # pixels of a thing that is taught
PERSON = (0.08, 0.9)  # how high somebody at the lower edge is, in shares of the picture


@dataclass(frozen=True, eq=False)
class Scenes:
    """Draws staged pictures out of a bank, streets and photographs."""

    bank: Bank
    streets: Sequence[Photo]
    photos: Sequence[Photo]

    def draw(self, rng: Generator) -> Photo:
        """Return one staged picture, often no more of it than what is around one thing."""
        plate = self._plate(rng)
        size = (plate.image.shape[1], plate.image.shape[0])
        person = float(np.exp(rng.uniform(*np.log(PERSON))))
        ground = Ground(horizon=float(rng.uniform(-0.4, 0.4)), person=person)
        actors = [one for _ in range(rng.integers(1, 4)) for one in self._group(ground, size, rng)]
        for actor, _ in actors:
            box = actor.box(0.0, ground=ground, size=size)
            actor.gain = 1.0 if box is None else matched_gain(actor.cutout, plate.image, box)
        image = compose(
            plate.image, [a for a, _ in actors], 0.0, backdrop=_still(plate.image), ground=ground
        )
        shown = _shown(actors, ground, size)
        whole = Photo(name=STAGED, image=_weathered(image, rng), **_labels(shown, plate))
        return _closer(whole, rng) if len(whole.boxes) and rng.random() < 0.5 else whole

    def _plate(self, rng: Generator) -> Photo:
        """Return a street or a photograph with its boxes."""
        if not self.streets or rng.random() < 0.5:
            return self.photos[int(rng.integers(len(self.photos)))]
        street = self.streets[int(rng.integers(len(self.streets)))]
        return mirrored(street) if rng.random() < 0.5 else street

    def _group(
        self, ground: Ground, size: tuple[int, int], rng: Generator
    ) -> Iterator[tuple[Actor, Sort]]:
        """Yield a thing that is taught and those who stand behind, beside or before it."""
        sorts, chances = zip(*WANTED, strict=True)
        sort = sorts[int(rng.choice(len(sorts), p=chances))]
        x, y = rng.uniform(0.05, 0.95) * size[0], rng.uniform(0.5, 1.0) * size[1]
        main = self._actor(sort, float(x), float(y), rng)
        if main is None:
            return
        yield main, sort
        wide, _ = main.extent(float(y), ground=ground, height=size[1])
        for _ in range(int(rng.choice(4, p=(0.3, 0.3, 0.25, 0.15)))):
            other = OTHERS[int(rng.integers(len(OTHERS)))]
            aside, behind = rng.normal(0, 1.0) * wide, rng.uniform(-0.06, 0.03) * size[1]
            companion = self._actor(other, float(x + aside), float(y + behind), rng)
            if companion is not None:
                yield companion, other

    def _actor(self, sort: Sort, x: float, y: float, rng: Generator) -> Actor | None:
        choice = self.bank.of(sort)
        if not choice:
            return None
        cutout = _pose(choice[int(rng.integers(len(choice)))], rng)
        height = _height_m(cutout, rng)
        keys = (Key(t=-1.0, x=x, y=y), Key(t=1.0, x=x, y=y))
        return Actor(cutout, height, keys, flip=bool(rng.random() < 0.5))


def _pose(cutout: Cutout, rng: Generator) -> Cutout:
    """Return one picture of somebody who walks."""
    picture = cutout.pictures[int(rng.integers(len(cutout.pictures)))]
    return replace(cutout, pictures=(picture,))


def _height_m(cutout: Cutout, rng: Generator) -> float:
    low, high = HEIGHT_M[cutout.sort]
    rows, columns = cutout.picture.shape[:2]
    return min(float(rng.uniform(low, high)), MAX_WIDTH_M[cutout.sort] * rows / columns)


def _still(image: Picture) -> Backdrop:
    return Backdrop(jpegs=[], fps=1.0, plate=image, noise=0.0, rng=np.random.default_rng(0))


def _shown(
    actors: Sequence[tuple[Actor, Sort]], ground: Ground, size: tuple[int, int]
) -> list[tuple[Box, Sort, float]]:
    """Return the boxes of what is there with the line of its feet."""
    boxes = [
        (actor.box(0.0, ground=ground, size=size), sort, actor.keys[0].y) for actor, sort in actors
    ]
    return [(box, sort, y) for box, sort, y in boxes if box is not None]


def _labels(shown: Sequence[tuple[Box, Sort, float]], plate: Photo) -> dict[str, Array]:
    """Return boxes and kinds of what can be seen well: the plate's own, and what was put there."""
    own = [
        (row, kind)
        for row, kind in zip(plate.boxes, plate.kinds, strict=True)
        if not any(covered(_box(row), by=box) > 0.3 for box, _, _ in shown)
    ]
    mine = [
        (np.array([box.x, box.y, box.right, box.bottom], np.float32), KINDS[sort])
        for box, sort, y in shown
        if sort in KINDS
        and min(box.w, box.h) >= LOWEST
        and not any(covered(box, by=other) > HIDDEN for other, _, front in shown if front > y)
    ]
    rows = [*own, *mine]
    return {
        "boxes": np.array([row for row, _ in rows], np.float32).reshape(-1, 4),
        "kinds": np.array([kind for _, kind in rows], np.int64),
    }


def _box(row: Array) -> Box:
    left, top, right, bottom = (float(v) for v in row)
    return Box(x=left, y=top, w=right - left, h=bottom - top)


def _weathered(image: Picture, rng: Generator) -> Picture:
    """Return the picture by night, in rain or in a shadow, and badly compressed, now and then."""
    if rng.random() < CHANGED:
        condition = WEATHER[int(rng.integers(len(WEATHER)))]
        size = (image.shape[1], image.shape[0])
        weather = Weather(conditions=frozenset([condition]), size=size, seconds=20.0, rng=rng)
        image = weather.on(image, float(rng.uniform(0, 20)), int(rng.integers(100)))
    is_weak = rng.random() < COARSE
    return compressed(image, quality=WEAK, rng=rng) if is_weak else image


def _closer(photo: Photo, rng: Generator) -> Photo:
    """Return what is around one of the boxes, as a closer look shows it."""
    box = _box(photo.boxes[int(rng.integers(len(photo.boxes)))])
    height, width = photo.image.shape[:2]
    side = max(box.w, box.h) * float(np.exp(rng.uniform(*np.log(CLOSE))))
    x, y = box.center
    center = (
        x + float(rng.uniform(-0.3, 0.3)) * side / 2,
        y + float(rng.uniform(-0.3, 0.3)) * side / 2,
    )
    part = square(center, side=max(side, 32.0), width=width, height=height)
    left, top, right, bottom = int(part.x), int(part.y), int(part.right), int(part.bottom)
    moved = photo.boxes - [left, top, left, top]
    cut = np.clip(moved, 0, [right - left, bottom - top] * 2)
    before = (moved[:, 2:] - moved[:, :2]).prod(1)
    after = (cut[:, 2:] - cut[:, :2]).clip(0).prod(1)
    kept = after > SEEN * before
    return Photo(
        name=photo.name,
        image=photo.image[top:bottom, left:right],
        boxes=cut[kept].astype(np.float32),
        kinds=photo.kinds[kept],
    )


def open_scenes(
    folder: Path, photos: Sequence[Photo], more: Mapping[str, Sequence[Array]]
) -> Scenes:
    """Read what `main` wrote; `more` holds the boxes of who walks or rides in the streets."""
    bank = load_bank(folder / "cutouts", Split.TUNE)
    paths = sorted((folder / "streets").glob("*.jpg"))
    streets = [with_more(_street(path), more.get(path.stem, [])) for path in paths]
    return Scenes(bank, streets, photos)


def _street(path: Path) -> Photo:
    image = cv2.imread(str(path))
    assert image is not None, f"{path} belongs to the scenes"
    boxes, kinds = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    return Photo(name=path.stem, image=image, boxes=boxes, kinds=kinds)


def main() -> None:
    """Write cut-outs and streets of the tune side into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--shared", type=Path, required=True, help="holds street_photos/ and video/"
    )
    parser.add_argument("--split", type=Path, default=SPLIT)
    parser.add_argument("--out", type=Path, default=ROOT / "build/scenes")
    options = parser.parse_args()
    sources = Sources(
        data=options.shared,
        rendered=ROOT / "benchmarks/cutouts",
        parts=read_parts(options.split),
    )
    tune = open_bank(Split.TUNE, sources=sources, cache=options.out / "cache", say=print)
    labelled_sorts = frozenset(LABELS.values())
    others = [c for c in tune.cutouts if c.sort not in labelled_sorts or c.name.startswith("drawn")]
    bank = Bank(split=Split.TUNE, cutouts=(*others, *_more(options.shared, options.split)))
    save(bank, options.out / "cutouts")
    _write_streets(options.shared / "video", options.out / "streets")
    print(f"written: {options.out} ({len(bank.cutouts)} cut-outs)")


def _more(shared: Path, split: Path) -> Iterator[Cutout]:
    """Yield bins, heaps and people that stand free in the photographs of the train part."""
    photos = shared / "street_photos"
    names = [name for name in read_split(split)["train"] if name not in apart()]
    paths = [photos / "images" / f"{name}.jpg" for name in names]
    for sort in LABELS.values():
        own = (s for s in labelled(paths, photos / "labels") if s.sort is sort)
        yield from islice(cut_out(own), MOST)
    yield from cut_out(accepted_people(paths, shared / "models"))


def _write_streets(videos: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    grounds = read_backgrounds(ROOT / "benchmarks/backgrounds.toml", videos=[videos])
    for clip in [ground.clip for ground in grounds if ground.split is Split.TUNE]:
        backdrop = open_backdrop(clip, width=640, fps=FPS, seed=1)
        step = max(len(backdrop.jpegs) // FRAMES, 1)
        for number, coded in enumerate(backdrop.jpegs[::step]):
            (folder / f"{clip.stem}-{number}.jpg").write_bytes(coded.tobytes())


if __name__ == "__main__":
    main()
