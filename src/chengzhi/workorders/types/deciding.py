"""What a decision rests on: condition rows and facts."""

from dataclasses import dataclass

from chengzhi.workorders.types.endings import ClosingResult, ForcedEnd
from chengzhi.workorders.types.words import Channel


@dataclass(frozen=True, kw_only=True)
class Condition:
    """A row of the handling standard, frozen into the record when the work order is filed."""

    scheme: str
    number: int
    filing_condition: str
    closing_condition: str
    limit_amount: int
    limit_unit: str
    limit_text: str
    source: str
    handler_kind: str = ""
    limit_rules: str = ""  # start, roll and day end, where they are not the usual ones


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a guard may ask: the record as it stands, and what the deed brings."""

    channel: str = Channel.COLLECTOR
    needs_verification: bool = False
    located: bool = True  # the point lies in a town of the county
    confirmed_finding: bool = False
    verification: str = ""
    condition_number: int = 0
    handler: str = ""
    handled_by: str = ""
    returned_by: frozenset[str] = frozenset()
    master: int = 0
    suspended_from: str = ""
    needs_confirmation: bool = False  # supervised, and no leader has confirmed its end
    insisted_on: frozenset[str] = frozenset()  # units it was sent back to despite a return
    filing_returns: int = 0  # by the dispatcher to the duty manager
    acceptance_returns: int = 0  # by the duty manager to the acceptance officer
    rechecks: int = 0  # by the duty manager to the collector
    on_the_spot: bool = False  # the collector handled it (现场处置)
    camera_saw_gone: bool = False  # the same camera saw it gone after it was handled
    reported_by: str = ""
    has_referral: bool = False
    master_state: str = ""  # of the order it was merged into
    # what the deed brings
    actor: str = ""
    actor_unit: str = ""
    by_centre: bool = False  # the supervision centre writes it down for somebody in the field
    reason: str = ""
    suspension_granted: bool = False
    photo_roles: frozenset[str] = frozenset()
    unit: str = ""  # the unit a dispatch names
    unit_known: bool = False
    chosen: Condition | None = None
    assignee: str = ""
    assignee_known: bool = False
    nobody: str = ""  # why the beats name no collector
    target: "MasterFacts | None" = None
    by_leader: bool = False
    reason_code: str = ""
    reasons_known: frozenset[str] = frozenset()
    in_window: bool = True  # the acceptance limit of the task has not run out
    ending: ForcedEnd | None = None
    result: str = ClosingResult.RESOLVED
    control: str = ""  # the control area or window that it lies in, in a sentence


@dataclass(frozen=True, kw_only=True)
class MasterFacts:
    """The work order into which another is to be merged."""

    id: int
    code: str
    state: str
    is_same: bool
