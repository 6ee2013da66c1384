"""The chain of one camera: health, detections, tracks, places, candidates, alarms."""

from chengzhi_vision.pipeline.chain import Pipeline
from chengzhi_vision.pipeline.eyes import Paced

__all__ = ["Paced", "Pipeline"]
