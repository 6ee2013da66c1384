"""How a work order ended: closed is not the same as fixed (anchors_civic 4, pain 9)."""

from dataclasses import dataclass
from enum import StrEnum

from chengzhi.workorders.types.fieldwork import ReferralCard


class ClosingResult(StrEnum):
    """What became of the problem when its work order was closed (结案结果)."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    NOT_OURS = "not_ours"
    REFERRED = "referred"


CLOSING_RESULT_LABELS: dict[str, str] = {
    ClosingResult.RESOLVED: "已解决",
    ClosingResult.UNRESOLVED: "未解决",
    ClosingResult.NOT_OURS: "非本局职责",
    ClosingResult.REFERRED: "已移送执法",
}


class ClosingBasis(StrEnum):
    """On what a work order was closed (结案依据)."""

    CHECKED = "checked"
    FORCED = "forced"
    POLICY = "policy"
    MASTER = "master"
    IMPORTED = "imported"  # another system says so


CLOSING_BASIS_LABELS: dict[str, str] = {
    ClosingBasis.CHECKED: "核查通过",
    ClosingBasis.FORCED: "强制结案",
    ClosingBasis.POLICY: "现场处置办法",
    ClosingBasis.MASTER: "随主案结案",
    ClosingBasis.IMPORTED: "原系统已办结",
}


@dataclass(frozen=True, kw_only=True)
class ForcedEnd:
    """What whoever forces a close must say: why, whether it is fixed, and what became of it."""

    result: ClosingResult
    is_condition_met: bool | None  # the closing condition; None is not an answer
    reason: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """Another work order that a record page leads to."""

    id: int
    code: str
    state_label: str


class ReferralState(StrEnum):
    """Whether enforcement has answered a referral."""

    SENT = "sent"
    ANSWERED = "answered"


REFERRAL_STATE_LABELS: dict[str, str] = {
    ReferralState.SENT: "已移送，待答复",
    ReferralState.ANSWERED: "已答复",
}


@dataclass(frozen=True, kw_only=True)
class Ties:
    """How a work order ended, what it is tied to, and what was sent back or overridden."""

    result_label: str
    basis_label: str
    condition_met: str  # "yes", "no", or empty where nobody had to say
    origin: Link | None
    repeats: tuple[Link, ...]
    duplicates: tuple[Link, ...]
    bundle: tuple[int, str] | None
    referrals: tuple[ReferralCard, ...]
    policy: str  # the on-the-spot policy, by its title and number
    control: str  # the warning that holds now, while it is not filed
    control_note: str  # the warning that filing overrode, and why
    return_reason_label: str

    @property
    def is_referred(self) -> bool:
        """Whether it was referred to enforcement and not turned down."""
        return any(referral.is_taken is not False for referral in self.referrals)
