"""What every training shares: steps, pace, the running average of the weights, examinations."""

from __future__ import annotations

import argparse
import copy
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import torch
from torch import Tensor

from tools.training.export import export
from tools.training.loss import Truth, loss
from tools.training.net import StreetNet
from tools.training.pictures import Photo
from tools.training.reopen import reopened

CALM = 64  # photographs that shipped weights are shown before they learn on
Examine = Callable[[StreetNet], dict[str, list[float]]]


@dataclass(frozen=True, kw_only=True)
class Course:
    """How long and how fast a net learns, and where its passes are kept."""

    epochs: int
    steps: int  # of a pass
    rate: float
    every: int  # passes between examinations
    deep: bool  # the first layers learn too
    out: Path


def train(
    net: StreetNet, lessons: Iterable[tuple[Tensor, Truth]], course: Course, examine: Examine
) -> StreetNet:
    """Return the net whose weights are the running average of those learned."""
    steps = course.steps * course.epochs
    optimizer, smooth = _optimizer(net, course), copy.deepcopy(net).eval()
    device = next(net.parameters()).device
    course.out.mkdir(parents=True, exist_ok=True)
    total, started = 0.0, monotonic()
    for step, (pictures, wanted) in enumerate(lessons, 1):
        net.train()
        _pace(optimizer, step / steps, step)
        total += _learn(net, optimizer, pictures.to(device), wanted.to(device))
        _follow(smooth, net, step)
        if step % (course.steps * course.every) == 0 or step == steps:
            number, minutes = step // course.steps, (monotonic() - started) / 60
            line = {"epoch": number, "loss": round(total / step, 3), "minutes": round(minutes, 1)}
            print(json.dumps(line | examine(smooth)), flush=True)
            torch.save({"net": smooth.state_dict()}, course.out / f"pass{number}.pt")
    return smooth


def begin(options: argparse.Namespace) -> None:
    """Set threads and seed, so that one thread and one seed give the same weights on a CPU."""
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)


def learned(
    net: StreetNet,
    lessons: Iterable[tuple[Tensor, Truth]],
    options: argparse.Namespace,
    examine: Examine,
    *,
    steps: int,
    deep: bool,
) -> StreetNet:
    """Train on the GPU where there is one, as the options say, and return the net for the CPU."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    course = Course(
        epochs=options.epochs,
        steps=steps,
        rate=options.rate,
        every=options.every,
        deep=deep,
        out=options.out,
    )
    net = net.to(device, memory_format=torch.channels_last)
    return train(net, lessons, course, examine).cpu()


def write(net: StreetNet, path: Path, *, size: int) -> None:
    """Write the weights as they are shipped."""
    export(net, size=size, path=path)
    print(f"written: {path}")


def continued(path: Path, photos: Sequence[Photo], size: int) -> StreetNet:
    """Return the net of shipped weights, shown some of the photographs that it will learn on."""
    some = photos[:: max(len(photos) // CALM, 1)][:CALM]
    shown = np.stack([cv2.resize(photo.image, (size, size)) for photo in some])
    return reopened(path, torch.from_numpy(shown))


def laid(group: Sequence[Photo]) -> tuple[Tensor, Truth]:
    """Return pictures of equal size as one batch, with their boxes."""
    return torch.from_numpy(np.stack([p.image for p in group])), truth(group)


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


def _optimizer(net: StreetNet, course: Course) -> torch.optim.Optimizer:
    """The new layers learn at full rate, the backbone at a fifth of it."""
    if course.deep:
        net.backbone.requires_grad_(True)
    old = [p for p in net.backbone.parameters() if p.requires_grad]
    new = [*net.pyramid.parameters(), *net.head.parameters()]
    groups = []
    for rate, parameters in ((course.rate / 5, old), (course.rate, new)):
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
    net: StreetNet, optimizer: torch.optim.Optimizer, pictures: Tensor, wanted: Truth
) -> float:
    with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
        guess = net(pictures)
    worth = loss(guess, wanted)
    optimizer.zero_grad()
    worth.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
    optimizer.step()
    return worth.item()


@torch.no_grad()
def _follow(smooth: StreetNet, net: StreetNet, step: int) -> None:
    """Move the averaged weights towards the present ones."""
    keep = min(0.998, (step + 1) / (step + 20))
    pairs = zip(smooth.state_dict().values(), net.state_dict().values(), strict=True)
    for mine, value in pairs:
        if mine.dtype.is_floating_point:
            mine.mul_(keep).add_(value, alpha=1 - keep)
        else:
            mine.copy_(value)
