"""Train the garbage head: `make train-garbage`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from tools.training.learning import Examine, begin, continued, laid, learned, write
from tools.training.loss import Truth
from tools.training.net import CLASSES, StreetNet
from tools.training.pictures import (
    SPLIT,
    Photo,
    Windows,
    apart,
    far,
    read_more,
    read_photo,
    read_split,
    turns,
    with_more,
)
from tools.training.scenes import open_scenes
from tools.training.score import score

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Read the photographs, train, keep the averaged weights."""
    options = _options()
    begin(options)
    parts, more = read_split(options.split), read_more(options.more)
    photos = {
        part: [with_more(read_photo(options.data, name), more.get(name, [])) for name in names]
        for part, names in parts.items()
        if part != "test"
    }
    taught = photos["train"] + (photos["val"] if options.all else [])
    if options.split == SPLIT:
        taught = [photo for photo in taught if photo.name not in apart()]
    smooth = learned(
        _opened(options, taught),
        _lessons(taught, options),
        options,
        examination(photos["val"], options.size),
        steps=len(taught) // options.batch,
        deep=options.deep,
    )
    write(smooth, options.out / "garbage.onnx", size=options.size)


def _opened(options: argparse.Namespace, photos: Sequence[Photo]) -> StreetNet:
    """Return the net to begin with: a pass of a training, shipped weights, or the backbone's."""
    if options.start and options.start.suffix == ".onnx":
        return continued(options.start, photos, options.size)
    net = StreetNet()
    if options.start:
        net.load_state_dict(widened(torch.load(options.start, map_location="cpu")["net"]))
    else:
        net.backbone.load(options.backbone)
    return net


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", type=Path, default=SPLIT)
    parser.add_argument("--backbone", type=Path, default=ROOT / "build/models/ssdlite.onnx")
    parser.add_argument("--out", type=Path, default=ROOT / "build/garbage")
    parser.add_argument("--start", type=Path, help="passN.pt, or shipped weights (.onnx)")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--size", type=int, default=320, help="at which the net will look")
    parser.add_argument("--window", type=int, default=256, help="from which it learns")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--workers", type=int, default=0, help="processes that change pictures")
    parser.add_argument("--every", type=int, default=1, help="passes between examinations")
    parser.add_argument("--deep", action="store_true", help="the first layers learn too")
    parser.add_argument("--more", type=Path, help="further boxes: what tools.training.named wrote")
    parser.add_argument("--scenes", type=Path, help="what tools.training.scenes wrote")
    parser.add_argument("--share", type=float, default=0.35, help="of the windows that are staged")
    parser.add_argument("--all", action="store_true", help="learn from the val part too")
    return parser.parse_args()


def widened(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of a net that knew fewer classes: what it did not know it doubts."""
    known = state["head.score.weight"].shape[0]
    if known < CLASSES:
        weight, bias = state["head.score.weight"], state["head.score.bias"]
        added = CLASSES - known
        state["head.score.weight"] = torch.cat([weight, weight.new_zeros(added, *weight.shape[1:])])
        state["head.score.bias"] = torch.cat([bias, bias.min().repeat(added)])
    return state


def examination(held: Sequence[Photo], size: int) -> Examine:
    """Return what tells AP50 of each class on photographs, near and from three times as far."""
    shown = dict(zip(("near", "far"), near_and_far(held, size), strict=True))

    def examine(net: StreetNet) -> dict[str, list[float]]:
        device = next(net.parameters()).device
        return {
            name: [round(v, 3) for v in score(net, held, seen.to(device))]
            for name, seen in shown.items()
        }

    return examine


def near_and_far(photos: Sequence[Photo], size: int) -> tuple[Tensor, Tensor]:
    """Return photographs as the net takes them, and the same seen from three times as far."""
    shrunk = [cv2.resize(p.image, (size, size)) for p in photos]
    rng = np.random.default_rng(3)
    away = [far(image, times=3.0, rng=rng) for image in shrunk]
    return torch.from_numpy(np.stack(shrunk)), torch.from_numpy(np.stack(away))


def _lessons(
    photos: Sequence[Photo], options: argparse.Namespace
) -> Iterable[tuple[Tensor, Truth]]:
    """Give the batches of all passes, made by `workers` processes ahead of their use."""
    windows = Windows(
        photos=photos,
        whole=options.size,
        size=options.window,
        mosaic=0.4,
        plain=options.epochs - max(1, options.epochs // 5),
        seed=options.seed,
        staged=_staged(options, photos),
        share=options.share,
    )
    order = turns(len(photos), epochs=options.epochs, batch=options.batch, seed=options.seed)
    return DataLoader(
        windows,  # type: ignore[arg-type]  # a sampler gives its keys
        batch_sampler=order,  # type: ignore[arg-type]  # an iterator is enough
        num_workers=options.workers,
        collate_fn=laid,
    )


def _staged(
    options: argparse.Namespace, photos: Sequence[Photo]
) -> Callable[[np.random.Generator], Photo] | None:
    if not options.scenes:
        return None
    return open_scenes(options.scenes, photos, read_more(options.more)).draw


if __name__ == "__main__":
    main()
