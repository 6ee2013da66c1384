"""AP50 of the net on photographs, while it is still in torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from chengzhi_vision.bench.average_precision import Seen, average_precision
from tools.training.net import StreetNet
from tools.training.pictures import Photo

FLOOR, OVERLAP, MOST = 0.01, 0.6, 100


@torch.no_grad()
def score(net: StreetNet, photos: Sequence[Photo], pictures: Tensor) -> list[float]:
    """Return AP50 of each class; `pictures` are the photographs as the net takes them."""
    net.eval()
    seen: list[list[Seen]] = [[] for _ in range(net.kinds)]
    size = pictures.shape[1]
    for start in range(0, len(photos), 16):
        with torch.autocast(pictures.device.type, dtype=torch.bfloat16):
            guess = net(pictures[start : start + 16])
        sure, boxed = guess.logits.sigmoid().cpu().numpy(), guess.boxes.cpu().numpy()
        group = photos[start : start + 16]
        for photo, scores, boxes in zip(group, sure, boxed, strict=True):
            grow = np.array(photo.image.shape[1::-1] * 2) / size
            for kind in range(net.kinds):
                found, kept = thin(boxes, scores[:, kind])
                truth = photo.boxes[photo.kinds == kind]
                seen[kind].append(Seen(truth=truth, found=found * grow, scores=kept))
    return [average_precision(rows) for rows in seen]


def thin(boxes: NDArray[Any], scores: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Keep the best box of each object."""
    sides = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
    kept = np.array(cv2.dnn.NMSBoxes(sides, scores, FLOOR, OVERLAP), int).reshape(-1)[:MOST]
    return boxes[kept], scores[kept]
