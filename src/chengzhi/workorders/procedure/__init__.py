"""The procedures of the context: one module each."""

from chengzhi.workorders.procedure.adjustment import ADJUSTMENT, adjusters
from chengzhi.workorders.procedure.appeal import APPEAL, reviewers
from chengzhi.workorders.procedure.coverage import COVERAGE
from chengzhi.workorders.procedure.notice import NOTICE, notifiers
from chengzhi.workorders.procedure.remedy import REMEDY
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
    "ADJUSTMENT",
    "ALSO",
    "APPEAL",
    "CAN",
    "CAN_LABELS",
    "CAN_ROLES",
    "CENTRE",
    "NOTICE",
    "PROCEDURE",
    "STAGE_LIMITS",
    "COVERAGE",
    "REMEDY",
    "WHISTLE",
    "adjusters",
    "notifiers",
    "reviewers",
    "roles_for",
]
