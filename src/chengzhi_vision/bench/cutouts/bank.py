"""The bank of cut-outs of one split, built once and kept as PNG files beside an index."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from chengzhi_vision.bench.cutouts.drawn import drawn_bank
from chengzhi_vision.bench.cutouts.matte import cut_by_grabcut, cut_vehicle
from chengzhi_vision.bench.cutouts.mine import (
    LABELS,
    PERSONS,
    Part,
    Sight,
    YoloxNano,
    labelled,
    photo_parts,
    side_of,
)
from chengzhi_vision.bench.cutouts.types import Cutout, Sort, Split, Sprite

VERSION = 3
MOST = 60  # cut-outs of one sort in one split
DRAWN = 40
WALKERS = 10
PHOTO_SORTS = (Sort.CAR, Sort.TWO_WHEELER, Sort.GARBAGE, Sort.BIN, Sort.OVERFLOW)
VEHICLES = (Sort.CAR, Sort.TWO_WHEELER)
UNCLEAN = frozenset({"TUD-Stadtmitte-3", "TUD-Stadtmitte-8", "PETS09-S2L1_vtest-17"})
PEOPLE = {
    Split.TUNE: ("TUD-Stadtmitte.mp4",),
    Split.TEST: ("TUD-Campus.mp4", "PETS09-S2L1_vtest.avi"),
}


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Where the material lies; what is missing is left out."""

    data: Path | None = None
    rendered: Path | None = None
    parts: Mapping[str, Part] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Bank:
    """All cut-outs of one split."""

    split: Split
    cutouts: tuple[Cutout, ...]

    def of(self, sort: Sort) -> tuple[Cutout, ...]:
        return tuple(c for c in self.cutouts if c.sort is sort)


def open_bank(split: Split, *, sources: Sources, cache: Path, say: Callable[[str], None]) -> Bank:
    """Return the bank of a split, from the cache when it is there."""
    folder = cache / f"cutouts-{split}-{VERSION}"
    if (folder / "index.json").is_file():
        return load_bank(folder, split)
    say(f"正在准备抠图素材（{split}，只需一次）……")
    bank = Bank(split=split, cutouts=tuple(_build(split, sources)))
    save(bank, folder)
    return bank


def _build(split: Split, sources: Sources) -> Iterator[Cutout]:
    if sources.data is not None and (sources.data / "street_photos").is_dir():
        yield from _from_photos(split, sources, sources.data)
    if sources.data is not None:
        yield from _people(split, sources.data / "video")
    if sources.rendered is not None:
        yield from _rendered(split, sources.rendered)
    yield from drawn_bank(split, count=DRAWN)


def _from_photos(split: Split, sources: Sources, data: Path) -> Iterator[Cutout]:
    photos = data / "street_photos"
    paths = sorted((photos / "images").glob("*.jpg"))
    parts = photo_parts(paths, sources.parts)
    own = [p for p in paths if _is_on(split, parts.get(p.stem), is_vehicle=False)]
    sights = list(_enough(labelled(own, photos / "labels")))
    model = data / "models" / "yolox_nano.onnx"
    if model.is_file():
        known = frozenset().union(*accepted().values())
        some = [p for p in paths if p.stem in known]
        own = [p for p in some if _is_on(split, parts.get(p.stem), is_vehicle=True)]
        detector = YoloxNano(model)
        sights += [s for path in own for s in detector.sights(path) if _is_accepted(s)]
    for sort in PHOTO_SORTS:
        yield from islice(cut_out(s for s in sights if s.sort is sort), MOST)


def accepted_people(paths: Iterable[Path], models: Path) -> Iterator[Sight]:
    """Yield people in photographs whose cut-outs were looked at, when the detector is there."""
    if (models / "yolox_nano.onnx").is_file():
        detector = YoloxNano(models / "yolox_nano.onnx")
        known = [path for path in paths if path.stem in accepted().get(str(Sort.PERSON), ())]
        yield from (sight for path in known for sight in detector.sights(path, PERSONS))


def _is_on(split: Split, part: Part | None, *, is_vehicle: bool) -> bool:
    return part is not None and side_of(part, is_vehicle=is_vehicle) is split


def _enough(sights: Iterable[Sight]) -> Iterator[Sight]:
    """Yield sights until there are some more of each sort than can be used."""
    counts: dict[Sort, int] = dict.fromkeys(LABELS.values(), 0)
    for sight in sights:
        counts[sight.sort] += 1
        if counts[sight.sort] <= 2 * MOST:
            yield sight
        if min(counts.values()) > 2 * MOST:
            return


def cut_out(sights: Iterable[Sight]) -> Iterator[Cutout]:
    """Yield the things in the boxes that come out as clean shapes."""
    for number, sight in enumerate(sights):
        image = cv2.imread(str(sight.photo))
        if image is None:
            continue
        cut = cut_vehicle if sight.sort in VEHICLES else cut_by_grabcut
        sprite = cut(image.astype(np.uint8), sight.box)
        if sprite is not None:
            name = f"{sight.sort}-{sight.photo.stem}-{number}"
            yield Cutout(name=name, sort=sight.sort, origin=sight.photo.name, pictures=(sprite,))


def _people(split: Split, video: Path) -> Iterator[Cutout]:
    from chengzhi_vision.bench.cutouts.walkers import walkers  # reads video: training has no need

    for name in PEOPLE[split]:
        truth = video / f"{Path(name).stem.removesuffix('_vtest')}_gt.txt"
        if (video / name).is_file() and truth.is_file():
            people = walkers(video / name, truth, limit=WALKERS + len(UNCLEAN))
            yield from [p for p in people if p.name not in UNCLEAN][:WALKERS]


def _rendered(split: Split, folder: Path) -> Iterator[Cutout]:
    """Yield our own rendered things: even numbers for tuning, odd ones for the test."""
    for path in sorted(folder.glob("*-*.webp")):
        sort, _, number = path.stem.partition("-")
        side = Split.TEST if int(number) % 2 else Split.TUNE
        if side is split:
            picture = _picture(path)
            yield Cutout(name=path.stem, sort=Sort(sort), origin=path.name, pictures=(picture,))


@cache
def accepted() -> dict[str, frozenset[str]]:
    """Return by sort the photographs whose cut-outs somebody looked at and found whole."""
    text = resources.files("chengzhi_vision.bench.cutouts").joinpath("accepted.toml")
    return {k: frozenset(v) for k, v in tomllib.loads(text.read_text("utf-8")).items()}


def _is_accepted(sight: Sight) -> bool:
    """Tell whether somebody saw that this vehicle's cut-out is whole."""
    return sight.photo.stem in accepted().get(str(sight.sort), frozenset())


def save(bank: Bank, folder: Path) -> None:
    """Write the cut-outs as PNG files, and an index last."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for cutout in bank.cutouts:
        files = [f"{cutout.name}-{i}.png" for i in range(len(cutout.pictures))]
        for file, picture in zip(files, cutout.pictures, strict=True):
            cv2.imwrite(str(folder / file), picture)
        rows.append(
            {"name": cutout.name, "sort": cutout.sort, "origin": cutout.origin, "fps": cutout.fps,
             "files": files}
        )  # fmt: skip
    part = folder / "index.json.part"
    part.write_text(json.dumps(rows, indent=0), "utf-8")
    part.replace(folder / "index.json")


def load_bank(folder: Path, split: Split) -> Bank:
    """Read what `save` wrote."""
    rows = json.loads((folder / "index.json").read_text("utf-8"))
    cutouts = tuple(
        Cutout(
            name=row["name"],
            sort=Sort(row["sort"]),
            origin=row["origin"],
            fps=row["fps"],
            pictures=tuple(_picture(folder / file) for file in row["files"]),
        )
        for row in rows
    )
    return Bank(split=split, cutouts=cutouts)


def _picture(path: Path) -> Sprite:
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert picture is not None, f"{path} belongs to the bank"
    return picture.astype(np.uint8)
