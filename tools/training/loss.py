"""Task-aligned assignment (Feng et al. 2021) and the losses on it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.training.net import Guess

TOP, ALPHA, BETA = 10, 1.0, 5.0
BOX_WEIGHT = 2.5
TINY = 1e-9


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Boxes of a batch, padded to equal number; `real` tells which are not padding."""

    boxes: Tensor
    kinds: Tensor
    real: Tensor

    def to(self, device: torch.device) -> Truth:
        return Truth(
            boxes=self.boxes.to(device), kinds=self.kinds.to(device), real=self.real.to(device)
        )


def loss(guess: Guess, truth: Truth) -> Tensor:
    """Return classification plus box loss, both weighed by how well cells are aligned."""
    wanted, boxes, weight = assign(guess, truth)
    total = wanted.sum().clamp(min=1)
    sure = F.binary_cross_entropy_with_logits(guess.logits, wanted, reduction="none")
    focus = (guess.logits.detach().sigmoid() - wanted).abs().pow(1.5)
    taken = weight > 0
    apart = 1 - giou(guess.boxes[taken], boxes[taken])
    return (2.0 * (sure * focus).sum() + BOX_WEIGHT * (apart * weight[taken]).sum()) / total


@torch.no_grad()
def assign(guess: Guess, truth: Truth) -> tuple[Tensor, Tensor, Tensor]:
    """Return for each cell the wanted scores, its box and its weight (0: background)."""
    overlap = pairwise_iou(truth.boxes, guess.boxes) * truth.real[..., None]
    chosen = truth.kinds[..., None].expand(-1, -1, guess.logits.shape[1])
    sure = guess.logits.sigmoid().transpose(1, 2).gather(1, chosen)
    fit = sure.pow(ALPHA) * overlap.pow(BETA) + TINY
    allowed = _inside(guess, truth) & truth.real[..., None]
    fit = torch.where(allowed, fit, torch.zeros_like(fit))
    best = fit.topk(TOP, dim=-1)
    mine = torch.zeros_like(fit).scatter(-1, best.indices, (best.values > 0).float()) > 0
    owner_fit = torch.where(mine, overlap + TINY, torch.zeros_like(overlap))
    top, owner = owner_fit.max(1)
    quality = fit / fit.amax(-1, keepdim=True).clamp(min=TINY)
    quality = quality * (overlap * mine).amax(-1, keepdim=True)
    weight = quality.gather(1, owner[:, None]).squeeze(1) * (top > 0)
    kinds = truth.kinds.gather(1, owner)
    wanted = F.one_hot(kinds, guess.logits.shape[-1]) * weight[..., None]
    boxes = truth.boxes.gather(1, owner[..., None].expand(-1, -1, 4))
    return wanted, boxes, weight


def _inside(guess: Guess, truth: Truth) -> Tensor:
    """Tell which cells may answer for which box: those inside it, or the nearest to a tiny one."""
    centres = (truth.boxes[..., :2] + truth.boxes[..., 2:]) / 2
    half = (truth.boxes[..., 2:] - truth.boxes[..., :2]) / 2
    apart = (guess.points[None, None] - centres[:, :, None]).abs()
    reach = torch.maximum(half[:, :, None], guess.strides[None, None, :, None] * 0.75)
    return (apart < reach).all(-1)


def pairwise_iou(ours: Tensor, theirs: Tensor) -> Tensor:
    low = torch.maximum(ours[:, :, None, :2], theirs[:, None, :, :2])
    high = torch.minimum(ours[:, :, None, 2:], theirs[:, None, :, 2:])
    shared = (high - low).clamp(min=0).prod(-1)
    return shared / (_area(ours)[:, :, None] + _area(theirs)[:, None] - shared + TINY)


def giou(ours: Tensor, theirs: Tensor) -> Tensor:
    """Return generalized IoU (Rezatofighi et al. 2019) of boxes pair by pair."""
    inner = torch.minimum(ours[:, 2:], theirs[:, 2:]) - torch.maximum(ours[:, :2], theirs[:, :2])
    outer = torch.maximum(ours[:, 2:], theirs[:, 2:]) - torch.minimum(ours[:, :2], theirs[:, :2])
    shared = inner.clamp(min=0).prod(-1)
    union = _area(ours) + _area(theirs) - shared
    hull = outer.prod(-1)
    return shared / (union + TINY) - (hull - union) / (hull + TINY)


def _area(boxes: Tensor) -> Tensor:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)
