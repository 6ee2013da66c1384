"""Words and values of the work order (监督案件)."""

from chengzhi.workorders.types.clocks import (
    CLOCK_LABELS,
    EFFECT_LABELS,
    STATE_CLOCKS,
    Clock,
    Effect,
    Leaving,
    Occasion,
)
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
    "CLOCK_LABELS",
    "Channel",
    "Check",
    "Clock",
    "Condition",
    "Contact",
    "EFFECT_LABELS",
    "Effect",
    "FINAL_STATES",
    "Facts",
    "Filters",
    "FindingEvidence",
    "Leaving",
    "MasterFacts",
    "Nearby",
    "OPEN_STATES",
    "Occasion",
    "Page",
    "PhotoRef",
    "Record",
    "Report",
    "Reported",
    "RoutingRow",
    "Row",
    "RuleBook",
    "RuleCard",
    "STATE_CLOCKS",
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
