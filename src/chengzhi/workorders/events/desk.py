"""What people say to each other on a work order."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event("workorders.mentioned", label="提到", say="提到 {person_name}：{text}")
@dataclass(frozen=True, kw_only=True)
class WorkOrderMentioned:
    code: str
    person: str
    person_name: str
    text: str
