"""MobileNetV2 in torch, with the weights of the converted SSDLite (Apache-2.0)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

Array = NDArray[Any]
# expansion, output channels, stride of each inverted residual block (Sandler et al. 2018, table 2)
BLOCKS = (
    [(1, 16, 1)]
    + [(6, 24, 2), (6, 24, 1)]
    + [(6, 32, 2), (6, 32, 1), (6, 32, 1)]
    + [(6, 64, 2), (6, 64, 1), (6, 64, 1), (6, 64, 1)]
    + [(6, 96, 1), (6, 96, 1), (6, 96, 1)]
    + [(6, 160, 2), (6, 160, 1), (6, 160, 1)]
    + [(6, 320, 1)]
)
TAPS = (5, 12, 16)  # the last block at strides 8, 16 and 32
CHANNELS = (32, 96, 320)
FIRST = 32  # channels of the first layer
FROZEN = 6  # the first layer and so many blocks change only where training says `deep`
PREDICTOR = (40, 41)  # depthwise convolution and box codes of SSDLite's first feature map


class Conv(nn.Module):
    """A convolution, padded as TensorFlow pads even sizes.

    A stride of two pads right and bottom only. Mirrored, that is a padding of one on all sides
    with every other answer dropped from the far end, which torch computes much faster.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        size: int,
        *,
        stride: int = 1,
        group: int = 1,
        bounded: bool = True,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.bounded, self.stride = bounded, stride
        self.conv = nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=group, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        out = self._mirrored(x) if self.stride == 2 else self.conv(x)
        return F.relu6(out) if self.bounded else out

    def _mirrored(self, x: Tensor) -> Tensor:
        conv, weight = self.conv, self.conv.weight.flip(2, 3)
        out = F.conv2d(x.flip(2, 3), weight, conv.bias, 2, 1, groups=conv.groups)
        return out.flip(2, 3)


class Block(nn.Module):
    """One inverted residual: widen, look around, narrow."""

    def __init__(self, inputs: int, outputs: int, *, expansion: int, stride: int) -> None:
        super().__init__()
        wide = inputs * expansion
        widen = [Conv(inputs, wide, 1)] if expansion > 1 else []
        around = Conv(wide, wide, 3, stride=stride, group=wide)
        self.steps = nn.Sequential(*widen, around, Conv(wide, outputs, 1, bounded=False))
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.steps(x)
        return x + out if self.residual else out


class Backbone(nn.Module):
    """The first layer and the blocks; returns the maps at strides 8, 16, 32."""

    def __init__(self) -> None:
        super().__init__()
        widths = [FIRST, *(outputs for _, outputs, _ in BLOCKS)]
        self.first = Conv(3, FIRST, 3, stride=2)
        self.blocks = nn.ModuleList(
            Block(widths[number], outputs, expansion=expansion, stride=stride)
            for number, (expansion, outputs, stride) in enumerate(BLOCKS)
        )
        self.first.requires_grad_(False)
        self.blocks[:FROZEN].requires_grad_(False)

    def forward(self, x: Tensor) -> list[Tensor]:
        """Take RGB from -1 to 1 (batch, 3, high, wide)."""
        x, maps = self.first(x), []
        for number, block in enumerate(self.blocks):
            x = block(x)
            if number in TAPS:
                maps.append(x)
        return maps

    def load(self, path: Path) -> None:
        """Take the folded weights from the converted SSDLite."""
        convs = [m.conv for m in self.modules() if isinstance(m, Conv)]
        for conv, (weight, bias) in zip(convs, backbone_weights(path), strict=True):
            conv.weight.data.copy_(torch.from_numpy(weight))
            conv.bias.data.copy_(torch.from_numpy(bias))


def backbone_convs(graph: onnx.GraphProto) -> list[onnx.NodeProto]:
    """Return the convolutions of the first layer and the seventeen blocks, in order."""
    convs = [node for node in graph.node if node.op_type == "Conv"]
    return [c for number, c in enumerate(convs[:53]) if number not in PREDICTOR]


def backbone_weights(path: Path) -> list[tuple[Array, Array]]:
    """Return weight and bias of each backbone convolution, scale factors multiplied in."""
    graph = onnx.load(str(path)).graph
    known = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    makers = {name for node in graph.node for name in node.output}
    users = {name: node for node in graph.node for name in node.input if name in makers}
    return [_fold(conv, known, users) for conv in backbone_convs(graph)]


def _fold(
    conv: onnx.NodeProto, known: dict[str, Array], users: dict[str, onnx.NodeProto]
) -> tuple[Array, Array]:
    """Walk to the bias, past a scale and past the residual that TensorFlow adds before it."""
    weight = known[conv.input[1]]
    node = users[conv.output[0]]
    while True:
        factor = next((known[name] for name in node.input if name in known), None)
        if factor is not None and node.op_type == "Add":
            return weight.astype(np.float32), factor.reshape(-1).astype(np.float32)
        if factor is not None:
            weight = weight * factor.reshape(-1, 1, 1, 1)
        node = users[node.output[0]]
