"""Nets are computed by onnxruntime or, where a site asks for it, by OpenVINO."""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest

from chengzhi_vision.detectors.engine import Engine, engine_asked, version_under
from chengzhi_vision.detectors.garbage import VERSION, GarbageHead
from chengzhi_vision.errors import EngineUnusable
from chengzhi_vision.geometry import iou
from chengzhi_vision.types import Detection

SCENES = Path(__file__).parents[2] / "seed" / "img"
PICTURE = cv2.imread(str(SCENES / "garbage-near.webp"))


def head(engine: Engine) -> GarbageHead:
    detector = GarbageHead(floor=0.3, engine=engine)
    detector.load()
    return detector


@pytest.fixture(scope="module")
def golden() -> list[Detection]:
    return head(Engine.ONNXRUNTIME).detect(PICTURE)


def test_onnxruntime_computes_unless_another_engine_is_named() -> None:
    assert engine_asked({}) is Engine.ONNXRUNTIME
    assert engine_asked({"CHENGZHI_VISION_ENGINE": ""}) is Engine.ONNXRUNTIME
    assert engine_asked({"CHENGZHI_VISION_ENGINE": "openvino-bf16"}) is Engine.OPENVINO_BF16


def test_an_unknown_engine_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(EngineUnusable) as refusal:
        engine_asked({"CHENGZHI_VISION_ENGINE": "tensorrt"})

    assert refusal.value.sentence == (
        "CHENGZHI_VISION_ENGINE 为“tensorrt”，应为 onnxruntime、openvino、openvino-bf16 之一。"
    )


def test_an_engine_that_is_not_installed_is_refused_with_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(EngineUnusable, match=r"pip install 'chengzhi\[openvino\]'"):
        head(Engine.OPENVINO)


def test_a_finding_can_tell_which_engine_judged() -> None:
    assert version_under(Engine.ONNXRUNTIME, "2") == "2"
    assert (
        GarbageHead(floor=0.3, engine=Engine.OPENVINO_BF16).model.version
        == f"{VERSION} openvino-bf16"
    )


@pytest.mark.parametrize(
    ("engine", "least", "most"),
    [(Engine.OPENVINO, 0.98, 0.01), (Engine.OPENVINO_BF16, 0.8, 0.1)],
)
def test_openvino_answers_as_onnxruntime_does(
    golden: list[Detection], engine: Engine, least: float, most: float
) -> None:
    pytest.importorskip("openvino")

    best = head(engine).detect(PICTURE)[0]

    assert best.kind is golden[0].kind
    assert iou(best.box, golden[0].box) > least
    assert abs(best.score - golden[0].score) < most


def test_threads_do_not_get_each_others_answers() -> None:
    pytest.importorskip("openvino")
    detector = head(Engine.OPENVINO)
    pictures = [PICTURE, np.full_like(PICTURE, 90), np.ascontiguousarray(PICTURE[:, ::-1])]
    alone = [detector.detect(picture) for picture in pictures]

    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(detector.detect, pictures * 4))

    assert together == alone * 4
