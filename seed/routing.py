"""Who handles what in the demo county, as routing rules."""

from datetime import datetime

from chengzhi.accounts.types import Actor
from chengzhi.workorders.commands.routing import add_routing_rule

RULES = (  # handler kind, unit, note
    ("sanitation", "D01", "环卫作业"),
    ("municipal", "D02", "市政设施养护"),
    ("landscaping", "D02", "园林绿化养护"),
    ("housing", "D03", "住建部门"),
    ("transport", "D04", "交通运输部门"),
    ("traffic", "D04", "交通部门"),
    ("utility", "D05", "管线权属单位"),
)


def settle(*, actor: Actor, now: datetime) -> None:
    """Write the rules; whatever they leave open goes to the squad of the patrol grid."""
    for kind, unit, note in RULES:
        add_routing_rule(unit=unit, handler_kind=kind, note=note, actor=actor, now=now)
