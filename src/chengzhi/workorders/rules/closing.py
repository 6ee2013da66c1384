"""The closing condition as a list to go through: what was frozen at filing is what is checked."""

import re
from collections.abc import Sequence

from chengzhi.kernel.procedure import StepNotAllowed

_BETWEEN = re.compile(r"[、；;，,]\s*")


def closing_items(condition: str) -> tuple[str, ...]:
    """Return the parts of a closing condition (结案条件), each once, in order."""
    parts = (part.strip(" 。") for part in _BETWEEN.split(condition))
    return tuple(dict.fromkeys(part for part in parts if part))


def require_confirmed(condition: str, confirmed: Sequence[str], *, reason: str) -> None:
    """Refuse to pass a check of which a part was neither seen nor explained (GB/T 30428.8).

    :raises StepNotAllowed: nothing was confirmed, or something is open and no reason is given.
    """
    items = closing_items(condition)
    unknown = [item for item in confirmed if item not in items]
    if unknown:
        raise StepNotAllowed(f"“{unknown[0]}”不是本案立案时的结案条件，请刷新页面后重新勾选。")
    left = [item for item in items if item not in confirmed]
    if items and not confirmed:
        raise StepNotAllowed(f"结案条件“{condition}”没有确认，请到现场逐项核对后勾选。")
    if left and not reason.strip():
        raise StepNotAllowed(
            f"结案条件中的“{'、'.join(left)}”没有勾选，请勾选；不适用的，请写明原因。"
        )
