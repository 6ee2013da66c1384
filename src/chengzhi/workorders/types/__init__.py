"""Words and values of the work order (监督案件)."""

from chengzhi.workorders.types.deciding import (
    Condition,
    Facts,
    MasterFacts,
    RoutingRow,
    RuleBook,
    RuleCard,
    Suggestion,
)
from chengzhi.workorders.types.numbers import (
    SourceCount,
    Totals,
)
from chengzhi.workorders.types.reading import (
    Contact,
    Filters,
    Page,
    Row,
    SpotLine,
)
from chengzhi.workorders.types.records import (
    Action,
    Record,
    Stage,
)
from chengzhi.workorders.types.reports import (
    FindingEvidence,
    Nearby,
    PhotoRef,
    Report,
    Reported,
)
from chengzhi.workorders.types.words import (
    CHANNEL_LABELS,
    CHECK_LABELS,
    FINAL_STATES,
    OPEN_STATES,
    STATE_LABELS,
    VERIFICATION_LABELS,
    Channel,
    Check,
    State,
    Verification,
)

__all__ = [
    "Action",
    "CHANNEL_LABELS",
    "CHECK_LABELS",
    "Channel",
    "Check",
    "Condition",
    "Contact",
    "FINAL_STATES",
    "Facts",
    "Filters",
    "FindingEvidence",
    "MasterFacts",
    "Nearby",
    "OPEN_STATES",
    "Page",
    "PhotoRef",
    "Record",
    "Report",
    "Reported",
    "RoutingRow",
    "Row",
    "RuleBook",
    "RuleCard",
    "STATE_LABELS",
    "SourceCount",
    "SpotLine",
    "Stage",
    "State",
    "Suggestion",
    "Totals",
    "VERIFICATION_LABELS",
    "Verification",
]
