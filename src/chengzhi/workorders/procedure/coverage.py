"""错区域: a version of the coverage plan, from the draft to the one that replaces it."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.rules import coverage as g
from chengzhi.workorders.types.coverage import PLAN_LABELS, PlanState

BASIS = "错区域管理办法（县内制度，domain.md 4.13）"
COVERAGE = Procedure(
    name="coverage plan",
    label="错区域计划",
    version="2026.1",
    initial=PlanState.PLANNED,
    final=frozenset({PlanState.REPLACED}),
    states=dict(PLAN_LABELS),
    steps=(
        Step(
            name="activate",
            label="启用",
            source=PlanState.PLANNED,
            target=PlanState.ACTIVE,
            role=Role.DUTY_MANAGER,
            basis=BASIS,
            guards=(g.zones_drawn, g.no_grid_twice, g.starts_in_time, g.follows_the_active),
        ),
        Step(
            name="discard",
            label="弃用",
            source=PlanState.PLANNED,
            target=PlanState.REPLACED,
            role=Role.DUTY_MANAGER,
            basis=BASIS,
        ),
        Step(
            name="replace",
            label="接替",
            source=PlanState.ACTIVE,
            target=PlanState.REPLACED,
            role=Role.DUTY_MANAGER,
            basis=BASIS,
        ),
    ),
)
COVERAGE_ALSO: dict[str, frozenset[Role]] = {
    "activate": frozenset({Role.LEADER}),
    "discard": frozenset({Role.DISPATCHER, Role.ADMINISTRATOR}),
    "replace": frozenset({Role.LEADER}),
}
PLANNERS = frozenset({Role.DUTY_MANAGER, Role.DISPATCHER, Role.ADMINISTRATOR})


def coverage_roles(step: Step) -> tuple[Role, ...]:
    """Return who may take a step: the role the table names first, then the others."""
    return (Role(step.role), *sorted(COVERAGE_ALSO.get(step.name, frozenset()) - {Role(step.role)}))
