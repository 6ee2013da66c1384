"""The return matrix: who may send an order back to whom, and why."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class ReturnReason:
    """One reason for a return; `fault` names the stage whose accuracy it counts against."""

    code: str
    label: str
    fault: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, kw_only=True)
class ReturnRow:
    """One row of the matrix: a step backwards, from whom to whom, and what the receiver may not."""

    step: str
    from_state: str
    to_state: str
    from_role: str
    to_role: str
    reasons: tuple[str, ...]
    is_once: bool
    receiver_may_not: str
    source: str
    valid_from: date
    valid_to: date | None
