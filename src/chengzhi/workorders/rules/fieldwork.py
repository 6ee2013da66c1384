"""Who may read and change what the field works by: beats, control areas, on-the-spot policies."""

from chengzhi.accounts.types import Role

READERS = (
    Role.COLLECTOR,
    Role.ACCEPTANCE_OFFICER,
    Role.DUTY_MANAGER,
    Role.DISPATCHER,
    Role.LEADER,
    Role.EVALUATOR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
BEAT_WRITERS = (Role.ADMINISTRATOR, Role.DUTY_MANAGER)
CONTROL_WRITERS = (Role.ADMINISTRATOR, Role.DUTY_MANAGER)
POLICY_WRITERS = (Role.LEADER,)  # what stands for a decision is published by who answers for it
