"""Tables of cameras, zones and rules, of findings and their files, and of the cameras' health."""

from chengzhi.vision.models.cameras import Camera, Rule, Zone
from chengzhi.vision.models.findings import ExpectedFile, Finding, ReceivedFile
from chengzhi.vision.models.health import CameraDay, CameraHealth, Incident, WorkerStatus

__all__ = [
    "Camera",
    "CameraDay",
    "CameraHealth",
    "ExpectedFile",
    "Finding",
    "Incident",
    "ReceivedFile",
    "Rule",
    "WorkerStatus",
    "Zone",
]
