"""超时申诉: the fact stays, the statistic may leave it out (domain.md 1.5)."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.rules import appealing as g
from chengzhi.workorders.types.appeals import APPEAL_STATES, AppealState

TWO_REVIEWS = "超时申诉：派遣员初审、受理员或值班长终审，原始超时保留（domain.md 1.5）"
LODGED, SUPPORTED = AppealState.LODGED, AppealState.SUPPORTED
UNIT = frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER})
FINAL_REVIEW = frozenset({Role.DUTY_MANAGER, Role.ACCEPTANCE_OFFICER})
REPLY = "extension_reply"

APPEAL = Procedure(
    name="appeal",
    label="超时申诉",
    version="2026.1",
    initial=LODGED,
    final=frozenset({AppealState.UPHELD, AppealState.DISMISSED, AppealState.DROPPED}),
    states=dict(APPEAL_STATES),
    steps=(
        Step(name="support", label="初审通过", source=LODGED, target=SUPPORTED,
             role=Role.DISPATCHER, basis=TWO_REVIEWS, limit=REPLY, guards=(g.not_own_unit,)),
        Step(name="dismiss", label="不成立", source=LODGED, target=AppealState.DISMISSED,
             role=Role.DISPATCHER, basis=TWO_REVIEWS, guards=(g.not_own_unit, g.reason_given)),
        Step(name="uphold", label="成立，不计考核", source=SUPPORTED, target=AppealState.UPHELD,
             role=Role.DUTY_MANAGER, basis=TWO_REVIEWS,
             guards=(g.not_own_unit, g.second_person)),
        Step(name="dismiss", label="不成立", source=SUPPORTED, target=AppealState.DISMISSED,
             role=Role.DUTY_MANAGER, basis=TWO_REVIEWS,
             guards=(g.not_own_unit, g.second_person, g.reason_given)),
        Step(name="drop", label="撤回申诉", source=LODGED, target=AppealState.DROPPED,
             role=Role.HANDLER, basis=TWO_REVIEWS, guards=(g.own_lateness,)),
        Step(name="drop", label="撤回申诉", source=SUPPORTED, target=AppealState.DROPPED,
             role=Role.HANDLER, basis=TWO_REVIEWS, guards=(g.own_lateness,)),
    ),
)  # fmt: skip


def reviewers(step: Step) -> tuple[Role, ...]:
    """Return who may take a step of an appeal."""
    first = Role(step.role)
    also = {Role.HANDLER: UNIT, Role.DUTY_MANAGER: FINAL_REVIEW}.get(first, frozenset())
    return (first, *sorted(also - {first}))
