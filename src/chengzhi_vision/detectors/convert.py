"""Turn a TensorFlow.js graph model into ONNX with numpy and onnx alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from chengzhi_vision.detectors.graph import Array, Graph, attribute, base_name, constant
from chengzhi_vision.errors import ModelMissing

OPSET, IR_VERSION = 13, 8
TO_NCHW, TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
Value = dict[str, str]  # layout ("NHWC" as TensorFlow has it, or "NCHW") -> ONNX name


class Converter:
    """Walks back from the wanted outputs and emits one ONNX node per graph node."""

    def __init__(self, graph: Graph, *, entry: str) -> None:
        self.graph = graph
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: dict[str, onnx.TensorProto] = {}
        self.values: dict[str, Value] = {entry: {"NHWC": "picture"}}
        self.deeds: dict[str, Callable[[dict[str, Any]], Value]] = {
            "Conv2D": self._conv,
            "DepthwiseConv2dNative": self._conv,
            "FusedBatchNorm": self._batch_norm,
            "Add": lambda node: self._binary(node, "Add"),
            "BiasAdd": lambda node: self._binary(node, "Add"),
            "Mul": lambda node: self._binary(node, "Mul"),
            "AddN": self._add_all,
            "Relu6": self._relu6,
            "Reshape": self._reshape,
            "ConcatV2": self._concat,
            "Squeeze": self._squeeze,
        }

    def build(self, name: str) -> Value:
        """Return the ONNX value of a node, emitting what it needs first."""
        name = base_name(name)
        if name not in self.values:
            known = constant(self.graph, name)
            self.values[name] = (
                self._emit_node(name) if known is None else {"NHWC": self._keep(known)}
            )
        return self.values[name]

    def get(self, name: str, layout: str = "NHWC") -> str:
        """Return the ONNX name of a node's output in a layout."""
        value = self.build(name)
        if layout not in value:
            other = "NHWC" if layout == "NCHW" else "NCHW"
            perm = TO_NCHW if layout == "NCHW" else TO_NHWC
            value[layout] = self._emit("Transpose", [value[other]], perm=perm)
        return value[layout]

    def name_output(self, name: str, alias: str) -> None:
        self.nodes.append(helper.make_node("Identity", [self.get(name)], [alias]))

    def _emit_node(self, name: str) -> Value:
        node = self.graph.nodes[name]
        deed = self.deeds.get(node["op"])
        if deed is None:
            raise ModelMissing(f"模型含有不支持的算子 {node['op']}，请使用固定版本的模型包。")
        return deed(node)

    def _emit(self, op: str, inputs: list[str], **attributes: Any) -> str:
        output = f"{op}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [output], **attributes))
        return output

    def _keep(self, array: Array) -> str:
        name = f"c_{len(self.initializers)}"
        plain = array.astype("i8") if array.dtype == np.int32 else array
        self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(plain), name)
        return name

    def _constant(self, name: str) -> Array:
        known = constant(self.graph, name)
        if known is None:
            raise ModelMissing(f"模型节点 {name} 不是常量，请使用固定版本的模型包。")
        return known

    def _conv(self, node: dict[str, Any]) -> Value:
        weights = self._constant(node["input"][1])
        if node["op"] == "Conv2D":
            kernel, group = weights.transpose(3, 2, 0, 1), 1
        else:
            height, width, channels, factor = weights.shape
            kernel = weights.transpose(2, 3, 0, 1).reshape(channels * factor, 1, height, width)
            group = channels
        strides = attribute(node, "strides")
        padding = "SAME_UPPER" if attribute(node, "padding") == "SAME" else "VALID"
        inputs = [self.get(node["input"][0], "NCHW"), self._keep(kernel)]
        options = {"strides": strides[1:3], "group": group, "auto_pad": padding}
        return {"NCHW": self._emit("Conv", inputs, **options)}

    def _batch_norm(self, node: dict[str, Any]) -> Value:
        factors = [self._keep(self._constant(name)) for name in node["input"][1:5]]
        inputs = [self.get(node["input"][0], "NCHW"), *factors]
        epsilon = attribute(node, "epsilon", 1e-3)
        return {"NCHW": self._emit("BatchNormalization", inputs, epsilon=epsilon)}

    def _binary(self, node: dict[str, Any], op: str) -> Value:
        names = [base_name(name) for name in node["input"][:2]]
        values = [self.build(name) for name in names]
        if any("NCHW" in value for value in values):
            return {"NCHW": self._emit(op, [self._in_nchw(name) for name in names])}
        return {"NHWC": self._emit(op, [value["NHWC"] for value in values])}

    def _in_nchw(self, name: str) -> str:
        known = constant(self.graph, name)
        if known is None or known.ndim == 0:
            return self.get(name, "NCHW") if known is None else self.get(name)
        shaped = known.reshape(1, -1, 1, 1) if known.ndim == 1 else known.transpose(TO_NCHW)
        return self._keep(shaped)

    def _add_all(self, node: dict[str, Any]) -> Value:
        total = self.get(node["input"][0], "NCHW")
        for name in node["input"][1:]:
            total = self._emit("Add", [total, self.get(name, "NCHW")])
        return {"NCHW": total}

    def _relu6(self, node: dict[str, Any]) -> Value:
        layout, name = next(reversed(self.build(node["input"][0]).items()))
        low, high = self._keep(np.array(0, "f4")), self._keep(np.array(6, "f4"))
        return {layout: self._emit("Clip", [name, low, high])}

    def _reshape(self, node: dict[str, Any]) -> Value:
        shape = self._keep(self._constant(node["input"][1]))
        return {"NHWC": self._emit("Reshape", [self.get(node["input"][0]), shape])}

    def _concat(self, node: dict[str, Any]) -> Value:
        axis = int(self._constant(node["input"][-1]))
        parts = [self.get(name) for name in node["input"][:-1]]
        return {"NHWC": self._emit("Concat", parts, axis=axis)}

    def _squeeze(self, node: dict[str, Any]) -> Value:
        axes = self._keep(np.array(attribute(node, "squeeze_dims"), "i8"))
        return {"NHWC": self._emit("Squeeze", [self.get(node["input"][0]), axes])}


def convert(graph: Graph, *, entry: str, size: int, outputs: dict[str, str], path: Path) -> None:
    """Write the part of `graph` between `entry` and `outputs` as an ONNX file."""
    converter = Converter(graph, entry=entry)
    for name, alias in outputs.items():
        converter.name_output(name, alias)
    picture = helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, size, size, 3])
    ends = [helper.make_tensor_value_info(a, TensorProto.FLOAT, None) for a in outputs.values()]
    used = {name for node in converter.nodes for name in node.input}
    kept = [item for name, item in converter.initializers.items() if name in used]
    body = helper.make_graph(converter.nodes, "detector", [picture], ends, kept)
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    onnx.checker.check_model(onnx.shape_inference.infer_shapes(model))
    onnx.save(model, str(path))
