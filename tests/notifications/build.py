"""Messages as the tests send them, and machines that answer as they are told."""

from datetime import datetime
from typing import Any

from chengzhi.notifications.commands.notify import notify
from chengzhi.notifications.models import Delivery
from chengzhi.notifications.tasks.adapters import Undeliverable
from chengzhi.notifications.types import Outgoing

FACTS = {
    "code": "象城案〔2026〕12",
    "matter_name": "暴露垃圾",
    "address": "靖南大街126号",
    "due_text": "11-25 16:30",
    "unit_name": "丹东中队",
    "state_label": "处置中",
}


def tell(*to: str, now: datetime, template: str = "task-dispatched", **changes: Any) -> int:
    said = {"facts": FACTS, "subject": "workorder:12", "key": "event:1", "county": "330225"}
    return notify(template=template, to=to, now=now, **{**said, **changes})


def written() -> list[tuple[str, str, str]]:
    return list(
        Delivery.objects.order_by("recipient", "medium").values_list("recipient", "medium", "state")
    )


class Gateway:
    """Takes what it is given, except from those whom it refuses or who make it fail."""

    def __init__(self, *, failing: tuple[str, ...] = (), refusing: tuple[str, ...] = ()) -> None:
        self.failing, self.refusing = failing, refusing
        self.taken: list[Outgoing] = []
        self.asked: list[str] = []

    def send(self, message: Outgoing) -> None:
        self.asked.append(message.address)
        if message.address in self.failing:
            raise ConnectionError(f"no answer for {message.address}")
        if message.address in self.refusing:
            raise Undeliverable("空号")
        self.taken.append(message)
