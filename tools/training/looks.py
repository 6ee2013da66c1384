"""What the backbone makes of a picture: pictures that look alike get like numbers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper

Array = NDArray[Any]
SSDLITE_SIZE = 300
# Convolutions of the converted SSDLite: the one that reads the last map at stride 16, and the one
# through which it judges classes on the map at stride 32.
READS_MIDDLE, JUDGES_TOP = 39, 78


class Looks:
    """A picture in, a row of numbers out that is alike for pictures that look alike."""

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        model = onnx.load(str(path))
        convs = [node for node in model.graph.node if node.op_type == "Conv"]
        ends = [convs[READS_MIDDLE].input[0], convs[JUDGES_TOP].output[0]]
        self.session = _session(cut(model, ends), threads)

    def __call__(self, image: Array) -> Array:
        square = cv2.resize(np.ascontiguousarray(image), (SSDLITE_SIZE, SSDLITE_SIZE))
        middle, top = self.session.run(None, {"picture": _normal(square)})
        return np.concatenate([middle.mean((2, 3))[0] / 2, top.mean((2, 3))[0]])


def cut(model: onnx.ModelProto, ends: Sequence[str]) -> onnx.ModelProto:
    """Return the part of a converted model that leads to `ends`, for pictures of any size."""
    makers = {name: node for node in model.graph.node for name in node.output}
    wanted, kept = list(ends), set()
    while wanted:
        name = wanted.pop()
        if name in makers and name not in kept:
            kept.add(name)
            wanted += makers[name].input
    nodes = [node for node in model.graph.node if node.output[0] in kept]
    used = {name for node in nodes for name in node.input}
    weights = [item for item in model.graph.initializer if item.name in used]
    start = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, "high", "wide", 3])
    stops = [helper.make_tensor_value_info(end, TensorProto.FLOAT, None) for end in ends]
    graph = helper.make_graph(nodes, "part", [start], stops, weights)
    made = helper.make_model(graph, opset_imports=model.opset_import)
    made.ir_version = model.ir_version
    return made


def _session(model: onnx.ModelProto, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = threads
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)


def _normal(image: Array) -> Array:
    """Return a BGR picture as the backbone takes it: RGB from -1 to 1."""
    rgb: Array = image[None, :, :, ::-1].astype(np.float32) / np.float32(127.5) - 1
    return rgb
