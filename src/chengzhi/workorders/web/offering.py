"""Which forms a record offers: the next deed's, and one for everything else that may be done."""

from dataclasses import dataclass

from chengzhi.workorders.procedure import CAN_LABELS
from chengzhi.workorders.types import Record

PLACE = "workorders"
# Deeds whose form stands elsewhere on the page: in the next deed's, beside the facts or files.
PLACED = frozenset(
    {
        "appeal",
        "attach",
        "check_fail",
        "check_unable",
        "comment",
        "not_duplicate",
        "show_reporter",
        "spot_fail",
        "verify_absent",
        "verify_unable",
    }
)


@dataclass(frozen=True, kw_only=True)
class DeedForm:
    """One button that unfolds into a form; `templates` are looked up in this order."""

    name: str
    label: str
    slug: str
    templates: tuple[str, ...]


def next_form(found: Record) -> tuple[str, ...]:
    """Return the form of the next deed, or who has to do it."""
    waits = f"{PLACE}/next/_wait.html"
    if found.next_action is None or not found.next_action.is_open:
        return (waits,)
    return (f"{PLACE}/next/{found.next_action.name}.html", waits)


def forms_of(found: Record) -> list[DeedForm]:
    """Return what else may be done: steps in the order of the table, then other deeds."""
    forward = found.next_action.name if found.next_action and found.next_action.is_open else ""
    steps = {action.name: action.label for action in found.actions if action.is_open}
    others = {name: CAN_LABELS[name] for name in CAN_LABELS if name in found.capabilities}
    offered = {**steps, **others}
    return [
        _form(name, label)
        for name, label in offered.items()
        if name not in PLACED and name != forward
    ]


def _form(name: str, label: str) -> DeedForm:
    own, plain = f"{PLACE}/deeds/{name}.html", f"{PLACE}/parts/reason_deed.html"
    return DeedForm(name=name, label=label, slug=name.replace("_", "-"), templates=(own, plain))
