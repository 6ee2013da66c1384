"""The program that computes a net: onnxruntime, or OpenVINO where a site has installed it.

Left alone, OpenVINO computes in bfloat16 where the processor can: nearly twice as fast, but its
answers differ a little. So the precision is always written down and never left to it, and
what differs from the default stands in the model's version, which every finding carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from threading import local
from typing import Any, Protocol

from numpy.typing import NDArray

from chengzhi_redaction.sessions import session
from chengzhi_vision.errors import EngineUnusable

SETTING = "CHENGZHI_VISION_ENGINE"
Array = NDArray[Any]


class Engine(StrEnum):
    """What computes, and in which precision."""

    ONNXRUNTIME = "onnxruntime"  # float32
    OPENVINO = "openvino"  # float32
    OPENVINO_BF16 = "openvino-bf16"


PRECISION = {Engine.OPENVINO: "f32", Engine.OPENVINO_BF16: "bf16"}


class Net(Protocol):
    """One opened net; many threads may ask it."""

    def __call__(self, picture: Array) -> list[Array]:
        """Return the outputs in the order in which they were named when it was opened."""

    def shape(self) -> list[int]:
        """Return the shape of the picture it takes."""


def engine_asked(environment: Mapping[str, str]) -> Engine:
    """Return the engine that the environment names; EngineUnusable for a name that is none."""
    told = environment.get(SETTING) or Engine.ONNXRUNTIME
    if told not in list(Engine):
        raise EngineUnusable(f"{SETTING} 为“{told}”，应为 {'、'.join(Engine)} 之一。")
    return Engine(told)


def version_under(engine: Engine, version: str) -> str:
    """Return a model's version with the engine that computes it, where it is not the default."""
    return version if engine is Engine.ONNXRUNTIME else f"{version} {engine}"


def open_net(weights: bytes, *, outputs: Sequence[str], engine: Engine, threads: int) -> Net:
    """Open an ONNX file whose one input is `picture`; EngineUnusable where its program is missing."""
    if engine is Engine.ONNXRUNTIME:
        return _OnnxRuntime(session(weights, threads=threads, keeps_room=True), outputs)
    return _OpenVino(weights, outputs, precision=PRECISION[engine], threads=threads)


class _OnnxRuntime:
    def __init__(self, opened: Any, outputs: Sequence[str]) -> None:
        self._session, self._outputs = opened, list(outputs)

    def __call__(self, picture: Array) -> list[Array]:
        return list(self._session.run(self._outputs, {"picture": picture}))

    def shape(self) -> list[int]:
        return list(self._session.get_inputs()[0].shape)


class _OpenVino:
    """Every thread asks through a request of its own: one request answers one thread at a time."""

    def __init__(
        self, weights: bytes, outputs: Sequence[str], *, precision: str, threads: int
    ) -> None:
        try:
            from openvino import Core
        except ImportError as cause:
            raise EngineUnusable(
                f"{SETTING} 要求 OpenVINO，但没有安装：请运行 pip install 'chengzhi[openvino]'。"
            ) from cause
        options = {
            "INFERENCE_PRECISION_HINT": precision,
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        }
        core = Core()
        self._compiled = core.compile_model(core.read_model(weights), "CPU", options)
        self._outputs, self._mine = list(outputs), local()

    def __call__(self, picture: Array) -> list[Array]:
        if not hasattr(self._mine, "request"):
            self._mine.request = self._compiled.create_infer_request()
        answers = self._mine.request.infer({"picture": picture})
        return [answers[name].copy() for name in self._outputs]

    def shape(self) -> list[int]:
        return list(self._compiled.input(0).shape)
