"""Train the garbage head: `make train-garbage`."""

from __future__ import annotations

import argparse
import copy
import json
import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from tools.training.export import export
from tools.training.loss import Truth, loss
from tools.training.net import CLASSES, GarbageNet
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
from tools.training.reopen import reopened
from tools.training.scenes import open_scenes
from tools.training.score import score

ROOT = Path(__file__).parents[2]
CALM = 64  # photographs that shipped weights are shown before they learn on


def main() -> None:
    """Read the photographs, train, keep the averaged weights."""
    options = _options()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    parts, more = read_split(options.split), read_more(options.more)
    photos = {
        part: [with_more(read_photo(options.data, name), more.get(name, [])) for name in names]
        for part, names in parts.items()
        if part != "test"
    }
    learned = photos["train"] + (photos["val"] if options.all else [])
    if options.split == SPLIT:
        learned = [photo for photo in learned if photo.name not in apart()]
    net = _opened(options, learned)
    net = net.to("cuda" if torch.cuda.is_available() else "cpu", memory_format=torch.channels_last)
    smooth = train(net, learned, photos["val"], options).cpu()
    weights = options.out / "garbage.onnx"
    export(smooth, size=options.size, path=weights)
    print(f"written: {weights}")


def _opened(options: argparse.Namespace, photos: Sequence[Photo]) -> GarbageNet:
    """Return the net to begin with: a pass of a training, shipped weights, or the backbone's."""
    if options.start and options.start.suffix == ".onnx":
        some = photos[:: max(len(photos) // CALM, 1)][:CALM]
        shown = [cv2.resize(p.image, (options.size, options.size)) for p in some]
        return reopened(options.start, torch.from_numpy(np.stack(shown)))
    net = GarbageNet()
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


def train(
    net: GarbageNet, photos: Sequence[Photo], held: Sequence[Photo], options: argparse.Namespace
) -> GarbageNet:
    """Return the net whose weights are the running average of those learned."""
    each = len(photos) // options.batch
    steps = each * options.epochs
    optimizer, smooth = _optimizer(net, options), copy.deepcopy(net).eval()
    device = next(net.parameters()).device
    shown = dict(zip(("near", "far"), near_and_far(held, options.size), strict=True))
    options.out.mkdir(parents=True, exist_ok=True)
    total, started = 0.0, monotonic()
    for step, (pictures, wanted) in enumerate(_lessons(photos, options), 1):
        net.train()
        _pace(optimizer, step / steps, step)
        total += _learn(net, optimizer, pictures.to(device), wanted.to(device))
        _follow(smooth, net, step)
        if step % (each * options.every) == 0 or step == steps:
            line = {"epoch": step // each, "loss": round(total / step, 3)}
            line["minutes"] = round((monotonic() - started) / 60, 1)
            for name, seen in shown.items():
                line[name] = [round(v, 3) for v in score(smooth, held, seen.to(device))]
            print(json.dumps(line), flush=True)
            torch.save({"net": smooth.state_dict()}, options.out / f"pass{step // each}.pt")
    return smooth


def widened(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of a net that knew fewer classes: what it did not know it doubts."""
    known = state["head.score.weight"].shape[0]
    if known < CLASSES:
        weight, bias = state["head.score.weight"], state["head.score.bias"]
        added = CLASSES - known
        state["head.score.weight"] = torch.cat([weight, weight.new_zeros(added, *weight.shape[1:])])
        state["head.score.bias"] = torch.cat([bias, bias.min().repeat(added)])
    return state


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
        collate_fn=_laid,
    )


def _staged(
    options: argparse.Namespace, photos: Sequence[Photo]
) -> Callable[[np.random.Generator], Photo] | None:
    if not options.scenes:
        return None
    return open_scenes(options.scenes, photos, read_more(options.more)).draw


def _laid(group: Sequence[Photo]) -> tuple[Tensor, Truth]:
    return torch.from_numpy(np.stack([p.image for p in group])), truth(group)


def _optimizer(net: GarbageNet, options: argparse.Namespace) -> torch.optim.Optimizer:
    """The new layers learn at full rate, the backbone at a fifth of it."""
    if options.deep:
        net.backbone.requires_grad_(True)
    old = [p for p in net.backbone.parameters() if p.requires_grad]
    new = [*net.pyramid.parameters(), *net.head.parameters()]
    groups = []
    for rate, parameters in ((options.rate / 5, old), (options.rate, new)):
        many = [p for p in parameters if p.ndim > 1]
        few = [p for p in parameters if p.ndim <= 1]
        groups.append({"params": many, "lr": rate, "base": rate, "weight_decay": 0.03})
        groups.append({"params": few, "lr": rate, "base": rate, "weight_decay": 0.0})
    return torch.optim.AdamW(groups, betas=(0.9, 0.99))


def _pace(optimizer: torch.optim.Optimizer, share: float, step: int) -> None:
    """Warm up over 100 steps, then fall along a cosine to two hundredths."""
    factor = min(1.0, (step + 1) / 100) * (0.02 + 0.49 * (1 + math.cos(math.pi * share)))
    for group in optimizer.param_groups:
        group["lr"] = group["base"] * factor


def _learn(
    net: GarbageNet, optimizer: torch.optim.Optimizer, pictures: Tensor, wanted: Truth
) -> float:
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
        guess = net(pictures)
    worth = loss(guess, wanted)
    optimizer.zero_grad()
    worth.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
    optimizer.step()
    return worth.item()


def truth(group: Sequence[Photo]) -> Truth:
    """Return the boxes of a batch as tensors."""
    most = max(1, *(len(p.boxes) for p in group))
    boxes, kinds = torch.zeros(len(group), most, 4), torch.zeros(len(group), most, dtype=torch.long)
    real = torch.zeros(len(group), most, dtype=torch.bool)
    for number, photo in enumerate(group):
        count = len(photo.boxes)
        boxes[number, :count] = torch.from_numpy(photo.boxes)
        kinds[number, :count] = torch.from_numpy(photo.kinds)
        real[number, :count] = True
    return Truth(boxes=boxes, kinds=kinds, real=real)


@torch.no_grad()
def _follow(smooth: GarbageNet, net: GarbageNet, step: int) -> None:
    """Move the averaged weights towards the present ones."""
    keep = min(0.998, (step + 1) / (step + 20))
    pairs = zip(smooth.state_dict().values(), net.state_dict().values(), strict=True)
    for mine, value in pairs:
        if mine.dtype.is_floating_point:
            mine.mul_(keep).add_(value, alpha=1 - keep)
        else:
            mine.copy_(value)


if __name__ == "__main__":
    main()
