"""Train the plate finder: `make train-plates`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from tools.training.learning import Examine, begin, continued, laid, learned, write
from tools.training.loss import Truth
from tools.training.net import Head, StreetNet
from tools.training.pictures import (
    DATA,
    SPLIT,
    Photo,
    read_more,
    read_photo,
    read_split,
    turns,
    with_more,
)
from tools.training.plates.glyphs import ATLAS, ROOT, Atlas, read_atlas
from tools.training.plates.street import NO_BOX, SIZE, Streets
from tools.training.score import score

REAL = DATA / "plates_in_photos.csv"  # plates that the photographs show, chosen by us
GARBAGE = ROOT / "src/chengzhi_vision/data/garbage.onnx"
HELD, HELD_SEED = 256, 9


def main() -> None:
    """Read the photographs and the glyphs, train, keep the averaged weights."""
    options = _options()
    begin(options)
    atlas, photos = read_atlas(options.glyphs), _photos(options)
    smooth = learned(
        _begun(options, photos["train"]),
        _lessons(atlas, photos["train"], options),
        options,
        _examination(atlas, photos["val"]),
        steps=len(photos["train"]) // options.batch,
        deep=True,
    )
    write(smooth, options.out / "plates.onnx", size=SIZE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", type=Path, default=SPLIT)
    parser.add_argument("--real", type=Path, default=REAL)
    parser.add_argument("--glyphs", type=Path, default=ROOT / "build/plates" / ATLAS)
    parser.add_argument("--start", type=Path, default=GARBAGE, help="weights, or passN.pt of ours")
    parser.add_argument("--out", type=Path, default=ROOT / "build/plates")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--workers", type=int, default=0, help="processes that draw")
    parser.add_argument("--every", type=int, default=1, help="passes between examinations")
    return parser.parse_args()


def _photos(options: argparse.Namespace) -> dict[str, list[Photo]]:
    """Return the photographs to learn on and to be examined on, with the plates they show."""
    real = read_more(options.real if options.real.is_file() else None)
    parts = read_split(options.split)
    return {
        part: [with_more(_bare(read_photo(options.data, n)), real.get(n, [])) for n in parts[part]]
        for part in ("train", "val")
    }


def _bare(photo: Photo) -> Photo:
    """Return a photograph without its boxes of garbage."""
    return replace(photo, boxes=NO_BOX, kinds=np.zeros(0, np.int64))


def _begun(options: argparse.Namespace, photos: Sequence[Photo]) -> StreetNet:
    """Return the net to begin with: our garbage net with a new head, or a pass of this training."""
    if options.start.suffix == ".pt":
        net = StreetNet(classes=1)
        net.load_state_dict(torch.load(options.start, map_location="cpu")["net"])
        return net
    net = continued(options.start, photos, SIZE)
    net.head = Head(classes=1)
    return net


def _lessons(
    atlas: Atlas, photos: Sequence[Photo], options: argparse.Namespace
) -> Iterable[tuple[Tensor, Truth]]:
    order = turns(len(photos), epochs=options.epochs, batch=options.batch, seed=options.seed)
    return DataLoader(
        Streets(atlas, photos, options.seed),  # type: ignore[arg-type]  # a sampler gives its keys
        batch_sampler=order,  # type: ignore[arg-type]  # an iterator is enough
        num_workers=options.workers,
        collate_fn=laid,
    )


def _examination(atlas: Atlas, photos: Sequence[Photo]) -> Examine:
    """Return what tells AP50 on plates drawn into photographs of the val part."""
    streets = Streets(atlas, photos, HELD_SEED)
    held = [streets[0, number % len(photos)] for number in range(min(HELD, len(photos)))]
    shown = torch.from_numpy(np.stack([one.image for one in held]))

    def examine(net: StreetNet) -> dict[str, list[float]]:
        device = next(net.parameters()).device
        return {"drawn": [round(v, 3) for v in score(net, held, shown.to(device))]}

    return examine


if __name__ == "__main__":
    main()
