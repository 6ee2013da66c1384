"""What the clocks say by themselves."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.stage-badly-late",
    label="严重超期",
    say="“{state_label}”已用满三倍时限，原定 {due_text} 到期",
)
@dataclass(frozen=True, kw_only=True)
class StageBadlyLate:
    code: str
    state: str
    state_label: str
    unit: str
    due_at: str
    due_text: str
