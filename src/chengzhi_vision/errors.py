"""Refusals of the worker: a code for programs and a Chinese sentence for people."""


class VisionError(Exception):
    """A refusal with a code and a sentence that names what is wrong and the cure."""

    code = "vision_error"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class CameraFileInvalid(VisionError):
    """摄像机配置有误."""

    code = "camera_file_invalid"


class SourceFailed(VisionError):
    """视频源打不开或中断."""

    code = "source_failed"


class ModelMissing(VisionError):
    """检测模型不可用."""

    code = "model_missing"


class EngineUnusable(VisionError):
    """推理引擎不可用."""

    code = "engine_unusable"


class DeliveryRefused(VisionError):
    """服务器明确拒收."""

    code = "delivery_refused"


class SpoolFull(VisionError):
    """本地暂存空间已满."""

    code = "spool_full"


class TruthInvalid(VisionError):
    """真值文件读不懂."""

    code = "truth_invalid"


class BenchInvalid(VisionError):
    """基准测试的输入有误."""

    code = "bench_invalid"
