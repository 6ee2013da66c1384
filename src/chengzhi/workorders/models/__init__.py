"""Tables of the context, split by what they are for."""

from chengzhi.workorders.models.adjustments import Adjustment, Appeal, Notice
from chengzhi.workorders.models.clocks import ClockPause, StageRun
from chengzhi.workorders.models.coverage import CoverageCell, CoveragePlan, CoverageZone
from chengzhi.workorders.models.desk import BulkRun, DefaultView, OrderMark
from chengzhi.workorders.models.exports import ExportJob
from chengzhi.workorders.models.field import Beat, ControlWindow, SpotPolicy
from chengzhi.workorders.models.imports import ImportRun
from chengzhi.workorders.models.links import Bundle, Referral
from chengzhi.workorders.models.looks import CameraLook
from chengzhi.workorders.models.map import HeatSquare, MapRefresh, MapSquare
from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.models.outside import OutsideRequest
from chengzhi.workorders.models.remedies import (
    FundLine,
    OwnerSearch,
    RecoveryPayment,
    Remedy,
    RemedyMeeting,
)
from chengzhi.workorders.models.retention import LegalHold, RetentionRow, RetentionRun
from chengzhi.workorders.models.settings import RoutingLayer, RoutingRule, SavedView
from chengzhi.workorders.models.whistles import Whistle, WhistleAnswer

__all__ = [
    "CameraLook",
    "CoverageCell",
    "CoveragePlan",
    "CoverageZone",
    "FundLine",
    "OwnerSearch",
    "RecoveryPayment",
    "Remedy",
    "RemedyMeeting",
    "ExportJob",
    "ImportRun",
    "OutsideRequest",
    "ClockPause",
    "BulkRun",
    "DefaultView",
    "HeatSquare",
    "MapRefresh",
    "MapSquare",
    "OrderMark",
    "Adjustment",
    "Appeal",
    "ClockPause",
    "Notice",
    "RoutingLayer",
    "LegalHold",
    "RetentionRow",
    "RetentionRun",
    "RoutingRule",
    "SavedView",
    "StageRun",
    "Whistle",
    "WhistleAnswer",
    "Beat",
    "Bundle",
    "ControlWindow",
    "Referral",
    "RoutingRule",
    "SavedView",
    "SpotPolicy",
    "WorkOrder",
]
