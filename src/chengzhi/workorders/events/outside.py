"""What happens to work orders that came in by Open311."""

from dataclasses import dataclass

from chengzhi.kernel.events import event


@event(
    "workorders.outside-received",
    label="开放接口来件",
    say="经开放接口由 {sender_name} 报来；{attributes_text}{place_note}",
)
@dataclass(frozen=True, kw_only=True)
class OutsideReceived:
    code: str
    sender: str
    sender_name: str
    attributes_text: str
    place_note: str
    has_media_url: bool


@event("workorders.outside-updated", label="报告人补充", say="报告人经开放接口补充：“{text}”")
@dataclass(frozen=True, kw_only=True)
class OutsideUpdated:
    code: str
    sender: str
    text: str
    client_ref: str
