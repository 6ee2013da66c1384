"""Write the trained net as one ONNX file: pictures in, scores and boxes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from tools.training.backbone import BLOCKS, TAPS, Block, Conv
from tools.training.net import STRIDES, Part, StreetNet, cells

OPSET, IR_VERSION = 13, 8
Array = NDArray[Any]


class Writer:
    """Collects nodes; weights are kept small and widened to float32 when the file is opened."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def emit(self, op: str, inputs: list[str], **attributes: Any) -> str:
        output = f"{op.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def keep(self, array: Array) -> str:
        """Store a constant; large ones as float16."""
        large = array.dtype == np.float32 and array.size > 64
        stored = array.astype(np.float16) if large else array
        name = f"w_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(stored), name))
        return self.emit("Cast", [name], to=TensorProto.FLOAT) if large else name

    def keep_bytes(self, weight: Array) -> str:
        """Store a 1×1 kernel as int8, each output channel with a scale of its own."""
        scale = np.maximum(np.abs(weight).max((1, 2, 3), keepdims=True), 1e-8) / 127
        whole = self.keep(np.round(weight / scale).astype(np.int8))
        wide = self.emit("Cast", [whole], to=TensorProto.FLOAT)
        return self.emit("Mul", [wide, self.keep(scale.astype(np.float32))])

    def conv(self, x: str, weight: Array, bias: Array, **options: Any) -> str:
        """Emit a convolution, its padding as torch has it (`around`) or as TensorFlow."""
        stride, group = options.get("stride", 1), options.get("group", 1)
        size = weight.shape[-1] // 2
        late = stride == 2 and not options.get("around")
        pads = [0, 0, 1, 1] if late else [size] * 4
        kept = self.keep_bytes(weight) if weight.shape[-1] == 1 else self.keep(weight)
        inputs = [x, kept, self.keep(bias)]
        out = self.emit("Conv", inputs, strides=[stride] * 2, group=group, pads=pads)
        return self._bound(out, options.get("top"))

    def _bound(self, x: str, top: float | None) -> str:
        if top is None:
            return x
        if top == np.inf:
            return self.emit("Relu", [x])
        low, high = self.keep(np.array(0, "f4")), self.keep(np.array(top, "f4"))
        return self.emit("Clip", [x, low, high])


def export(net: StreetNet, *, size: int, path: Path) -> None:
    """Write the net for square BGR pictures of `size` pixels."""
    writer = Writer()
    maps = _backbone(writer, _picture(writer), net)
    scores, boxes = _head(writer, _pyramid(writer, maps, net), net, size)
    writer.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    writer.nodes.append(helper.make_node("Identity", [boxes], ["boxes"]))
    start = helper.make_tensor_value_info("picture", TensorProto.UINT8, [1, size, size, 3])
    count = sum((size // s) ** 2 for s in STRIDES)
    ends = [
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, count, net.kinds]),
        helper.make_tensor_value_info("boxes", TensorProto.FLOAT, [1, count, 4]),
    ]
    body = helper.make_graph(writer.nodes, path.stem, [start], ends, writer.weights)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(model))
    onnx.save(model, str(path))


def _picture(writer: Writer) -> str:
    x = writer.emit("Cast", ["picture"], to=TensorProto.FLOAT)
    x = writer.emit("Mul", [x, writer.keep(np.array(1 / 127.5, "f4"))])
    x = writer.emit("Sub", [x, writer.keep(np.array(1, "f4"))])
    return writer.emit("Transpose", [x], perm=[0, 3, 1, 2])


def _backbone(writer: Writer, x: str, net: StreetNet) -> list[str]:
    weight, bias = _weights(net.backbone.first)
    x = writer.conv(x, weight[:, ::-1], bias, stride=2, top=6.0)  # the picture comes as BGR
    maps = []
    for number, (block, (_, _, stride)) in enumerate(zip(net.backbone.blocks, BLOCKS, strict=True)):
        assert isinstance(block, Block)
        weights = [_weights(step) for step in block.steps]
        x = _block(writer, x, weights, stride=stride, residual=block.residual)
        if number in TAPS:
            maps.append(x)
    return maps


def _block(
    writer: Writer, x: str, weights: list[tuple[Array, Array]], *, stride: int, residual: bool
) -> str:
    out = x
    for number, (weight, bias) in enumerate(weights):
        around = weight.shape[1] == 1
        out = writer.conv(
            out,
            weight,
            bias,
            stride=stride if around else 1,
            group=weight.shape[0] if around else 1,
            top=6.0 if number < len(weights) - 1 else None,
        )
    return writer.emit("Add", [x, out]) if residual else out


def _weights(step: nn.Module) -> tuple[Array, Array]:
    assert isinstance(step, Conv)
    return _array(step.conv.weight), _array(step.conv.bias)


def _array(tensor: Tensor | None) -> Array:
    assert tensor is not None
    return tensor.detach().float().contiguous().numpy()


def _part(writer: Writer, x: str, part: nn.Module) -> str:
    """Emit a convolution with its batch norm folded in."""
    assert isinstance(part, Part)
    norm = part.norm
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    weight = _array(part.conv.weight * factor[:, None, None, None])
    bias = _array(norm.bias - norm.running_mean * factor)
    top = np.inf if part.bounded else None
    group = part.conv.groups
    return writer.conv(x, weight, bias, stride=part.stride, group=group, top=top, around=True)


def _parts(writer: Writer, x: str, parts: nn.Module) -> str:
    for part in parts.children():
        x = _part(writer, x, part)
    return x


def _pyramid(writer: Writer, maps: list[str], net: StreetNet) -> list[str]:
    pyramid = net.pyramid
    enter = [_part(writer, x, p) for x, p in zip(maps, pyramid.enter, strict=True)]
    fine, middle, coarse = enter
    middle = _parts(writer, _raised(writer, middle, coarse), pyramid.down[0])
    fine = _parts(writer, _raised(writer, fine, middle), pyramid.down[1])
    middle = writer.emit("Add", [middle, _parts(writer, fine, pyramid.up[0])])
    coarse = writer.emit("Add", [coarse, _parts(writer, middle, pyramid.up[1])])
    return [fine, middle, coarse]


def _raised(writer: Writer, fine: str, coarse: str) -> str:
    scales = writer.keep(np.array([1, 1, 2, 2], "f4"))
    ways = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric"}
    return writer.emit(
        "Add", [fine, writer.emit("Resize", [coarse, "", scales], nearest_mode="floor", **ways)]
    )


def _head(writer: Writer, maps: list[str], net: StreetNet, size: int) -> tuple[str, str]:
    head, scores, sides = net.head, [], []
    for number, x in enumerate(maps):
        score = writer.conv(
            _parts(writer, x, head.classes), _array(head.score.weight), _array(head.score.bias)
        )
        scale = head.scales[number]
        side = writer.conv(
            _parts(writer, x, head.sides),
            _array(head.side.weight * scale),
            _array(head.side.bias * scale),
        )
        scores.append(_listed(writer, score, net.kinds))
        sides.append(_listed(writer, side, 4))
    sure = writer.emit("Sigmoid", [writer.emit("Concat", scores, axis=1)])
    return sure, _boxes(writer, writer.emit("Concat", sides, axis=1), size)


def _listed(writer: Writer, x: str, width: int) -> str:
    shape = writer.keep(np.array([1, -1, width], "i8"))
    return writer.emit("Reshape", [writer.emit("Transpose", [x], perm=[0, 2, 3, 1]), shape])


def _boxes(writer: Writer, sides: str, size: int) -> str:
    """Emit left, top, right, bottom in pixels: centre minus or plus the distance in strides."""
    points, strides = (t.numpy() for t in cells(size))
    reach = strides[:, None] * np.array([[-1, -1, 1, 1]], "f4")
    limit = writer.keep(np.array(6, "f4"))
    far = writer.emit("Exp", [writer.emit("Min", [sides, limit])])
    moved = writer.emit("Mul", [far, writer.keep(reach[None])])
    return writer.emit("Add", [moved, writer.keep(np.hstack([points, points])[None])])
