"""Tables of the context, split by what they are for."""

from chengzhi.workorders.models.clocks import ClockPause, StageRun
from chengzhi.workorders.models.orders import WorkOrder
from chengzhi.workorders.models.settings import RoutingRule, SavedView

__all__ = [
    "ClockPause",
    "RoutingRule",
    "SavedView",
    "StageRun",
    "WorkOrder",
]
