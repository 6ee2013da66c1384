"""催办 and 督办: a notice is acknowledged and answered, or revoked (domain.md 1.5)."""

from chengzhi.accounts.types import Role
from chengzhi.kernel.procedure import Procedure, Step
from chengzhi.workorders.rules import noticing as g
from chengzhi.workorders.types.notices import NOTICE_STATES, NoticeState

SUPERVISION = "督办是有自己期限的通知，不是案件状态（domain.md 1.5）"
UNIT = frozenset({Role.HANDLER, Role.SQUAD_LEADER, Role.TOWN_OFFICER})
ISSUERS = frozenset({Role.DUTY_MANAGER, Role.DISPATCHER, Role.LEADER})

NOTICE = Procedure(
    name="notice",
    label="催办、督办",
    version="2026.1",
    initial=NoticeState.ISSUED,
    final=frozenset({NoticeState.REPLIED, NoticeState.REVOKED}),
    states=dict(NOTICE_STATES),
    steps=(
        Step(name="acknowledge", label="签收", source=NoticeState.ISSUED,
             target=NoticeState.ACKNOWLEDGED, role=Role.HANDLER, basis=SUPERVISION,
             guards=(g.to_own_unit,)),
        Step(name="reply", label="回复", source=NoticeState.ISSUED, target=NoticeState.REPLIED,
             role=Role.HANDLER, basis=SUPERVISION, guards=(g.to_own_unit, g.something_said)),
        Step(name="reply", label="回复", source=NoticeState.ACKNOWLEDGED,
             target=NoticeState.REPLIED, role=Role.HANDLER, basis=SUPERVISION,
             guards=(g.to_own_unit, g.something_said)),
        Step(name="revoke", label="撤销", source=NoticeState.ISSUED, target=NoticeState.REVOKED,
             role=Role.DUTY_MANAGER, basis=SUPERVISION, guards=(g.something_said,)),
        Step(name="revoke", label="撤销", source=NoticeState.ACKNOWLEDGED,
             target=NoticeState.REVOKED, role=Role.DUTY_MANAGER, basis=SUPERVISION,
             guards=(g.something_said,)),
    ),
)  # fmt: skip


def notifiers(step: Step) -> tuple[Role, ...]:
    """Return who may take a step of a notice."""
    first = Role(step.role)
    also = UNIT if first is Role.HANDLER else ISSUERS
    return (first, *sorted(also - {first}))
