"""The procedures of the context: one module each."""

from chengzhi.workorders.procedure.whistle import ANSWER, WHISTLE
from chengzhi.workorders.procedure.work_order import (
    ALSO,
    CAN,
    CAN_LABELS,
    CAN_ROLES,
    CENTRE,
    PROCEDURE,
    STAGE_LIMITS,
    roles_for,
)

__all__ = [
    "ANSWER",
    "ALSO",
    "CAN",
    "CAN_LABELS",
    "CAN_ROLES",
    "CENTRE",
    "PROCEDURE",
    "STAGE_LIMITS",
    "WHISTLE",
    "roles_for",
]
