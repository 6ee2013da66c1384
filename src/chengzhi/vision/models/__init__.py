"""Tables of cameras, zones and rules, of findings and their files, and of the cameras' health."""

from chengzhi.vision.models.calibration import (
    CalibrationRun,
    DriftAlarm,
    ScorePolicy,
    Threshold,
)
from chengzhi.vision.models.cameras import Camera, Rule, Zone
from chengzhi.vision.models.findings import ExpectedFile, Finding, ReceivedFile
from chengzhi.vision.models.health import CameraDay, CameraHealth, Incident, WorkerStatus
from chengzhi.vision.models.leases import CameraLease, DwellMemory, LeaseSeat, LeaseTenure
from chengzhi.vision.models.plans import ZonePlan
from chengzhi.vision.models.presets import Preset
from chengzhi.vision.models.rechecks import Recheck
from chengzhi.vision.models.trials import RuleTrial, TrialPicture

__all__ = [
    "RuleTrial",
    "TrialPicture",
    "CalibrationRun",
    "DriftAlarm",
    "Recheck",
    "ScorePolicy",
    "Threshold",
    "Camera",
    "CameraDay",
    "CameraHealth",
    "CameraLease",
    "DwellMemory",
    "ExpectedFile",
    "Finding",
    "Incident",
    "LeaseSeat",
    "LeaseTenure",
    "Preset",
    "ReceivedFile",
    "Rule",
    "WorkerStatus",
    "Zone",
    "ZonePlan",
]
