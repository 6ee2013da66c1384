"""The procedures of the context: one module each."""

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
    "ALSO",
    "CAN",
    "CAN_LABELS",
    "CAN_ROLES",
    "CENTRE",
    "PROCEDURE",
    "STAGE_LIMITS",
    "roles_for",
]
