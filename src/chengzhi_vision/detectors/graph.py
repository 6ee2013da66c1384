"""Read a TensorFlow.js graph model: nodes, attributes, weights and folded constants."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
DTYPES = {"float32": "f4", "int32": "i4", "bool": "?"}


@dataclass(frozen=True, kw_only=True)
class Graph:
    """The nodes by name and the weights by name."""

    nodes: dict[str, dict[str, Any]]
    weights: dict[str, Array]


def read_graph(path: Path) -> Graph:
    """Read model.json and the weight shards that lie beside it."""
    model = json.loads(path.read_text("utf-8"))
    weights: dict[str, Array] = {}
    for group in model["weightsManifest"]:
        shards = b"".join((path.parent / name).read_bytes() for name in group["paths"])
        weights.update(_read_group(group["weights"], shards))
    nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
    return Graph(nodes=nodes, weights=weights)


def _read_group(entries: list[dict[str, Any]], shards: bytes) -> dict[str, Array]:
    found, offset = {}, 0
    for entry in entries:
        dtype = np.dtype(DTYPES[entry["dtype"]])
        count = int(np.prod(entry["shape"])) if entry["shape"] else 1
        array = np.frombuffer(shards, dtype, count, offset)
        found[entry["name"]] = array.reshape(entry["shape"])
        offset += count * dtype.itemsize
    return found


def base_name(name: str) -> str:
    """Return a node's name without the control mark and output number."""
    return name.split("^")[-1].removesuffix(":0")


def attribute(node: dict[str, Any], key: str, default: Any = None) -> Any:
    """Return one attribute in plain Python."""
    value = node.get("attr", {}).get(key)
    if value is None:
        return default
    if "list" in value:
        return [int(item) for item in value["list"].get("i", [])]
    if "s" in value:
        raw = value["s"]
        return (bytes(raw) if isinstance(raw, list) else base64.b64decode(raw)).decode()
    return next(float(value[k]) if k == "f" else int(value[k]) for k in "ifb" if k in value)


def constant(graph: Graph, name: str) -> Array | None:
    """Return what a node is known to be before any picture arrives, else None.

    A batch size taken from the input's shape folds to 1: the worker looks at one picture.
    """
    name = base_name(name)
    if name in graph.weights:
        return graph.weights[name]
    node = graph.nodes[name]
    if node["op"] == "StridedSlice":
        return np.array(1, "i4")
    if node["op"] != "Pack":
        return None
    parts = [constant(graph, item) for item in node["input"]]
    known = [part for part in parts if part is not None]
    return np.stack(known, attribute(node, "axis", 0)) if len(known) == len(parts) else None


def narrowed(graph: Graph, *, head: str, columns: list[int], of: int) -> Graph:
    """Return a graph whose class head answers for some columns only, in their order.

    A detector of 91 classes spends a fifth of its time on those that nobody asks for. Each class
    of each anchor is one channel of a last convolution; the others are left out of its weights.
    """
    weights = dict(graph.weights)
    for name in _fed_by(graph, head):
        known = graph.weights.get(name)
        if known is None:
            continue
        if known.ndim == 0 and int(known) == of:
            weights[name] = np.array(len(columns), known.dtype)
        elif known.ndim > 0 and known.shape[-1] % of == 0:
            by_anchor = known.reshape(*known.shape[:-1], -1, of)[..., columns]
            weights[name] = by_anchor.reshape(*known.shape[:-1], -1)
    return Graph(nodes=graph.nodes, weights=weights)


HEAD = frozenset(["ConcatV2", "Reshape", "Pack", "BiasAdd", "Conv2D"])


def _fed_by(graph: Graph, head: str) -> set[str]:
    """Return the constants of the last layers before an output."""
    found: set[str] = set()
    waiting = [base_name(head)]
    while waiting:
        node = graph.nodes[waiting.pop()]
        inputs = [base_name(name) for name in node["input"]]
        found.update(name for name in inputs if name in graph.weights)
        last = inputs[1:] if node["op"] == "Conv2D" else inputs  # not what feeds the convolution
        waiting += [name for name in last if graph.nodes[name]["op"] in HEAD]
    return found
