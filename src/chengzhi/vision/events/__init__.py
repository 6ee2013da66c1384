"""What happens to cameras and to findings, split by what it is about."""

from chengzhi.vision.events.records import (
    CameraChanged,
    CameraRecovered,
    CameraRegistered,
    CameraSilent,
    CameraWentBlind,
    EvidenceCompleted,
    FindingConfirmed,
    FindingMerged,
    FindingReceived,
    FindingRejected,
    FindingReopened,
    RuleChanged,
    WorkOrderLinked,
    ZonesChanged,
)

__all__ = [
    "CameraChanged",
    "CameraRecovered",
    "CameraRegistered",
    "CameraSilent",
    "CameraWentBlind",
    "EvidenceCompleted",
    "FindingConfirmed",
    "FindingMerged",
    "FindingReceived",
    "FindingRejected",
    "FindingReopened",
    "RuleChanged",
    "WorkOrderLinked",
    "ZonesChanged",
]
