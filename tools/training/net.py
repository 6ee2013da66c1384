"""A net that finds things in streets: backbone, a small pyramid and one head shared by three strides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tools.training.backbone import CHANNELS, Backbone, Conv

STRIDES = (8, 16, 32)
CLASSES = 5  # of the garbage net
WIDTH = 96
PRIOR = 0.01  # every cell starts out this sure of every class (Lin et al. 2017, §4.1)


class Part(Conv):
    """A convolution with its batch norm, folded into one convolution at export."""

    def __init__(self, inputs: int, outputs: int, size: int, **options: Any) -> None:
        super().__init__(inputs, outputs, size, bias=False, **options)
        self.norm = nn.BatchNorm2d(outputs, momentum=0.05)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.norm(self.conv(x))
        return F.relu(out) if self.bounded else out


def separable(width: int, *, stride: int = 1) -> nn.Sequential:
    """Look around each channel, then mix the channels."""
    around = Part(width, width, 3, stride=stride, group=width, bounded=False)
    return nn.Sequential(around, Part(width, width, 1))


class Pyramid(nn.Module):
    """Pass what the coarse maps know down to the fine ones and back up."""

    def __init__(self) -> None:
        super().__init__()
        self.enter = nn.ModuleList(Part(c, WIDTH, 1) for c in CHANNELS)
        self.down = nn.ModuleList(separable(WIDTH) for _ in STRIDES[1:])
        self.up = nn.ModuleList(separable(WIDTH, stride=2) for _ in STRIDES[1:])

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        fine, middle, coarse = (part(x) for part, x in zip(self.enter, maps, strict=True))
        middle = self.down[0](middle + F.interpolate(coarse, scale_factor=2.0))
        fine = self.down[1](fine + F.interpolate(middle, scale_factor=2.0))
        middle = middle + self.up[0](fine)
        return [fine, middle, coarse + self.up[1](middle)]


class Head(nn.Module):
    """For each cell: how sure of each class, and how far away the four sides are."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes, self.sides = separable(WIDTH), separable(WIDTH)
        self.score = nn.Conv2d(WIDTH, classes, 1)
        self.side = nn.Conv2d(WIDTH, 4, 1)
        self.scales = nn.Parameter(torch.ones(len(STRIDES)))
        nn.init.normal_(self.score.weight, std=0.01)
        nn.init.constant_(self.score.bias, -math.log(1 / PRIOR - 1))
        nn.init.normal_(self.side.weight, std=0.01)
        nn.init.constant_(self.side.bias, 1.0)

    def forward(self, maps: list[Tensor]) -> tuple[Tensor, Tensor]:
        """Return logits (batch, cells, classes) and distances in strides (batch, cells, 4)."""
        scores, sides = [], []
        for number, x in enumerate(maps):
            scores.append(self.score(self.classes(x)).flatten(2))
            sides.append((self.side(self.sides(x)) * self.scales[number]).flatten(2))
        return (
            torch.cat(scores, 2).transpose(1, 2).float(),
            torch.cat(sides, 2).transpose(1, 2).float().clamp(max=6).exp(),
        )


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What the net says: logits, boxes (left, top, right, bottom in pixels), cell centres."""

    logits: Tensor
    boxes: Tensor
    points: Tensor
    strides: Tensor


class StreetNet(nn.Module):
    """Backbone, pyramid, head."""

    def __init__(self, classes: int = CLASSES) -> None:
        super().__init__()
        self.backbone, self.pyramid, self.head = Backbone(), Pyramid(), Head(classes)

    @property
    def kinds(self) -> int:
        """Return how many classes it tells apart."""
        return self.head.score.out_channels

    def forward(self, pictures: Tensor) -> Guess:
        """Take square BGR pictures of bytes (batch, size, size, 3)."""
        x = pictures.permute(0, 3, 1, 2).flip(1).float() / 127.5 - 1
        x = x.contiguous(memory_format=torch.channels_last)
        logits, sides = self.head(self.pyramid(self.backbone(x)))
        points, strides = (t.to(x.device) for t in cells(x.shape[-1]))
        reach = sides * strides[:, None]
        low, high = points - reach[..., :2], points + reach[..., 2:]
        return Guess(
            logits=logits, boxes=torch.cat([low, high], -1), points=points, strides=strides
        )


def cells(size: int) -> tuple[Tensor, Tensor]:
    """Return the centre of every cell in pixels and the stride of its map."""
    points, strides = [], []
    for stride in STRIDES:
        line = (torch.arange(size // stride, dtype=torch.float32) + 0.5) * stride
        y, x = torch.meshgrid(line, line, indexing="ij")
        points.append(torch.stack([x.flatten(), y.flatten()], 1))
        strides.append(torch.full((len(line) ** 2,), float(stride)))
    return torch.cat(points), torch.cat(strides)
