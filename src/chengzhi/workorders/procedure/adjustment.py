"""延期, 缓办, 挂账: asked by the unit, approved by two people (anchors_civic.md 6.7)."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.rules import adjusting as g
from chengzhi.workorders.types.adjustments import ADJUSTMENT_STATES, AdjustmentState

TWO_LEVELS = "延期、缓办、挂账两级审批（domain.md 1.4、1.5）"
RESTED = frozenset(
    {
        AdjustmentState.GRANTED,
        AdjustmentState.REFUSED,
        AdjustmentState.WITHDRAWN,
        AdjustmentState.CANCELLED,
    }
)
ASKED, FIRST = AdjustmentState.ASKED, AdjustmentState.FIRST_APPROVED
REPLY = "extension_reply"
FIRST_LEVEL = frozenset({Role.SQUAD_LEADER, Role.DISPATCHER})
SECOND_LEVEL = frozenset({Role.DUTY_MANAGER, Role.LEADER})
ASKERS = frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER, Role.DISPATCHER})

ADJUSTMENT = Procedure(
    name="adjustment",
    label="延期、缓办、挂账审批",
    version="2026.1",
    initial=ASKED,
    final=frozenset(RESTED),
    states=dict(ADJUSTMENT_STATES),
    steps=(
        Step(name="first_approve", label="初审同意", source=ASKED, target=FIRST,
             role=Role.SQUAD_LEADER, basis=TWO_LEVELS, limit=REPLY,
             guards=(g.own_squad, g.not_own_request)),
        Step(name="grant", label="批准", source=FIRST, target=AdjustmentState.GRANTED,
             role=Role.DUTY_MANAGER, basis=TWO_LEVELS,
             guards=(g.not_own_request, g.second_person, g.within_quota, g.still_ahead)),
        Step(name="refuse", label="不批准", source=ASKED, target=AdjustmentState.REFUSED,
             role=Role.SQUAD_LEADER, basis=TWO_LEVELS,
             guards=(g.own_squad, g.not_own_request, g.reason_given)),
        Step(name="refuse", label="不批准", source=FIRST, target=AdjustmentState.REFUSED,
             role=Role.DUTY_MANAGER, basis=TWO_LEVELS,
             guards=(g.not_own_request, g.reason_given)),
        Step(name="take_back", label="撤回申请", source=ASKED, target=AdjustmentState.WITHDRAWN,
             role=Role.HANDLER, basis=TWO_LEVELS, guards=(g.by_asking_unit,)),
        Step(name="take_back", label="撤回申请", source=FIRST, target=AdjustmentState.WITHDRAWN,
             role=Role.HANDLER, basis=TWO_LEVELS, guards=(g.by_asking_unit,)),
        Step(name="cancel_request", label="自动取消", source=ASKED,
             target=AdjustmentState.CANCELLED, role=Role.SYSTEM, basis=TWO_LEVELS,
             guards=(g.reason_given,)),
        Step(name="cancel_request", label="自动取消", source=FIRST,
             target=AdjustmentState.CANCELLED, role=Role.SYSTEM, basis=TWO_LEVELS,
             guards=(g.reason_given,)),
    ),
)  # fmt: skip


def adjusters(step: Step) -> tuple[Role, ...]:
    """Return who may take a step of a request: the role of the table first, then the others."""
    first = Role(step.role)
    also = {
        Role.SQUAD_LEADER: FIRST_LEVEL,
        Role.DUTY_MANAGER: SECOND_LEVEL,
        Role.HANDLER: ASKERS,
    }.get(first, frozenset())
    return (first, *sorted(also - {first}))
