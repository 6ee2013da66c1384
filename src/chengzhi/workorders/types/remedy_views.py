"""A remedy as lists, its page and the fund's ledger show it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class RemedyRow:
    """One remedy in a list."""

    id: int
    code: str
    state: str
    state_label: str
    kind: str
    kind_label: str
    track: str
    track_label: str
    is_hazard: bool
    town: str
    town_name: str
    address: str
    contractor_name: str
    registered_at: datetime
    solved_at: datetime | None
    due_at: datetime | None
    late: tuple[str, ...]
    budget_fen: int
    settled_fen: int
    lon: float
    lat: float


@dataclass(frozen=True, kw_only=True)
class RemedyPage:
    """A page of remedies by key."""

    rows: tuple[RemedyRow, ...]
    count: int
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class SearchLine:
    """Where an owner was looked for, by whom, with what result."""

    source: str
    source_label: str
    found: bool
    result: str
    by_name: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MeetingLine:
    """One responsibility meeting (责任认定会)."""

    held_on: date
    attendees: str
    opinions: str
    conclusion: str
    conclusion_label: str
    by_name: str


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One payment of the obligor."""

    paid_on: date
    amount_fen: int
    payer: str
    receipt: str


@dataclass(frozen=True, kw_only=True)
class RemedyAction:
    """A deed that the reader may do, or sees locked with its reasons."""

    name: str
    label: str
    basis: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrackCard:
    """One legal way, with what stands against it now (the wizard)."""

    track: str
    label: str
    basis: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RemedyRecord:
    """Everything the page of one remedy shows, but its files and its timeline."""

    row: RemedyRow
    subject: str
    description: str
    component_code: str
    work_order: tuple[int, str] | None
    created_by_name: str
    fence_due_at: datetime | None
    fenced_at: datetime | None
    search_due_at: datetime
    solve_due_at: datetime
    obligor_name: str  # masked for those who may not see it
    obligor_basis: str
    notice_on: date | None
    notice_ends_on: date | None
    notice_media: str
    is_notarized: bool
    approved_by_name: str
    approved_at: datetime | None
    ordered_on: date | None
    perform_by: date | None
    demanded_on: date | None
    consequence_label: str
    performer_name: str
    perform_on: date | None
    remind_by: date | None
    reminded_on: date | None
    immediate_label: str
    notify_due_at: datetime | None
    notified_at: datetime | None
    work_text: str
    quantity: str
    supervisors: str
    signatures: str
    work_started_at: datetime | None
    work_finished_at: datetime | None
    settled_at: datetime | None
    claimed_on: date | None
    pay_due_at: datetime | None
    recovered_fen: int
    last_reason: str
    searches: tuple[SearchLine, ...]
    missing_sources: tuple[str, ...]
    meetings: tuple[MeetingLine, ...]
    payments: tuple[PaymentLine, ...]
    tracks: tuple[TrackCard, ...]
    actions: tuple[RemedyAction, ...]
    capabilities: frozenset[str]
    is_final: bool


@dataclass(frozen=True, kw_only=True)
class RemedyRates:
    """The two published rates (双百), and what they rest on."""

    counts: dict[str, int]
    mean_cost_fen: int | None
    claimed_fen: int
    recovered_fen: int

    def _share(self, part: str) -> float | None:
        whole = self.counts["registered"]
        return self.counts[part] / whole if whole else None

    @property
    def solved(self) -> float | None:
        """解决率: solved of registered."""
        return self._share("solved")

    @property
    def solved_on_time(self) -> float | None:
        """及时解决率: solved within the limit, of registered."""
        return self._share("solved_on_time")

    @property
    def recovery(self) -> float | None:
        """追偿率: recovered of claimed."""
        return self.recovered_fen / self.claimed_fen if self.claimed_fen else None


@dataclass(frozen=True, kw_only=True)
class FundLineRow:
    """One line of the fund's ledger."""

    id: int
    at: datetime
    kind: str
    kind_label: str
    amount_fen: int
    remedy: int | None
    code: str
    note: str
    by_name: str


@dataclass(frozen=True, kw_only=True)
class Fund:
    """The fund of one year: what came in, is bound, went out, came back."""

    year: int
    granted_fen: int
    committed_fen: int
    spent_fen: int
    recovered_fen: int

    @property
    def left_fen(self) -> int:
        """What may still be bound."""
        return self.granted_fen - self.committed_fen - self.spent_fen
