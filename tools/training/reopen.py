"""Go on from shipped weights: read what `export` wrote back into a net that learns.

The file holds convolutions with their batch norms folded in. A norm is put back so that the net
answers as before: its mean and variance are those of the pictures it is shown here.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from tools.training.backbone import Conv
from tools.training.net import Part, StreetNet

Array = NDArray[Any]
Kernel = tuple[Tensor, Tensor]


@torch.no_grad()
def reopened(path: Path, pictures: Tensor) -> StreetNet:
    """Return the net of an exported file; `pictures` (batch, size, size, 3) are like its lessons."""
    kernels = iter(_kernels(path))
    net = StreetNet().eval()
    for conv in (m.conv for m in net.backbone.modules() if isinstance(m, Conv)):
        _put(conv, next(kernels))
    pyramid = net.pyramid
    for part in _parts(pyramid.enter, pyramid.down, pyramid.up):
        _fold_out(part, next(kernels))
    _head(net, kernels)
    _put_norms_back(net, pictures)
    return net


def _head(net: StreetNet, kernels: Iterator[Kernel]) -> None:
    """The head stands in the file once a stride; only the scale of its sides differs."""
    head, first = net.head, 1.0
    for number in range(len(head.scales)):
        for part in _parts(head.classes):
            _fold_out(part, next(kernels))
        _put_known(head.score, next(kernels))
        for part in _parts(head.sides):
            _fold_out(part, next(kernels))
        weight, bias = next(kernels)
        if number == 0:
            _put(head.side, (weight, bias))
            first = float(weight.norm())
        head.scales[number] = float(weight.norm()) / first


def _parts(*rooms: nn.Module) -> Iterator[Part]:
    return (m for room in rooms for m in room.modules() if isinstance(m, Part))


def _put(conv: nn.Conv2d, kernel: Kernel) -> None:
    conv.weight.copy_(kernel[0])
    if conv.bias is not None:
        conv.bias.copy_(kernel[1])


def _put_known(conv: nn.Conv2d, kernel: Kernel) -> None:
    """Take the scores of the classes that the file knows; what it does not know it doubts."""
    known = len(kernel[1])
    conv.weight.zero_()[:known] = kernel[0]
    conv.bias.fill_(float(kernel[1].min()))[:known] = kernel[1]


def _fold_out(part: Part, kernel: Kernel) -> None:
    """Take a folded convolution: the norm does nothing but add the bias."""
    part.conv.weight.copy_(kernel[0])
    norm = part.norm
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1.0)
    norm.bias.copy_(kernel[1])


def _put_norms_back(net: StreetNet, pictures: Tensor) -> None:
    seen: dict[nn.Module, list[tuple[Tensor, Tensor]]] = {}

    def note(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        spread, mean = torch.var_mean(inputs[0], (0, 2, 3), unbiased=False)
        seen.setdefault(norm, []).append((mean, spread))

    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(note) for norm in norms]
    net(pictures)
    for hook in hooks:
        hook.remove()
    for norm in norms:
        mean = torch.stack([m for m, _ in seen[norm]]).mean(0)
        spread = torch.stack([v for _, v in seen[norm]]).mean(0)
        norm.bias.add_(mean)
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)


def _kernels(path: Path) -> Iterator[Kernel]:
    """Yield weight and bias of every convolution, widened as the file widens them."""
    graph = onnx.load(str(path)).graph
    known = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    makers = {node.output[0]: node for node in graph.node}

    def value(name: str) -> Array:
        if name in known:
            return known[name]
        node = makers[name]
        if node.op_type == "Cast":
            return value(node.input[0]).astype(np.float32)
        return value(node.input[0]) * value(node.input[1])

    for node in graph.node:
        if node.op_type == "Conv":
            weight, bias = (np.asarray(value(name), np.float32) for name in node.input[1:3])
            is_first = weight.shape[1] == 3  # the file takes BGR
            yield torch.tensor(weight[:, ::-1].copy() if is_first else weight), torch.tensor(bias)
